import { DomainError } from '#core';
import type { NetworkTerms } from './network.ts';

/** Inputs and targets of a site's windows, row by row, standardised: x is rows × lookback, y rows × horizon. */
export interface Windows {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly rows: number;
}

/** @throws WINDOWS_LENGTH */
export function requireWindows({ lookback, horizon }: NetworkTerms, { x, y, rows }: Windows): void {
  if (x.length === rows * lookback && y.length === rows * horizon) return;
  throw new DomainError(
    'WINDOWS_LENGTH',
    `expected ${rows} rows of ${lookback} and ${horizon} values, got ${x.length} and ${y.length} values`,
    'invalid',
    { rows, inputs: x.length, targets: y.length },
  );
}

/** The rows of `order` from `from` up to `to`, in that order. */
export function pickRows(
  { x, y }: Windows,
  { lookback, horizon }: NetworkTerms,
  order: Uint32Array,
  from: number,
  to: number,
): Windows {
  const rows = to - from;
  const picked = { x: new Float32Array(rows * lookback), y: new Float32Array(rows * horizon), rows };
  for (let r = 0; r < rows; r += 1) {
    const row = order[from + r]!;
    picked.x.set(x.subarray(row * lookback, (row + 1) * lookback), r * lookback);
    picked.y.set(y.subarray(row * horizon, (row + 1) * horizon), r * horizon);
  }
  return picked;
}

/** `count` rows from row `from` on, without copying. */
export const sliceRows = (
  { x, y }: Windows,
  { lookback, horizon }: NetworkTerms,
  from: number,
  count: number,
): Windows => ({
  x: x.subarray(from * lookback, (from + count) * lookback),
  y: y.subarray(from * horizon, (from + count) * horizon),
  rows: count,
});
