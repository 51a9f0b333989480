import { z } from 'zod';

/** As many digits as a decimal string has before its point: sums and products of a few of them stay finite. */
const LARGEST = 1e30;

/** A number, or a decimal in a string where a double would not be exact. */
export const decimal = z.union(
  [
    z.number().min(-LARGEST).max(LARGEST),
    z.string().regex(/^-?\d{1,30}(?:\.\d{1,30})?$/, 'expected a decimal number'),
  ],
  `expected a number within ±${LARGEST}, or a decimal in a string`,
);

export const nonNegative = decimal.refine((value) => Number(value) >= 0, 'expected a number of at least 0');

/** A number from 0 to 1, read as a double. */
export const share = decimal
  .refine((value) => Number(value) >= 0 && Number(value) <= 1, 'expected a number from 0 to 1')
  .transform(Number);

/** Parsed by whoever knows what it is for. */
export const instant = z.string().max(40).describe('ISO 8601 with an offset');

export const identifier = z.string().min(1).max(200);
