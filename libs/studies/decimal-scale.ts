import { Decimal } from 'decimal.js';
import { DomainError } from '#core';

/** Exact for every input and every product of two of them. */
const Exact = Decimal.clone({ precision: 60, defaults: true });

/** Decimals of one quantity as integers in units of 10^−digits. */
export interface DecimalScale {
  readonly digits: number;
  /** @throws DECIMALS_TOO_FINE for a decimal string finer than the scale; a JSON number is a double and rounds, but not to zero */
  toInteger(value: string | number): number;
  fromInteger(value: number): number;
}

/** Fractions below the input's own that results may need: a pro-rata third, the middle of two prices. */
const SPARE_DIGITS = 9;

/**
 * The finest scale, up to nine digits below the inputs' own, in which `largest` (a bound of every sum that occurs) stays
 * below `limit`. @throws DECIMALS_TOO_LARGE where not even whole units do
 */
export function decimalScale(
  values: readonly (string | number)[],
  largest: Decimal.Value,
  limit: number,
): DecimalScale {
  const own = Math.max(0, ...values.map((value) => new Exact(value).decimalPlaces()));
  const room = Math.floor(
    new Exact(limit)
      .div(Exact.max(1, new Exact(largest).abs()))
      .log(10)
      .toNumber(),
  );
  if (room < 0) {
    throw new DomainError(
      'DECIMALS_TOO_LARGE',
      `expected at most ${limit} units, got ${String(largest)}`,
      'limit',
    );
  }
  const digits = Math.min(own + SPARE_DIGITS, room);
  const unit = new Exact(10).pow(digits);
  return {
    digits,
    toInteger(value) {
      const scaled = new Exact(value).times(unit);
      const rounded = scaled.toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN).toNumber();
      const vanishes = rounded === 0 && !scaled.isZero();
      if (vanishes || (typeof value === 'string' && !scaled.isInteger())) {
        throw new DomainError(
          'DECIMALS_TOO_FINE',
          `expected at most ${digits} decimals beside the largest number of this input, got ${value}`,
          'limit',
          { digits },
        );
      }
      return rounded;
    },
    fromInteger: (value) => new Exact(value).div(unit).toNumber(),
  };
}

export const sumOf = (values: readonly (string | number)[]): Decimal =>
  values.reduce((sum: Decimal, value) => sum.plus(value), new Exact(0));

export const largestMagnitude = (values: readonly (string | number)[]): Decimal =>
  values.reduce((largest: Decimal, value) => Exact.max(largest, new Exact(value).abs()), new Exact(0));

/** An exact product of two scaled integers as a number in the caller's units. */
export const fromProduct = (exact: bigint, a: DecimalScale, b: DecimalScale): number =>
  new Exact(exact.toString()).div(new Exact(10).pow(a.digits + b.digits)).toNumber();
