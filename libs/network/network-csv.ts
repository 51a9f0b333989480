import { csvRecords } from '#metering';
import { DomainError } from '#core';
import type { BusData, LineData, NetworkData } from './network-data.ts';

/** The two files of a feeder. */
export interface NetworkCsv {
  /** Header `id`, then any of p, q, vmin, vmax, shuntP, shuntQ; one bus a line. */
  readonly buses: string;
  /** Header `from,to,r,x`, then any of limit, in_service (0 or false: left out); one line a line. */
  readonly lines: string;
}

const BUS_COLUMNS = ['id', 'p', 'q', 'vmin', 'vmax', 'shuntP', 'shuntQ'] as const;
const LINE_COLUMNS = ['from', 'to', 'r', 'x', 'limit', 'in_service'] as const;

/**
 * A network from a pair of CSV files (RFC 4180). An empty cell is one that is absent.
 * @throws CSV_QUOTE, CSV_TOO_LARGE, NETWORK_CSV with line and column
 */
export function networkFromCsv(files: NetworkCsv): Pick<NetworkData, 'buses' | 'lines'> {
  const buses = rows(files.buses, 'buses', BUS_COLUMNS, ['id']).map((row): BusData => {
    const { id, ...numbers } = row.cells;
    return { id: id!, ...row.numbers(Object.keys(numbers)) };
  });
  const lines = rows(files.lines, 'lines', LINE_COLUMNS, ['from', 'to', 'r', 'x']).flatMap(
    (row): LineData[] => {
      const { from, to, in_service: inService = '1' } = row.cells;
      if (['0', 'false', 'False'].includes(inService)) return [];
      const { r, x, limit } = row.numbers(['r', 'x', 'limit']);
      return [{ from: from!, to: to!, r: r!, x: x!, ...(limit === undefined ? {} : { limit }) }];
    },
  );
  return { buses, lines };
}

interface Row {
  readonly cells: Readonly<Record<string, string>>;
  /** The cells of these columns that are not empty, as numbers. */
  numbers(columns: readonly string[]): Record<string, number>;
}

function rows(
  text: string,
  file: 'buses' | 'lines',
  known: readonly string[],
  required: readonly string[],
): Row[] {
  const refuse = (line: number, problem: string): DomainError =>
    new DomainError('NETWORK_CSV', `${file}, line ${line}: ${problem}`, 'invalid', { file, line });
  const [header, ...records] = csvRecords(text);
  const columns = header?.fields.map((field) => field.trim()) ?? [];
  const missing = required.filter((column) => !columns.includes(column));
  const unknown = columns.filter((column, i) => !known.includes(column) || columns.indexOf(column) !== i);
  if (missing.length > 0 || unknown.length > 0) {
    const expected = `expected the columns ${required.join(',')} and any of ${known.join(',')}`;
    throw refuse(1, `${expected}, got ${columns.join(',') || 'nothing'}`);
  }
  return records.map(({ line, fields }) => {
    if (fields.length !== columns.length) {
      throw refuse(line, `expected ${columns.length} fields, got ${fields.length}`);
    }
    const filled = columns
      .map((column, i) => [column, fields[i]!.trim()] as const)
      .filter(([, cell]) => cell !== '');
    const cells: Record<string, string> = Object.fromEntries(filled);
    const absent = required.find((column) => cells[column] === undefined);
    if (absent !== undefined) throw refuse(line, `expected a value as ${absent}, got none`);
    return {
      cells,
      numbers: (wanted) =>
        Object.fromEntries(
          wanted.flatMap((column) => {
            const cell = cells[column];
            if (cell === undefined) return [];
            if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(cell)) {
              throw refuse(line, `expected a number as ${column}, got something else`);
            }
            return [[column, Number(cell)]];
          }),
        ),
    };
  });
}
