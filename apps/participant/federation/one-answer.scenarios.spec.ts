import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fromHex, sha256Hex } from '#core';
import { type AnyMessage, defaultPolicy, type Message } from '#federation';
import { type History, MemoryCommunity, type MemorySite } from '../../../test/harness/memory-community.ts';
import { Outbox } from './outbox.ts';

/*
 * Six real nodes, t = 2, Q = 4, blocks {1–3} and {4–6}, before a platform in memory that shows them what it likes.
 */

let community: MemoryCommunity;
let first: MemorySite;
beforeEach(async () => {
  community = await MemoryCommunity.start(6);
  first = community.sites[0]!;
});
afterEach(() => community.stop());

const kinds = ({ said }: MemorySite, kind: string): AnyMessage[] => said.filter((one) => one.kind === kind);
const steps = async ({ loop }: MemorySite, count = 3): Promise<void> => {
  for (let i = 0; i < count; i++) await loop.step();
};
const outboxOf = (site: MemorySite): string => readFileSync(site.file('outbox.jsonl'), 'utf8');

/** Another history from the close on: another list, READY of everybody for it, another active set. */
async function otherList(before: History): Promise<History> {
  const { state } = before;
  const uploads = ['org-1', 'org-2', 'org-3'].map((organisation) => ({
    organisation,
    blob: state.uploads.get(organisation)!.blob,
  }));
  await before.insist(await community.sign(before, 'close', { model: state.cardHash, uploads }));
  return before;
}

/** Says nothing for this reason, now and after a restart, beside its one answer. */
const expectSilence = async (code: string): Promise<void> => {
  const said = outboxOf(first);
  await steps(first);
  first.restart();
  await steps(first);
  expect(new Set(first.refusals)).toEqual(new Set([code]));
  expect(kinds(first, 'answer')).toHaveLength(1);
  expect(outboxOf(first)).toBe(said);
};

describe('second answer for a (task, round, chunk) with another U, another A, another process, after restart, from an old backup → refused', () => {
  let closing: History;
  let readied: History;
  let history: History;

  /** The first site has answered for U = all and A = {1, 2}. */
  beforeEach(async () => {
    history = await community.open();
    await community.run(history, 'uploading');
    for (const site of community.sites) await steps(site, 1);
    closing = history.fork();
    await community.run(history, 'preparing');
    for (const site of community.sites.slice(1)) await steps(site, 1);
    readied = history.fork();
    await community.run(history, 'answering');
    await steps(first, 2);
  });

  /** Shows the first site another past, at first no longer than what it has seen. */
  const expectFound = async (other: History): Promise<void> => {
    first.view = other;
    await steps(first);
    expect(kinds(first, 'answer')).toHaveLength(1);
    const { message } = other.entries.at(-1)!;
    while (other.entries.length <= history.entries.length) await other.insist(message);
    await expectSilence('TRANSCRIPT_FORKED');
  };

  it('another U', async () => {
    await expectFound(await otherList(closing));
  });

  it('another A', async () => {
    // Without the first one's READY the lowest t are others; with it among them they would be asked under another A.
    expect(history.state.active).toEqual([1, 2]);
    await readied.insist(await community.sign(readied, 'active', { active: [1, 3] }));
    await expectFound(readied);
  });

  it('another A in the same history: the protocol knows one', async () => {
    await history.insist(await community.sign(history, 'active', { active: [1, 3] }));
    await expectSilence('PHASE_MISMATCH');
  });

  it('another process', async () => {
    // A copy that does not know the lock: what it would say is in the directory already, to the byte.
    const [answer] = kinds(first, 'answer');
    const [blob] = [await first.getBlob((answer as Message<'answer'>).payload.blob)];
    const outbox = new Outbox(first.directory, history.state.cardHash);
    expect(outbox.find('answer', 1)!.message).toEqual(answer);
    expect(Buffer.from(outbox.bytes('answer-1-0.bin')).equals(blob)).toBe(true);
    expect(() => outbox.record(answer as Message<'answer'>, [new Uint8Array(1)])).toThrow(
      expect.objectContaining({ code: 'ALREADY_SAID' }),
    );
    expect(Buffer.from(outbox.bytes('answer-1-0.bin')).equals(blob)).toBe(true);
  });

  it('after restart: the same bytes again, or nothing', async () => {
    const [answer] = kinds(first, 'answer');
    // The platform has forgotten the answer.
    const forgetful = history.fork();
    forgetful.entries = forgetful.entries.slice(0, -1);
    forgetful.state = { ...history.state, answers: readied.state.answers };
    rmSync(first.file('transcript.jsonl'));
    first.view = forgetful;
    first.restart();
    await steps(first, 1);
    expect(kinds(first, 'answer')).toEqual([answer, answer]);
    expect(first.refusals).toEqual([]);
  });

  it('from an old backup', async () => {
    const log = outboxOf(first);
    writeFileSync(first.file('outbox.jsonl'), log.trimEnd().split('\n').slice(0, -1).join('\n').concat('\n'));
    rmSync(first.file('answer-1-0.bin'));
    rmSync(first.file('transcript.jsonl'));
    first.restart();
    await steps(first);
    expect(first.refusals).toEqual(['LOG_OLDER_THAN_TRANSCRIPT']);
    expect(kinds(first, 'answer')).toHaveLength(1);
    expect(existsSync(first.file('answer-1-0.bin'))).toBe(false);
  });
});

