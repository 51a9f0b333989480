import { DomainError } from '#core';

/** One row of a table: its index and its cells by column. */
export interface TableRow {
  readonly index: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

const MAX_ROWS = 100_000;

/** A file that is not what pandapower writes. */
export const malformed = (expected: string, where: string): DomainError =>
  new DomainError(
    'PANDAPOWER_MALFORMED',
    `expected ${expected} in ${where} of the pandapower file`,
    'invalid',
    {
      where,
    },
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether JSON is a network as pandapower's to_json writes it. */
export const isPandapower = (json: unknown): boolean => isRecord(json) && json['_class'] === 'pandapowerNet';

/** The tables and settings of a network. @throws PANDAPOWER_MALFORMED */
export function pandapowerObject(json: unknown): Readonly<Record<string, unknown>> {
  const inside = isRecord(json) ? json['_object'] : undefined;
  if (!isPandapower(json) || !isRecord(inside)) throw malformed('a pandapowerNet object', 'the top level');
  return inside;
}

/**
 * The rows of a table: a DataFrame serialised as a string in pandas' `split` orientation (columns, index, data), or absent.
 * @throws PANDAPOWER_MALFORMED, NETWORK_TOO_LARGE
 */
export function tableOf(network: Readonly<Record<string, unknown>>, name: string): TableRow[] {
  const table = network[name];
  if (table === undefined) return [];
  const { columns, index, data } = frameOf(table, name);
  if (data.length > MAX_ROWS) {
    const message = `expected at most ${MAX_ROWS} rows in ${name}, got ${data.length}`;
    throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { rows: data.length });
  }
  return data.map((cells, i) => {
    const label = index[i];
    if (!Array.isArray(cells) || cells.length !== columns.length || typeof label !== 'number') {
      throw malformed(`${columns.length} cells and a number as index`, `row ${i} of ${name}`);
    }
    return {
      index: label,
      cells: Object.fromEntries(columns.map((column, j) => [String(column), cells[j]])),
    };
  });
}

interface Frame {
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  readonly data: readonly unknown[];
}

function frameOf(table: unknown, name: string): Frame {
  const text = isRecord(table) && table['_class'] === 'DataFrame' ? table['_object'] : undefined;
  const frame = typeof text === 'string' ? parsed(text, name) : text;
  if (!isRecord(frame)) throw malformed('a DataFrame', name);
  const { columns, index, data } = frame;
  if (Array.isArray(columns) && Array.isArray(index) && Array.isArray(data) && index.length === data.length) {
    return { columns, index, data };
  }
  throw malformed('columns, index and data (orient split)', name);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('JSON', name);
  }
}

/** A number, or the default where the cell is absent or null. @throws PANDAPOWER_MALFORMED */
export function numberIn({ cells, index }: TableRow, column: string, absent?: number): number {
  const value = cells[column] ?? absent;
  if (typeof value !== 'number') throw malformed(`a number as ${column}`, `row ${index}`);
  return value;
}

/** True unless the cell says otherwise. */
export const inService = ({ cells }: TableRow): boolean => cells['in_service'] !== false;
