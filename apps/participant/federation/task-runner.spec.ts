import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSigningKey, sha256Hex } from '#core';
import { type AnyMessage, type Message, PLATFORM } from '#federation';
import { SiteStory, TASK_ID } from '../../../test/harness/site-story.ts';
import { FederationLoop } from './federation-loop.ts';

/*
 * One node before a platform in memory that shows whatever history the test makes up. Whatever it shows, the node says one
 * thing a step, never two things under one (kind, round), and nothing after a history that cannot be.
 */

let story: SiteStory;
let cardHash: string;
let loop: FederationLoop;

beforeEach(async () => {
  story = await SiteStory.start();
  cardHash = await story.open();
  loop = new FederationLoop(story.node);
});
afterEach(async () => {
  loop.close();
  await story.stop();
});

/** The node as after a crash: everything in memory is gone. */
function restart(): void {
  loop.close();
  loop = new FederationLoop(story.node);
}

const hashes = (blobs: readonly Uint8Array[]) => Promise.all(blobs.map((bytes) => sha256Hex(bytes)));
const said = (): string[] => story.platform.posted.map(({ kind }) => kind);
const refusals = () =>
  story.node.events.filter(({ event }) => event === 'refused').map(({ facts }) => facts['code']);
const outbox = () => readFileSync(story.node.directory.file('federation', cardHash, 'outbox.jsonl'), 'utf8');
const dealt = (dealers: readonly number[], key?: string) => {
  const payload = { dealers: dealers.map((i) => `org-${i}`) };
  return story.say(cardHash, PLATFORM, { kind: 'dealt', round: 1, payload }, key);
};

/** The node and everybody else have dealt; the node knows. */
async function allDealt(): Promise<void> {
  await loop.step();
  for (const member of [1, 2, 3]) await story.platform.append(await story.deal(cardHash, member));
  await loop.step();
}

/** After the card and the node's own deal: another member's deal than the one the node has seen. */
async function fork(): Promise<void> {
  story.platform.entries = story.platform.entries.slice(0, 2);
  for (const member of [2, 1, 3]) await story.platform.append(await story.deal(cardHash, member));
  await story.platform.append(await dealt([0, 1, 2, 3]));
}

/** What the node makes of one more entry. */
async function shown(message: AnyMessage): Promise<unknown> {
  await story.platform.append(message);
  await loop.step();
  await loop.step();
  return { said: said(), refusals: refusals() };
}
const silent = (code: string) => ({ said: ['deal'], refusals: [code] });

describe('a node', () => {
  it('does what the transcript asks of it, once', async () => {
    await allDealt();
    expect(said()).toEqual(['deal']);
    await story.platform.append(await dealt([0, 1, 2, 3]));
    for (let i = 0; i < 3; i++) await loop.step();
    expect(said()).toEqual(['deal', 'commit']);
    expect(refusals()).toEqual([]);
  });

  it('sends the same bytes again after a crash before they arrived', async () => {
    story.platform.unreachable = true;
    await expect(loop.step()).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE' });
    const [bytes, log] = [await hashes(story.platform.sent.splice(0)), outbox()];
    expect(new Set(bytes).size).toBe(4);
    restart();
    story.platform.unreachable = false;
    await loop.step();
    expect(await hashes(story.platform.sent)).toEqual(bytes);
    expect(outbox()).toBe(log);
    expect(JSON.stringify((JSON.parse(log) as { message: AnyMessage }).message)).toBe(
      JSON.stringify(story.platform.posted[0]),
    );
  });

  it('goes on where it was when the platform is away for a while', async () => {
    story.platform.unreachable = true;
    for (let i = 0; i < 3; i++) {
      await expect(loop.step()).rejects.toMatchObject({ kind: 'unavailable' });
    }
    story.platform.unreachable = false;
    await loop.step();
    expect(said()).toEqual(['deal']);
    expect(refusals()).toEqual([]);
  });

  it('falls silent for good when its log is older than the transcript', async () => {
    await allDealt();
    await story.platform.append(await dealt([0, 1, 2, 3]));
    loop.close();
    // A backup from before the task.
    rmSync(story.node.directory.file('federation', cardHash), { recursive: true });
    for (let start = 0; start < 2; start++) {
      restart();
      await loop.step();
      await loop.step();
    }
    expect(said()).toEqual(['deal']);
    expect(refusals()).toEqual(['LOG_OLDER_THAN_TRANSCRIPT', 'LOG_OLDER_THAN_TRANSCRIPT']);
  });

  it('falls silent when only what it said is lost', async () => {
    await allDealt();
    writeFileSync(story.node.directory.file('federation', cardHash, 'outbox.jsonl'), '');
    restart();
    await story.platform.append(await dealt([0, 1, 2, 3]));
    await loop.step();
    expect(said()).toEqual(['deal']);
    expect(refusals()).toEqual(['LOG_OLDER_THAN_TRANSCRIPT']);
  });
});

