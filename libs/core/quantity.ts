import { DomainError } from './domain-error.ts';

/**
 * The rounding rules, stated once:
 * energy is integer Wh, kWh from outside rounds half away from zero; money is integer minor units (cents), amounts are
 * computed exactly as Wh × minor units per MWh / 10^6 and rounded once per member and settlement by largest remainder.
 */
export const WH_PER_KWH = 1_000;
export const WH_PER_MWH = 1_000_000n;

/** kWh → integer Wh, half away from zero. @throws ENERGY_NOT_FINITE, ENERGY_TOO_LARGE beyond ±2^53 Wh. */
export function energyWhFromKwh(kwh: number): number {
  if (!Number.isFinite(kwh))
    throw new DomainError('ENERGY_NOT_FINITE', `expected a finite energy in kWh, got ${kwh}`);
  const wh = Math.sign(kwh) * Math.round(Math.abs(kwh) * WH_PER_KWH);
  if (!Number.isSafeInteger(wh))
    throw new DomainError('ENERGY_TOO_LARGE', `expected at most 2^53 Wh, got ${wh} Wh`);
  return wh === 0 ? 0 : wh;
}

/** Exact product energy × price in millionths of a minor unit: divide by WH_PER_MWH only when rounding. */
export const exactAmount = (energyWh: number, pricePerMwh: number): bigint =>
  BigInt(energyWh) * BigInt(pricePerMwh);

/** n / d to the nearest integer, half away from zero; d > 0. */
export function roundDiv(n: bigint, d: bigint): bigint {
  const twice = 2n * (n < 0n ? -n : n) + d;
  const magnitude = twice / (2n * d);
  return n < 0n ? -magnitude : magnitude;
}

/** @throws AMOUNT_TOO_LARGE unless the amount is an exact JavaScript integer. */
export function toSafeInteger(amount: bigint): number {
  const value = Number(amount);
  if (!Number.isSafeInteger(value)) {
    throw new DomainError('AMOUNT_TOO_LARGE', `expected an integer within ±2^53, got ${amount}`);
  }
  return value;
}

/**
 * Splits an integer total into integer shares proportional to non-negative weights, conserving it to the last unit
 * (largest remainder, Hamilton's method; ties go to the earlier index).
 * @throws APPORTION_WEIGHTS unless the weights are non-negative and, for a non-zero total, not all zero.
 */
export function apportion(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (weights.some((weight) => weight < 0n) || (sum === 0n && total !== 0n)) {
    throw new DomainError(
      'APPORTION_WEIGHTS',
      `expected non-negative weights with a positive sum, got sum ${sum}`,
    );
  }
  if (sum === 0n) return weights.map(() => 0n);
  const sign = total < 0n ? -1n : 1n;
  const magnitude = total * sign;
  const shares = weights.map((weight) => (magnitude * weight) / sum);
  const remainders = weights.map((weight, i) => ({ i, remainder: (magnitude * weight) % sum }));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  const missing = Number(magnitude - shares.reduce((a, b) => a + b, 0n));
  for (const { i } of remainders.slice(0, missing)) shares[i]! += 1n;
  return shares.map((share) => share * sign);
}
