import { decryptorIndex, toleratedFaults, type TaskCard } from './card.ts';
import type { Payloads } from './message.ts';
import { deviators } from './polynomial.ts';

/** The test is repeated with independent challenges: soundness error (1/p)² a dealer. Responses: all primes, then all again. */
const RESPONSES_PER_PRIME = 2;

/**
 * Who the share test names. Responses of honest decryptors to an honest dealer lie, prime by prime, on polynomials of
 * degree < t (Schnorr-style batch test of a Shamir sharing); Reed–Solomon decoding names up to f decryptors that deviate,
 * and a dealer whose responses fit no such polynomial is named itself.
 * @returns organisations in the order of `dealers`
 */
export function judgeShareTest(
  card: TaskCard,
  dealers: readonly string[],
  tests: ReadonlyMap<string, Payloads['test']>,
): string[] {
  const points = dealers.map((dealer) => decryptorIndex(card, dealer));
  const culprits = new Set<string>();
  for (const [d, dealer] of dealers.entries()) {
    const named = judgeDealer(
      card,
      points,
      dealers.map((decryptor) => tests.get(decryptor)!.responses[d]!),
    );
    if (named === null) culprits.add(dealer);
    else for (const point of named) culprits.add(card.roster[point - 1]!.organisation);
  }
  return dealers.filter((dealer) => culprits.has(dealer));
}

/** Points that deviate from a polynomial of degree < t, or null where there is none within f deviations. */
function judgeDealer(
  card: TaskCard,
  points: readonly number[],
  responses: readonly (readonly string[])[],
): number[] | null {
  const { primes } = card.encryption;
  const named = new Set<number>();
  for (let i = 0; i < RESPONSES_PER_PRIME * primes.length; i++) {
    const prime = BigInt(primes[i % primes.length]!);
    const values = responses.map((response) => BigInt(response[i] ?? prime));
    const readable = points.filter((_point, k) => values[k]! < prime);
    const found = deviators(
      readable,
      values.filter((value) => value < prime),
      card.release.threshold,
      prime,
    );
    if (found === null) return null;
    for (const point of [...found, ...points.filter((unread) => !readable.includes(unread))])
      named.add(point);
  }
  return named.size <= toleratedFaults(points.length) ? [...named] : null;
}
