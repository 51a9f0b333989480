import { Decimal } from 'decimal.js';

/** 40 digits: far beyond any input, so that a printed result does not depend on the order of its terms. */
export const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP });
