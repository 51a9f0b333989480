import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { concat, fixedClock, generateSigningKey, HOUR_MS, type Json, type SigningKey, utf8 } from '#core';
import { thresholdParameters } from '#encryption';
import {
  type AnyMessage,
  cardHashOf,
  defaultPolicy,
  openFromCard,
  PLATFORM,
  type RosterMember,
  signMessage,
  type TaskCard,
  type TaskState,
} from '#federation';
import { DAY_AHEAD_RIDGE, statisticOf } from '#forecasting';
import { appendEntry, type TranscriptEntry } from '#transcript';
import { ownMoments, ridgeStatistic } from '../forecasting/site-statistic.ts';
import type { SiteNode } from '../node/node.ts';
import { publicIdentity, SiteDirectory, trustFile } from '../node/site-directory.ts';
import { CohortPins } from './cohort-pins.ts';
import { DUTIES } from './duties.ts';
import { FederationLoop } from './federation-loop.ts';
import { Outbox } from './outbox.ts';

interface Listed {
  readonly id: string;
  readonly cardHash: string;
  readonly entries: TranscriptEntry[];
}

const nothing = async () => new Float64Array();

const deal = (digit: string, count: number) => ({
  shares: Array.from({ length: count }, () => ({ blob: digit.repeat(64), bytes: 200 })),
});

/** A platform that answers as it likes, and what the node said to it. */
class HostilePlatform {
  readonly traffic = {};
  readonly tasks: Listed[] = [];
  readonly said: AnyMessage[] = [];
  readonly blobs = new Map<string, Uint8Array>();

  async request(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
    const task = this.tasks.find(({ id }) => id === variables['taskId']);
    if (query.includes('query Tasks')) {
      return { tasks: { edges: this.tasks.map(({ id, cardHash }) => ({ node: { id, cardHash } })) } };
    }
    if (query.includes('query Transcript')) {
      return { transcript: task!.entries.slice((variables['after'] as number) + 1) };
    }
    if (query.includes('mutation Decline')) return { declineTask: { declinedAt: '' } };
    this.said.push(variables['message'] as AnyMessage);
    task!.entries.push(await appendEntry(task!.entries.at(-1)!, variables['message'] as AnyMessage));
    return { postMessage: { index: 1 } };
  }

  async putBlob(): Promise<void> {
    // Whatever it is, it is out of the site now.
  }

  async getBlob(sha256: string): Promise<Uint8Array> {
    return this.blobs.get(sha256)!;
  }
}

