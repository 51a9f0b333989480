import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Bytes } from '#core';
import { thresholdAggregator, thresholdParameters } from '#encryption';
import { completeBlocks } from './card.ts';
import { type Cast, castOf, memberPayload, open, run, say, signed, until } from './cast.ts';
import { awaited } from './duty.ts';
import { PLATFORM } from './message.ts';
import { decodeSums, encodeValues } from './packing.ts';
import { advance } from './replay.ts';
import { attemptLabel, type TaskState } from './task-state.ts';

const MINUTES = 60_000;
const SITES = 10;
const params = thresholdParameters({ values: 8191, lanes: 1, fractionBits: 0, maxSites: SITES });

const orgs = (...numbers: readonly number[]): string[] => numbers.map((i) => `org-${i}`);
const silentIn = (kind: 'upload' | 'ready', names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, [kind] as const]));
const cohortOf = ({ close }: TaskState): string[] => close!.uploads.map(({ organisation }) => organisation);

/** Ten organisations: t = 4, k_min = 5, Q = 7, blocks {1–5} and {6–10}. */
let cast: Cast;
let uploading: TaskState;
beforeAll(async () => {
  cast = await castOf(SITES);
  uploading = await until(cast, await open(cast), 'uploading');
});

const vectorOf = (site: number) => Float64Array.from({ length: 8191 }, (_, i) => site * ((i % 99) - 49));
const keyOf = (a: number, b: number): Bytes => new Uint8Array(32).fill(16 * Math.min(a, b) + Math.max(a, b));

/** The sum that the cohort and the active set of a state open, with the real encryption; every site adds i, 2·i, 3·i, … */
async function openedSum(state: TaskState): Promise<number[]> {
  const { card, cardHash, round, active } = state;
  using aggregator = await thresholdAggregator(params);
  const component = { cardHash, round, chunk: 0 };
  const sites = card.roster.map(({ organisation }, i) => ({
    organisation,
    ...aggregator.deal(card.release.threshold, card.release.decryptors.length),
    slots: encodeValues(vectorOf(i + 1), params, (_, count) => new Uint32Array(count))[0]!,
  }));
  const cohort = sites.filter(({ organisation }) => cohortOf(state).includes(organisation));
  const uploads = cohort.map(({ secret, slots }) => aggregator.encrypt(secret, slots, component));
  const answers = active.map((index) =>
    aggregator.answer({
      shares: cohort.map(({ shares }) => shares[index - 1]!),
      index,
      active,
      maskKeys: new Map(
        active.filter((other) => other !== index).map((other) => [other, keyOf(index, other)]),
      ),
      agreementHash: state.uploadsHash!,
      component,
    }),
  );
  return [...decodeSums([aggregator.combine(aggregator.add(uploads), answers)], params)];
}

