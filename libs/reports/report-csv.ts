import { type CarbonReport, inputColumns, reportRows } from '#carbon';

type Cell = string | number | boolean | null;

/** Every input row with what it came to, in grams CO2e (RFC 4180; empty: not known). */
export function reportCsv(report: CarbonReport): string {
  const columns = inputColumns(report);
  const header = [...columns, 'locationGramsCo2e', 'marketGramsCo2e', 'method', 'reportHash'];
  const rows = reportRows(report).map(({ input, locationGrams, marketGrams }): Cell[] => [
    ...columns.map((column) => input[column] ?? null),
    locationGrams,
    marketGrams,
    report.method,
    report.hash,
  ]);
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** Text that a spreadsheet would run as a formula is kept text by an apostrophe. */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