describe('a node before a platform that deviates', () => {
  const TASK = '00000000-0000-4000-8000-000000000001';
  let workspace: string;
  let platform: HostilePlatform;
  let platformKey: SigningKey;
  let node: SiteNode;
  let roster: RosterMember[];
  let events: { event: string; facts: object }[];
  let values: number[];

  beforeEach(async () => {
    workspace = mkdtempSync(join(tmpdir(), 'gridcommons-hostile-'));
    platform = new HostilePlatform();
    platformKey = await generateSigningKey();
    events = [];
    values = Array.from({ length: 24 * 28 }, (_, i) => 2 + Math.sin(i * i));
    roster = [];
    const identities = [];
    for (let i = 0; i < 7; i++) {
      const identity = await new SiteDirectory(join(workspace, `site-${i}`)).identity();
      const known = await publicIdentity(identity, `LEI-${i}`);
      identities.push(known);
      const { legalId, signingKey, agreementKey } = known;
      roster.push({ organisation: `org-${i}`, legalId, signingKey, agreementKey });
    }
    const directory = new SiteDirectory(join(workspace, 'site-0'));
    writeFileSync(join(workspace, 'trust.json'), trustFile(identities));
    await directory.addTrust(join(workspace, 'trust.json'));
    node = {
      directory,
      identity: await directory.identity(),
      enrolment: { organisationId: 'org-0', legalId: 'LEI-0', platformKey: platformKey.publicKey },
      client: platform,
      readings: {
        columns: async () => ['load_kwh'],
        resolutions: async () => new Map([['load_kwh', HOUR_MS]]),
        regular: async (_: string, { startMs }: { startMs: number }) => ({
          resolutionMs: HOUR_MS,
          startMs,
          values: Float64Array.from(values),
        }),
      },
      clock: fixedClock(Date.UTC(2026, 5, 1)),
      report: (event: string, facts: object = {}) => void events.push({ event, facts }),
    } as unknown as SiteNode;
  });

  afterEach(() => rmSync(workspace, { recursive: true }));

  const cardOf = (changes: Partial<TaskCard> = {}, members = roster.slice(0, 4)): TaskCard => {
    return {
      format: 'gridcommons/card/3',
      taskId: TASK,
      issuedAt: '2026-05-01T00:00:00Z',
      platformKey: platformKey.publicKey,
      model: { kind: 'one-shot-ridge', ...DAY_AHEAD_RIDGE },
      learning: null,
      data: {
        series: ['load_kwh'],
        zone: 'Europe/Berlin',
        train: { start: '2026-02-01T00:00:00Z', end: '2026-02-15T00:00:00Z' },
        validation: { start: '2026-02-15T00:00:00Z', end: '2026-03-01T00:00:00Z' },
      },
      encryption: thresholdParameters({
        values: statisticOf(DAY_AHEAD_RIDGE).count(DAY_AHEAD_RIDGE),
        lanes: 1,
        fractionBits: 20,
        maxSites: 16,
      }),
      release: defaultPolicy(members),
      windows: { keys: 60, upload: 60, answer: 60 },
      privacy: null,
      roster: members,
      ...changes,
    };
  };

  const signedCard = async (card: TaskCard): Promise<AnyMessage> => {
    const [cardHash, payload] = [await cardHashOf(card), { card: card as unknown as Json }];
    const unsigned = { cardHash, round: 0, kind: 'card', sender: PLATFORM, payload } as const;
    return (await signMessage(unsigned, platformKey.privateKey)) as AnyMessage;
  };

  const list = async (card: TaskCard, id = card.taskId, cardHash?: string): Promise<void> => {
    const message = await signedCard(card);
    const entries = [await appendEntry(null, message)];
    platform.tasks.push({ id, cardHash: cardHash ?? message.cardHash, entries });
  };

  const steps = async (count: number): Promise<void> => {
    const loop = new FederationLoop(node);
    try {
      for (let i = 0; i < count; i++) await loop.step();
    } finally {
      loop.close();
    }
  };

  const refusals = () => events.filter(({ event }) => event === 'refused').map(({ facts }) => facts);

  it('deals once for a card that is listed as two tasks, or under two hashes', async () => {
    const card = cardOf();
    await list(card);
    await list(card, '00000000-0000-4000-8000-000000000002');
    await list(card, '00000000-0000-4000-8000-000000000003', 'f'.repeat(64));
    await steps(3);
    expect(platform.said.map(({ kind }) => kind)).toEqual(['deal']);
    expect(refusals()).toEqual([
      expect.objectContaining({ task: platform.tasks[2]!.id, code: 'TASK_MISMATCH' }),
      expect.objectContaining({ task: platform.tasks[1]!.id, code: 'TASK_MISMATCH' }),
    ]);
  });

  it('makes no folder outside its own for a card hash that is a path, and goes on with other tasks', async () => {
    const card = cardOf();
    await list(card);
    await list(card, '00000000-0000-4000-8000-000000000002', '../../elsewhere');
    await steps(2);
    expect(existsSync(join(workspace, 'elsewhere'))).toBe(false);
    expect(readdirSync(node.directory.file('federation'))).toEqual([await cardHashOf(card)]);
    expect(platform.said.map(({ kind }) => kind)).toEqual(['deal']);
  });

  it.each<[string, () => TaskCard]>([
    [
      'ROSTER_NAME',
      () => {
        const [first, ...others] = roster.slice(0, 4);
        const members = [first!, { ...others[0]!, organisation: 'x/../secret' }, ...others.slice(1)];
        return cardOf({}, members);
      },
    ],
    [
      'CARD_THRESHOLD_LOW',
      () => {
        const release = { ...defaultPolicy(roster), threshold: 2, quorum: 5 };
        return cardOf({ release }, roster);
      },
    ],
  ])('refuses with %s', async (code, card) => {
    await list(card());
    await steps(2);
    expect(platform.said).toEqual([]);
    expect(refusals()).toEqual([expect.objectContaining({ code })]);
  });

  it('asks its owner to pin the others, never itself, and joins as soon as that is done', async () => {
    const owner = node.directory.pins().slice(1, 4);
    writeFileSync(node.directory.file('trust.json'), JSON.stringify(owner.slice(0, 2)));
    await list(cardOf());
    const loop = new FederationLoop(node);
    try {
      for (let i = 0; i < 3; i++) await loop.step();
      expect(platform.said).toEqual([]);
      expect(refusals()).toEqual([
        expect.objectContaining({
          code: 'MEMBER_NOT_PINNED',
          reason: expect.stringContaining(owner[2]!.legalId),
        }),
      ]);
      writeFileSync(node.directory.file('trust.json'), JSON.stringify(owner));
      await loop.step();
    } finally {
      loop.close();
    }
    expect(platform.said.map(({ kind }) => kind)).toEqual(['deal']);
  });

  it('does not lend its organisation to the keys of another pinned member', async () => {
    const [own, other, ...rest] = roster.slice(0, 4) as [RosterMember, RosterMember, ...RosterMember[]];
    const swapped = [
      { ...other, organisation: own.organisation },
      { ...own, organisation: other.organisation },
      ...rest,
    ];
    await list(cardOf({}, swapped));
    await steps(2);
    expect(platform.said).toEqual([]);
    expect(refusals()).toEqual([expect.objectContaining({ code: 'OWN_ENTRY_OTHER' })]);
  });

  it.each<[string, unknown]>([
    ['no tasks', { tasks: null }],
    ['tasks that are none', { tasks: { edges: [null, 7] } }],
  ])('waits for a platform that answers with %s', async (_, answer) => {
    platform.request = async () => answer;
    const loop = new FederationLoop(node);
    await expect(loop.step()).rejects.toMatchObject({ code: 'ANSWER_MALFORMED', kind: 'unavailable' });
    loop.close();
  });

  it('refines nothing where its gaps leave no window whole, and learns from the sum all the same', async () => {
    const window = DAY_AHEAD_RIDGE.lookback + DAY_AHEAD_RIDGE.horizon;
    values = values.map((value, i) => (i % (window - 1) === 0 ? Number.NaN : value));
    const own = await ownMoments(node, cardOf(), 'load_kwh');
    expect(own.every((value) => value === 0)).toBe(true);
    expect((await ridgeStatistic(node, cardOf()))[0]).toBeGreaterThan(0);
  });

  it('adds nothing to a sum rather than hide nobody', async () => {
    // Of the two weeks of each part fewer values than one window has.
    values = values.map((value, i) => (i % 3 === 0 ? value : Number.NaN));
    await expect(ridgeStatistic(node, cardOf())).rejects.toMatchObject({ code: 'STATISTIC_EMPTY' });
  });

  it('adds the same vector whenever readings are summed again', async () => {
    const pins = () => new CohortPins(node.directory);
    const card = cardOf();
    const before = await ridgeStatistic(node, card);
    await pins().pin(card, 'a'.repeat(64), before);
    await pins().pin(card, 'a'.repeat(64), before);
    await pins().pin({ ...card, taskId: 'again' }, 'b'.repeat(64), before);
    values[3] = 9;
    const corrected = await ridgeStatistic(node, card);
    await expect(pins().pin(card, 'a'.repeat(64), corrected)).rejects.toMatchObject({ code: 'INPUT_PINNED' });
    const end = new Date(Date.parse(card.data.validation.end) - HOUR_MS).toISOString();
    const shifted = cardOf({ data: { ...card.data, validation: { ...card.data.validation, end } } });
    await expect(
      pins().pin(shifted, 'c'.repeat(64), await ridgeStatistic(node, shifted)),
    ).rejects.toMatchObject({ code: 'INPUT_PINNED' });
  });

  it('answers the share test for the others where one share does not open', async () => {
    const card = cardOf();
    const opened = await openFromCard(await signedCard(card));
    const state = {
      ...opened,
      phase: 'testing',
      dealers: new Set(['org-1', 'org-2']),
      deals: opened.deals.with('org-1', deal('1', 4)).with('org-2', deal('2', 4)),
      decryptors: new Set(['org-0', 'org-1']),
      nonces: opened.nonces.with('org-0', 'a'.repeat(64)).with('org-1', 'b'.repeat(64)),
    } satisfies TaskState;
    platform.blobs.set('1'.repeat(64), new Uint8Array(200));
    const outbox = new Outbox(node.directory, opened.cardHash);
    const before = utf8('opened before');
    writeFileSync(
      outbox.path('share-org-2.bin'),
      concat(before, createHash('sha256').update(before).digest()),
    );
    const aggregator = { shareTest: () => ['7'] } as never;
    const { payload } = await DUTIES.test({ node, state, outbox, aggregator, statistic: nothing });
    expect(payload.responses).toEqual([[], ['7']]);
    expect(events).toEqual([
      { event: 'bad-share', facts: expect.objectContaining({ dealer: 'org-1', code: 'SIGNATURE_INVALID' }) },
    ]);
  });
});