describe('upload dropout 0/10/30/50 % (succeeds if ≥ k_min uploaded and Q are READY)', () => {
  it.each([
    { percent: 0, away: [], released: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { percent: 10, away: [8], released: [1, 2, 3, 4, 5] },
    { percent: 30, away: [1, 2, 4], released: [6, 7, 8, 9, 10] },
    { percent: 50, away: [6, 7, 8, 9, 10], released: [1, 2, 3, 4, 5] },
  ])(
    '$percent %: the exact sum of the blocks that are whole',
    async ({ percent, away, released }) => {
      expect(away).toHaveLength((SITES * percent) / 100);
      const state = await run(cast, uploading, silentIn('upload', orgs(...away)));
      expect(state).toMatchObject({ phase: 'released', round: 1 });
      expect(cohortOf(state)).toEqual(orgs(...released));
      const weight = released.reduce((sum, i) => sum + i, 0);
      const expected = Array.from({ length: 8191 }, (_, i) => weight * ((i % 99) - 49) + 0);
      expect(await openedSum(state)).toEqual(expected);
    },
    MINUTES,
  );

  it.each([
    { percent: 10, away: [3] },
    { percent: 30, away: [6, 7, 9] },
    { percent: 50, away: [1, 2, 3, 4, 5] },
  ])('$percent % also with exactly Q READY, and not with one fewer', async ({ away }) => {
    const missing = orgs(10, 9, 8, 7);
    const uploads = silentIn('upload', orgs(...away));
    const closed = await until(cast, uploading, 'preparing', uploads);
    const enough = await run(cast, closed, silentIn('ready', missing.slice(1)));
    expect(enough).toMatchObject({ phase: 'released' });
    expect(enough.ready.size).toBe(cast.card.release.quorum);
    const few = await run(cast, closed, silentIn('ready', missing));
    expect(few).toMatchObject({ phase: 'failed', failure: { organisations: missing.toReversed() } });
  });

  it(
    'any other dropout: released where a block is whole, failed with who was silent where none is',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.subarray(orgs(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), async (away) => {
          const state = await run(cast, uploading, silentIn('upload', away));
          const uploaded = new Set(
            orgs(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).filter((name) => !away.includes(name)),
          );
          const cohort = completeBlocks(cast.card, uploaded);
          const released = { phase: 'released', failure: null };
          const failed = { phase: 'failed', close: null, failure: { organisations: away } };
          expect(state).toMatchObject(cohort.length > 0 ? released : failed);
          expect(state.close ? cohortOf(state) : []).toEqual(cohort);
        }),
        { numRuns: 12 },
      );
    },
    MINUTES,
  );
});

it('n−Q silent before READY → success', async () => {
  const { quorum, decryptors } = cast.card.release;
  expect([decryptors.length, quorum]).toEqual([SITES, 7]);
  const few = await run(cast, uploading, silentIn('ready', orgs(1, 2, 3)));
  expect(few).toMatchObject({ phase: 'released', round: 1, active: [4, 5, 6, 7] });
  const one = await run(cast, uploading, silentIn('ready', orgs(1, 2, 3, 4)));
  expect(one).toMatchObject({ phase: 'failed', failure: { organisations: orgs(1, 2, 3, 4) } });
});

it(
  'one silent after the announcement → burned, new round, late answer ignored',
  async () => {
    const first = await until(cast, uploading, 'answering');
    expect(first.active).toEqual([1, 2, 3, 4]);
    const late = await signed(cast, 1, 'answer', 'org-1', await memberPayload(first, 'answer', 'org-1'));
    const burn = { code: 'DECRYPTOR_SILENT' as const, organisations: orgs(1) };
    await expect(say(cast, first, 'burn', PLATFORM, burn)).rejects.toMatchObject({ code: 'SILENT_MISMATCH' });
    let state = first;
    for (const name of orgs(2, 3, 4))
      state = await say(cast, state, 'answer', name, await memberPayload(state, 'answer', name));
    expect(awaited(state)).toEqual(orgs(1));
    const burned = await say(cast, state, 'burn', PLATFORM, burn);
    expect(burned).toMatchObject({
      phase: 'uploading',
      round: 2,
      attempt: 0,
      charged: 1,
    });
    expect(burned.answers.size).toBe(0);
    // The same cohort, the same integers: the next sum says nothing that the burned one could not have said.
    expect(burned.repeats).toEqual(cohortOf(first));
    expect(attemptLabel(burned)).toBe(attemptLabel(first));
    await expect(advance(burned, late)).rejects.toMatchObject({ code: 'ROUND_UNKNOWN' });
    const released = await run(cast, burned);
    expect(released).toMatchObject({ phase: 'released', round: 2, active: [2, 3, 4, 5], charged: 1 });
    expect([...released.answers.keys()]).toEqual(orgs(2, 3, 4, 5));
    // It is the round's number that makes the public component a new one.
    expect(await openedSum(released)).toHaveLength(8191);
  },
  MINUTES,
);
