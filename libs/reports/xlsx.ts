import type { CarbonReport } from '#carbon';
import { reportSheets } from './report-sheets.ts';
import { withoutZipTimes } from './zip-times.ts';

/** A workbook: summary, lines, inputs, factors. Exact decimals are text; energies and whole grams are numbers. */
export async function reportXlsx(report: CarbonReport): Promise<Uint8Array> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const sheets = reportSheets(report).map(({ sheet, widths, rows }) => ({
    sheet,
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: sheet === 'summary' ? 0 : 1,
    data: rows.map((row, n) => row.map((value) => cellOf(value, n === 0))),
  }));
  return withoutZipTimes(await writeXlsxFile(sheets).toBuffer());
}

const cellOf = (value: string | number | boolean | null, isHeader: boolean) =>
  value === null ? null : isHeader ? ({ value, fontWeight: 'bold' } as const) : { value };
