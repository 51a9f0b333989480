import type { Ratio, WordStream } from './random-words.ts';

/*
 * Canonne, Kamath & Steinke 2020 (arXiv 2004.00010), algorithms 1 and 2: exact, from uniform words alone. A double decides
 * where it can; where it cannot, the same question is asked in whole numbers.
 */

/** Error allowed for a quotient of two integers below 2^53 as a double. */
const QUOTIENT_SLACK = 2 ** -50;
const ONE: Ratio = { numerator: 1n, denominator: 1n };

/** True with probability exp(−γ), 0 ≤ γ ≤ 1, by von Neumann's alternating series; `near` ± `slack` approximates γ. */
export function bernoulliExp(bits: WordStream, near: number, slack: number, exact: () => Ratio): boolean {
  let k = 1;
  const divided = () => {
    const { numerator, denominator } = exact();
    return { numerator, denominator: denominator * BigInt(k) };
  };
  while (bits.bernoulli(near / k, slack, divided)) k += 1;
  return k % 2 === 1;
}

/** True with probability 1/e. */
export const bernoulliInverseE = (bits: WordStream): boolean =>
  bernoulliExp(bits, 1, QUOTIENT_SLACK, () => ONE);

/** An integer y with probability proportional to exp(−|y| / scale), scale a positive integer below 2^41. */
export function discreteLaplace(bits: WordStream, scale: number): number {
  for (;;) {
    const rest = bits.below(scale);
    const exact = () => ({ numerator: BigInt(rest), denominator: BigInt(scale) });
    if (!bernoulliExp(bits, rest / scale, QUOTIENT_SLACK, exact)) continue;
    let whole = 0;
    while (bernoulliInverseE(bits)) whole += 1;
    const magnitude = rest + scale * whole;
    if (bits.next() >>> 31 === 0) return magnitude;
    // Zero has one sign only, or it would come twice as often as it should.
    if (magnitude > 0) return -magnitude;
  }
}
