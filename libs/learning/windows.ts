import { DomainError } from '#core';
import { type NetworkTerms, windowWidth } from './network.ts';

/** Inputs and targets of a site's windows, row by row, standardised: x is rows × (lookback + covariates), y rows × horizon. */
export interface Windows {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly rows: number;
}

/** @throws WINDOWS_LENGTH */
export function requireWindows(network: NetworkTerms, { x, y, rows }: Windows): void {
  const { horizon } = network;
  const width = windowWidth(network);
  if (x.length === rows * width && y.length === rows * horizon) return;
  throw new DomainError(
    'WINDOWS_LENGTH',
    `expected ${rows} rows of ${width} and ${horizon} values, got ${x.length} and ${y.length} values`,
    'invalid',
    { rows, inputs: x.length, targets: y.length },
  );
}

/** The rows of `order` from `from` up to `to`, in that order. */
export function pickRows(
  { x, y }: Windows,
  network: NetworkTerms,
  order: Uint32Array,
  from: number,
  to: number,
): Windows {
  const { horizon } = network;
  const width = windowWidth(network);
  const rows = to - from;
  const picked = { x: new Float32Array(rows * width), y: new Float32Array(rows * horizon), rows };
  for (let r = 0; r < rows; r += 1) {
    const row = order[from + r]!;
    picked.x.set(x.subarray(row * width, (row + 1) * width), r * width);
    picked.y.set(y.subarray(row * horizon, (row + 1) * horizon), r * horizon);
  }
  return picked;
}

/** `count` rows from row `from` on, without copying. */
export function sliceRows({ x, y }: Windows, network: NetworkTerms, from: number, count: number): Windows {
  const { horizon } = network;
  const width = windowWidth(network);
  return {
    x: x.subarray(from * width, (from + count) * width),
    y: y.subarray(from * horizon, (from + count) * horizon),
    rows: count,
  };
}
