import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bytes } from '#core';
import { thresholdAggregator, thresholdParameters } from '#encryption';
import type { Aggregator } from './aggregator.ts';
import { cardHashOf } from './card.ts';
import { blobOf, type Cast, castOf, open, run, say, until } from './cast.ts';
import { type Payloads, PLATFORM } from './message.ts';
import { requireOpening, shareTestSeed } from './share-test.ts';
import type { TaskState } from './task-state.ts';

/*
 * Real sharings of real secrets, tested, judged and opened: seven organisations, t = 3, f = 2, so that two may lie.
 */

const NAMES = [1, 2, 3, 4, 5, 6, 7].map((i) => `org-${i}`);
const params = thresholdParameters({ values: 4, lanes: 1, fractionBits: 0, maxSites: 7 });

let cast: Cast;
let testing: TaskState;
let aggregator: Aggregator & Disposable;
/** By dealer and decryptor. */
let sharings: ReadonlyMap<string, readonly Bytes[]>;
beforeAll(async () => {
  const { card, keys } = await castOf(NAMES.length);
  const real = { ...card, encryption: params };
  cast = { card: real, cardHash: await cardHashOf(real), keys };
  testing = await until(cast, await open(cast), 'testing');
  aggregator = await thresholdAggregator(params);
  sharings = new Map(NAMES.map((dealer) => [dealer, aggregator.deal(3, NAMES.length).shares]));
});
afterAll(() => aggregator[Symbol.dispose]());

/** One residue of a share changed by one. */
function altered(share: Bytes, place: number): Bytes {
  const words = new BigUint64Array(share.slice().buffer);
  words[place] = words[place]! > 0n ? words[place]! - 1n : 1n;
  return new Uint8Array(words.buffer);
}

type Held = (dealer: string, decryptor: string, share: Bytes) => Bytes;

/** Every decryptor answers the share test with the shares it holds; the last of them are kept silent. */
async function tested(held: Held, speaking = NAMES): Promise<TaskState> {
  let state = testing;
  for (const decryptor of speaking) {
    const responses = await Promise.all(
      [...state.dealers].map(async (dealer) => {
        const share = sharings.get(dealer)![NAMES.indexOf(decryptor)]!;
        return aggregator.shareTest(held(dealer, decryptor, share), await shareTestSeed(state, dealer));
      }),
    );
    state = await say(cast, state, 'test', decryptor, { responses });
  }
  return state;
}

/** The dealer opens what it dealt to those that dispute it, or what it likes. */
async function opening(
  state: TaskState,
  dealer: string,
  of: (share: Bytes) => Bytes = (share) => share,
): Promise<Payloads['open']> {
  const seed = await shareTestSeed(state, dealer);
  const openings = await Promise.all(
    state.disputes.get(dealer)!.decryptors.map(async (decryptor) => {
      const share = of(sharings.get(dealer)![NAMES.indexOf(decryptor)]!);
      const responses = aggregator.shareTest(share, seed);
      return { decryptor, share: { blob: await blobOf(decryptor), bytes: share.length }, responses };
    }),
  );
  return { openings };
}

const lying =
  (...liars: readonly string[]): Held =>
  (dealer, decryptor, share) =>
    dealer === 'org-1' && liars.includes(decryptor) ? altered(share, 11) : share;

describe('inconsistent shares → named by the share test', () => {
  it('nobody is where all are consistent', async () => {
    const state = await tested((_dealer, _decryptor, share) => share);
    expect(state).toMatchObject({ phase: 'uploading', culprits: [] });
    expect(state.disputes.size).toBe(0);
  });

  it.each([
    ['the first place', 0],
    ['the last place of the last prime', 3 * 8192 - 1],
    ['a mask', 3 * 8192 + 4],
  ])('one residue of one share, in %s: the dealer and that decryptor', async (_where, place) => {
    const state = await tested((dealer, decryptor, share) =>
      dealer === 'org-5' && decryptor === 'org-2' ? altered(share, place) : share,
    );
    expect(state).toMatchObject({ phase: 'opening', culprits: [] });
    expect([...state.disputes].map(([dealer, { decryptors }]) => [dealer, decryptors])).toEqual([
      ['org-5', ['org-2']],
    ]);
    const settled = await say(cast, state, 'open', 'org-5', await opening(state, 'org-5'));
    expect(settled).toMatchObject({ phase: 'uploading', culprits: [] });
    expect(settled.dealers.size).toBe(NAMES.length);
  });

  it('f of a dealer’s shares: both are opened, and the dealer goes on', async () => {
    const state = await tested((dealer, decryptor, share) =>
      dealer === 'org-1' && ['org-4', 'org-7'].includes(decryptor) ? altered(share, 99) : share,
    );
    expect(state.disputes.get('org-1')!.decryptors).toEqual(['org-4', 'org-7']);
    const settled = await say(cast, state, 'open', 'org-1', await opening(state, 'org-1'));
    expect(settled).toMatchObject({ phase: 'uploading', culprits: [] });
  });

  it('a dealer that opens another share than the polynomial’s is refused, and left out if it has no better', async () => {
    const state = await tested((dealer, decryptor, share) =>
      dealer === 'org-3' && decryptor === 'org-6' ? altered(share, 5) : share,
    );
    const forged = await opening(state, 'org-3', (share) => altered(share, 5));
    await expect(say(cast, state, 'open', 'org-3', forged)).rejects.toMatchObject({
      code: 'OPENING_INCONSISTENT',
    });
    // Responses of the true share beside another share: whoever reads the bytes computes others.
    const { openings } = await opening(state, 'org-3');
    const seed = await shareTestSeed(state, 'org-3');
    const other = aggregator.shareTest(altered(sharings.get('org-3')![5]!, 5), seed);
    expect(() => requireOpening(other, openings[0]!.responses)).toThrow(
      expect.objectContaining({ code: 'OPENING_FALSE' }),
    );
    const without = await run(cast, state, { 'org-3': ['open'] });
    expect(without.culprits).toEqual(['org-3']);
    expect(without.dealers.has('org-3')).toBe(false);
  });

  it('a dealer whose sharing is of too high a degree, or who cheats more than f: out at once', async () => {
    const steep = aggregator.deal(4, NAMES.length).shares;
    const state = await tested((dealer, decryptor, share) => {
      if (dealer === 'org-2') return steep[NAMES.indexOf(decryptor)]!;
      return dealer === 'org-4' && NAMES.indexOf(decryptor) < 3 ? altered(share, 7) : share;
    });
    expect(state).toMatchObject({ phase: 'uploading', culprits: ['org-2', 'org-4'] });
  });

  it('one silent and one deviating still name the one that deviates; two and two put the dealer out', async () => {
    const one = await tested(lying('org-2'), NAMES.slice(0, 6));
    const named = await say(cast, one, 'proceed', PLATFORM, { phase: 'testing', silent: ['org-7'] });
    expect([...named.disputes].map(([dealer, { decryptors }]) => [dealer, decryptors])).toEqual([
      ['org-1', ['org-2']],
    ]);
    const two = await tested(lying('org-2', 'org-3'), NAMES.slice(0, 5));
    const judged = await say(cast, two, 'proceed', PLATFORM, {
      phase: 'testing',
      silent: ['org-6', 'org-7'],
    });
    expect(judged.culprits).toEqual(['org-1']);
  });
});
