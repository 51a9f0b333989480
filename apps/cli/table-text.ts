import { painted } from './terminal.ts';

/** Columns as wide as their widest cell; numbers to the right. For standard output. */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [header, ...rows.map((row) => row.map(cellText))];
  const widths = header.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const [head = '', ...lines] = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  return [painted('heading', head, 'stdout'), ...lines].join('\n');
}

/** Smaller is what rounding leaves of 0. */
const LEAST = 1e-12;

const cellText = (cell: string | number): string => {
  if (typeof cell === 'string') return cell;
  return Math.abs(cell) < LEAST ? '0' : Number(cell.toPrecision(7)).toString();
};
