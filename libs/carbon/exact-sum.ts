import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';

export const exactSum = (values: readonly Decimal.Value[]): Decimal =>
  values.reduce((sum: Decimal, value) => sum.plus(value), new Exact(0));