it('platform shows different U to two decryptors → no quorum of real nodes, and no answer', async () => {
  const { sites } = community;
  const all = await community.open();
  await community.run(all, 'uploading');
  for (const site of sites.slice(0, 4)) await steps(site, 1);
  // The last three are not shown the uploads of the others in their block.
  const some = all.fork();
  community.show(some, sites.slice(3));
  await steps(sites[4]!, 1);
  community.show(all, sites.slice(4));
  for (const site of sites.slice(4)) await steps(site, 1);
  community.show(some, sites.slice(4));
  await community.run(all, 'answering', sites.slice(0, 3));
  await otherList(some);
  for (const site of sites.slice(3)) await steps(site);
  expect(all.state.ready.size).toBe(3);
  expect(all.state.phase).toBe('preparing');
  expect(sites.flatMap((site) => kinds(site, 'answer'))).toEqual([]);
  await all.insist(await community.sign(all, 'active', { active: [1, 2] }));
  await steps(first);
  expect(first.refusals).toEqual(['QUORUM_MISSING']);
  expect(kinds(first, 'answer')).toEqual([]);
});

it('platform shows different nonces to two decryptors → no share test by any real node', async () => {
  const { sites } = community;
  const here = await community.open();
  await community.run(here, 'committing');
  const traitor = sites[5]!;
  const there = here.fork();
  for (const site of sites.slice(0, 5)) await steps(site, 1);
  for (const { message } of here.entries.slice(there.entries.length)) await there.append(message);
  await steps(traitor, 1);
  const nonce = 'f'.repeat(64);
  const commitment = await sha256Hex(fromHex(nonce));
  await there.append(await community.sign(there, 'commit', { commitment }, traitor));
  community.show(there, sites.slice(3, 5));
  for (const site of sites) await steps(site, 1);
  // What each reveals fits both views.
  const reveals = sites.slice(0, 5).flatMap((site) => kinds(site, 'reveal'));
  for (const view of [here, there])
    for (const message of reveals) if (!view.state.nonces.has(message.sender)) await view.append(message);
  await there.append(await community.sign(there, 'reveal', { nonce }, traitor));
  expect([here, there].map(({ state }) => state.phase)).toEqual(['agreeing', 'agreeing']);
  for (const site of sites) await steps(site);
  expect([here, there].map(({ state }) => [...state.agreed.keys()])).toEqual([
    ['org-1', 'org-2', 'org-3', 'org-6'],
    ['org-4', 'org-5'],
  ]);
  // Neither side can be told to go on without the other.
  await here.insist(await community.sign(here, 'proceed', { phase: 'agreeing', silent: ['org-4', 'org-5'] }));
  await steps(first);
  expect(first.refusals).toEqual(['DECRYPTORS_TOO_FEW']);
  expect(sites.flatMap((site) => kinds(site, 'test'))).toEqual([]);
});

it('different models or cards to two sites → refused: two cards, by both', async () => {
  const [one, two, ...rest] = community.sites as [MemorySite, MemorySite, ...MemorySite[]];
  const here = await community.open(community.card(), [one, ...rest]);
  const there = await community.open(community.card({ issuedAt: '2026-05-01T00:00:01Z' }), [two]);
  for (const site of community.sites) await steps(site, 1);
  await here.insist(kinds(two, 'deal')[0]!);
  await there.insist(kinds(one, 'deal')[0]!);
  for (const site of [one, two]) {
    await steps(site);
    expect(site.refusals).toEqual(['MESSAGE_OTHER_TASK']);
    expect(site.said.map(({ kind }) => kind)).toEqual(['deal']);
  }
});

it('second encryption for one (round, chunk) → refused by the node', async () => {
  const history = await community.open();
  await community.run(history, 'uploading');
  first.unreachable = true;
  await expect(first.loop.step()).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE' });
  const written = readFileSync(first.file('upload-1-0.bin'));
  // Everything it would encrypt has changed since.
  first.values = first.values.map((value) => value + 1);
  first.restart();
  first.unreachable = false;
  await steps(first);
  const [upload] = kinds(first, 'upload');
  expect(kinds(first, 'upload')).toEqual([upload]);
  const sent = await first.getBlob((upload as Message<'upload'>).payload.blob);
  expect(written.equals(sent)).toBe(true);
  const outbox = new Outbox(first.directory, history.state.cardHash);
  expect(() => outbox.record(upload as Message<'upload'>, [new Uint8Array(1)])).toThrow(
    expect.objectContaining({ code: 'ALREADY_SAID' }),
  );
  // Its log lost, it has nothing to encrypt with under this round.
  writeFileSync(first.file('outbox.jsonl'), '');
  first.restart();
  await steps(first);
  expect(first.refusals).toEqual(['LOG_OLDER_THAN_TRANSCRIPT']);
  expect(kinds(first, 'upload')).toHaveLength(1);
});

it('second card on one epoch with another committee → refused by the site before it encrypts', async () => {
  const history = await community.open();
  await community.run(history, 'uploading');
  await steps(first, 1);
  expect(kinds(first, 'upload')).toHaveLength(1);
  const decryptors = ['org-1', 'org-2', 'org-3', 'org-4'];
  const release = defaultPolicy(community.roster, { decryptors });
  const second = await community.open(community.card({ release, issuedAt: '2026-05-02T00:00:00Z' }));
  for (const site of community.sites) site.restart();
  await community.run(second, 'uploading');
  await steps(first);
  expect(first.refusals).toEqual(['COHORT_PINNED']);
  expect(kinds(first, 'upload')).toHaveLength(1);
  expect(second.state.uploads.size).toBe(0);
});

it('unpinned member → refused before anything is dealt', async () => {
  const stranger = await MemoryCommunity.start(1);
  try {
    const [foreign] = stranger.roster;
    const roster = [
      ...community.roster.slice(0, 5),
      { ...foreign!, organisation: 'org-6', legalId: 'LEI-new' },
    ];
    await community.open(community.card({ roster, release: defaultPolicy(roster) }));
    await steps(first);
    expect(first.refusals).toEqual(['MEMBER_NOT_PINNED']);
    expect(first.said).toEqual([]);
  } finally {
    stranger.stop();
  }
});
