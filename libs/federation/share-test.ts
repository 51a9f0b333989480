import { type Bytes, DomainError, fromHex, hashJson } from '#core';
import { decryptorIndex, inRosterOrder, type TaskCard } from './card.ts';
import type { Payloads } from './message.ts';
import { reedSolomon } from './polynomial.ts';
import { toleratedFaults } from './policy.ts';
import type { Dispute, TaskState } from './task-state.ts';

/** The test is repeated with independent challenges: soundness error (1/p)² a dealer. Responses: all primes, then all again. */
const RESPONSES_PER_PRIME = 2;

export interface Judgement {
  /** Dealers whose responses fit no polynomial, in roster order: out. */
  readonly culprits: readonly string[];
  /** By dealer. */
  readonly disputes: ReadonlyMap<string, Dispute>;
}

const challenges = new WeakMap<TaskState['nonces'], Promise<string>>();

/**
 * Hash of all that the challenges follow from: the sealed shares of every dealer and the revealed nonces. A quorum agrees to
 * it before anybody answers. Otherwise a forked view would use the masks of an honest dealer twice, and make honest
 * decryptors disagree until honest dealers open their shares.
 */
export function shareTestChallenge({ card, cardHash, deals, nonces }: TaskState): Promise<string> {
  const known = challenges.get(nonces);
  if (known) return known;
  const shares = inRosterOrder(card, deals).map((dealer) => [
    dealer,
    ...deals.get(dealer)!.shares.map(({ blob }) => blob),
  ]);
  const revealed = card.release.decryptors.flatMap((decryptor) => {
    const nonce = nonces.get(decryptor);
    return nonce === undefined ? [] : [[decryptor, nonce]];
  });
  const challenge = hashJson({ purpose: 'sharetest', cardHash, shares, revealed });
  challenges.set(nonces, challenge);
  return challenge;
}

/**
 * 32 public bytes nobody can choose: every revealed nonce goes in, each committed to before any was revealed. Up to f may
 * be kept back, which leaves Σ C(n, j ≤ f) seeds to choose from, 2^16 for n = 20, against a soundness error of 2^−119.
 */
export async function shareTestSeed(state: TaskState, dealer: string): Promise<Bytes> {
  return fromHex(
    await hashJson({ purpose: 'sharetest', challenge: await shareTestChallenge(state), dealer }),
  );
}

/**
 * What the share test finds. Responses of honest decryptors to an honest dealer lie, prime by prime, on polynomials of
 * degree < t (Schnorr-style batch test of a Shamir sharing). Reed–Solomon decoding tells up to f − (silent decryptors)
 * deviating responses from the others, and no more: a polynomial that fits all but those is the honest one's, as honest
 * decryptors are n − f at least. A dealer without such a polynomial is out; a deviating response is a dispute, because
 * the dealer may have sealed another share to that decryptor, or the decryptor may lie.
 */
export function judgeShareTest(
  { card, dealers }: Pick<TaskState, 'card' | 'dealers'>,
  tests: TaskState['tests'],
): Judgement {
  const decryptors = [...tests.keys()].toSorted((a, b) => decryptorIndex(card, a) - decryptorIndex(card, b));
  const judge = dealerJudge(card, decryptors);
  const culprits: string[] = [];
  const disputes = new Map<string, Dispute>();
  for (const [d, dealer] of [...dealers].entries()) {
    const responses = new Map(decryptors.map((name) => [name, tests.get(name)!.responses[d]!]));
    const deviating = judge(responses);
    if (deviating === null) culprits.push(dealer);
    else if (deviating.length > 0) disputes.set(dealer, { decryptors: deviating, responses });
  }
  return { culprits, disputes };
}

/** Whether the opened shares, in place of the disputed ones, lie on the dealer's polynomial with all others. */
export function openingsFit(card: TaskCard, dispute: Dispute, { openings }: Payloads['open']): boolean {
  const responses = new Map(dispute.responses);
  for (const opening of openings) responses.set(opening.decryptor, opening.responses);
  return dealerJudge(card, [...responses.keys()])(responses)?.length === 0;
}

/** @throws OPENING_FALSE unless an opened share gives the responses that were claimed for it. */
export function requireOpening(computed: readonly string[], claimed: readonly string[]): void {
  if (computed.length === claimed.length && computed.every((response, i) => response === claimed[i])) return;
  throw new DomainError(
    'OPENING_FALSE',
    'expected the opened share to give the responses claimed for it, got others',
    'conflict',
  );
}

type Judge = (responses: ReadonlyMap<string, readonly string[]>) => string[] | null;

/** Who deviates from a polynomial of degree < t that all others share; null where there is none. */
function dealerJudge(card: TaskCard, decryptors: readonly string[]): Judge {
  const { primes } = card.encryption;
  const n = card.release.decryptors.length;
  const points = decryptors.map((decryptor) => decryptorIndex(card, decryptor));
  const allowed = toleratedFaults(n) - (n - points.length);
  const codes = primes.map((prime) => reedSolomon(points, card.release.threshold, BigInt(prime)));
  return (responses) => {
    const named = new Set<number>();
    for (let i = 0; i < RESPONSES_PER_PRIME * primes.length; i++) {
      const prime = BigInt(primes[i % primes.length]!);
      const values = decryptors.map((decryptor) => residueBelow(responses.get(decryptor)![i], prime));
      const found = codes[i % primes.length]!(values);
      if (found === null) return null;
      for (const position of found) named.add(position);
    }
    if (named.size > allowed) return null;
    return decryptors.filter((_, position) => named.has(position));
  };
}

/** Null for a response that is missing or none: it deviates, whatever the polynomial. */
function residueBelow(text: string | undefined, prime: bigint): bigint | null {
  const value = text === undefined ? prime : BigInt(text);
  return value < prime ? value : null;
}
