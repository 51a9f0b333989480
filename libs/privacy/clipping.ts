import { DomainError } from '#core';
import { requireParameter } from './accounting.ts';

/** √Σv², without overflow on the way. */
function norm(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const value of values) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/**
 * The vector, scaled down where its L2 norm exceeds `limit`. A copy; its computed norm is at most `limit`.
 * @throws VALUE_NOT_FINITE, PRIVACY_PARAMETER
 */
export function clipToNorm(values: Float64Array, limit: number): Float64Array {
  requireParameter(limit > 0 && Number.isFinite(limit), 'a positive limit', limit);
  let length = norm(values);
  if (!Number.isFinite(length)) {
    throw new DomainError('VALUE_NOT_FINITE', 'expected finite values to clip, got one that is not');
  }
  let clipped = values.slice();
  // Once, and a second time where rounding left the norm a digit above the limit.
  for (; length > limit; length = norm(clipped)) {
    const factor = (limit / length) * (1 - Number.EPSILON);
    clipped = clipped.map((value) => value * factor);
  }
  return clipped;
}

export interface Discretisation {
  /** Norm limit of `clipToNorm`, in the unit of the values. */
  readonly clip: number;
  readonly fractionBits: number;
  readonly dimension: number;
}

/**
 * L2 sensitivity of a sum of clipped vectors after rounding to the grid of 2^-fractionBits, in grid units: clip·2^f + √d.
 * Rounding up or down, by whatever draws, moves each coordinate by less than one unit, hence the vector by less than √d:
 * nothing about the draws has to be trusted. Neighbours are an organisation's vector and zeros in its place; where one
 * vector may replace another it is twice this.
 * @throws PRIVACY_PARAMETER
 */
export function integerSensitivity({ clip, fractionBits, dimension }: Discretisation): number {
  requireParameter(clip > 0 && Number.isFinite(clip), 'a positive clip', clip);
  requireParameter(Number.isSafeInteger(fractionBits), 'whole fraction bits', fractionBits);
  requireParameter(Number.isSafeInteger(dimension) && dimension > 0, 'a positive whole dimension', dimension);
  return clip * 2 ** fractionBits + Math.sqrt(dimension);
}