describe('a platform that tells two histories', () => {
  it('is found out, and nothing is signed any more', async () => {
    await allDealt();
    await fork();
    const log = outbox();
    for (let i = 0; i < 3; i++) await loop.step();
    expect(refusals()).toEqual(['TRANSCRIPT_FORKED']);
    expect(said()).toEqual(['deal']);
    expect(outbox()).toBe(log);
  });

  it('is found out after a restart as well', async () => {
    await allDealt();
    restart();
    await fork();
    await loop.step();
    restart();
    await loop.step();
    expect(refusals()).toEqual(['TRANSCRIPT_FORKED', 'TRANSCRIPT_FORKED']);
    expect(said()).toEqual(['deal']);
  });

  it('cannot swap the history under a node that has just begun', async () => {
    await loop.step();
    const card = { ...story.card(), issuedAt: '2026-03-01T00:00:01Z' };
    await story.open(card);
    for (let i = 0; i < 2; i++) await loop.step();
    restart();
    for (let i = 0; i < 2; i++) await loop.step();
    const [first] = story.platform.posted;
    const underFirst = story.platform.posted.filter((message) => message.cardHash === first!.cardHash);
    expect(new Set(underFirst.map(({ signature }) => signature)).size).toBe(1);
  });
});

describe('a history that cannot be', () => {
  it('has an announcement that the platform did not sign', async () => {
    await allDealt();
    const { privateKey } = await generateSigningKey();
    expect(await shown(await dealt([0, 1, 2, 3], privateKey))).toEqual(silent('SIGNATURE_INVALID'));
  });

  it('has an announcement signed by a member', async () => {
    await allDealt();
    expect(await shown(await dealt([0, 1, 2, 3], story.privateKeyOf('org-1')))).toEqual(
      silent('SIGNATURE_INVALID'),
    );
  });

  it("has a member's statement that the platform signed", async () => {
    await loop.step();
    const { payload } = (await story.deal(cardHash, 1)) as Message<'deal'>;
    const key = story.privateKeyOf(PLATFORM);
    const forged = await story.say(cardHash, 'org-1', { kind: 'deal', round: 1, payload }, key);
    expect(await shown(forged)).toEqual(silent('SIGNATURE_INVALID'));
  });

  it('leaves out a dealer who dealt', async () => {
    await allDealt();
    expect(await shown(await dealt([0, 1, 2]))).toEqual(silent('DEALERS_MISMATCH'));
  });

  it('says things before their time', async () => {
    await allDealt();
    const close = { kind: 'close', round: 1, payload: { model: cardHash, uploads: [] } } as const;
    expect(await shown(await story.say(cardHash, PLATFORM, close))).toEqual(silent('PHASE_MISMATCH'));
  });

  it('belongs to another task', async () => {
    await allDealt();
    const payload = { dealers: story.members.map(({ organisation }) => organisation) };
    const other = await story.say('e'.repeat(64), PLATFORM, { kind: 'dealt', round: 1, payload });
    expect(await shown(other)).toEqual(silent('MESSAGE_OTHER_TASK'));
  });

  it.each(['index', 'previous', 'hash'] as const)('has an entry with another %s', async (field) => {
    await allDealt();
    await story.platform.append(await dealt([0, 1, 2, 3]));
    const last = story.platform.entries.pop()!;
    const wrong = field === 'index' ? last.index + 1 : 'a'.repeat(64);
    story.platform.entries.push({ ...last, [field]: wrong });
    await loop.step();
    const code = field === 'previous' ? 'TRANSCRIPT_FORKED' : 'TRANSCRIPT_BROKEN';
    expect({ said: said(), refusals: refusals() }).toEqual(silent(code));
    expect(story.node.events.at(-1)!.facts).toMatchObject({ task: TASK_ID, code });
  });
});
