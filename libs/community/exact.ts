import { Decimal } from 'decimal.js';

/**
 * Decimals of 40 significant digits: a price that is a quotient (a supply–demand ratio's) keeps 18 digits behind the
 * point of the largest monthly bill, so that rounding happens once, where money is paid.
 */
export const Exact = Decimal.clone({ precision: 40, defaults: true });

export const ZERO = new Exact(0);

export const sum = (values: readonly Decimal.Value[]): Decimal =>
  values.reduce((total: Decimal, value) => total.plus(value), ZERO);

/** value · part / whole, multiplied first so that what is whole stays whole; zero of nothing. */
export const portion = (value: Decimal, part: Decimal, whole: Decimal): Decimal =>
  whole.isZero() ? ZERO : value.times(part).div(whole);
