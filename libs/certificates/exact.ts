import { Decimal } from 'decimal.js';

/** Decimals whose sums and products of a year's steps lose nothing. */
export const Exact = Decimal.clone({ precision: 60 });

export const exact = (value: string | number): Decimal => new Exact(value);
