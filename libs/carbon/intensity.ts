import { DomainError, HOUR_MS, isoInstant, parseInstant } from '#core';

/** Average (never marginal) emissions of one kWh from the grid in the hour that begins at `startMs`. */
export interface IntensityHour {
  readonly startMs: number;
  /** Exact decimal as written, without superfluous zeros. 1 kg/kWh = 1 g/Wh. */
  readonly kgCo2ePerKwh: string;
}

/** Something the reader should know that does not stop the series from being used. */
export interface IntensityFinding {
  readonly kind: 'gap' | 'duplicate' | 'unsorted';
  /** 1-based line of the file; for a gap the line after it in time order. */
  readonly line: number;
  readonly startMs: number;
  /** Hours missing or repeated. */
  readonly hours: number;
}

export interface IntensitySeries {
  /** In time order, each hour once, all on one hourly grid. */
  readonly hours: readonly IntensityHour[];
  readonly findings: readonly IntensityFinding[];
}

/** Above any grid or plant on record (lignite plants reach 1.2): a larger number is g/kWh or kg/MWh under a wrong heading. */
export const MAX_KG_PER_KWH = 3;
const TIMESTAMP = 'timestamp';
const INTENSITY = 'grid_kgco2e_per_kwh';

interface Row extends IntensityHour {
  readonly line: number;
}

/**
 * Reads a grid intensity series: columns `timestamp` (interval start, ISO 8601 with an offset, on the local hour) and
 * `grid_kgco2e_per_kwh` (decimal kg); other columns are ignored. Missing, repeated and unsorted hours are findings.
 * @throws INTENSITY_HEADER, INTENSITY_TIMESTAMP, INTENSITY_VALUE, INTENSITY_OFF_GRID, INTENSITY_CONFLICT, INTENSITY_EMPTY,
 *   with `line` and `column` in the data.
 */
export function parseIntensityCsv(text: string): IntensitySeries {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = readHeader(lines[0] ?? '');
  const rows: Row[] = [];
  lines.forEach((content, index) => {
    if (index > 0 && content.trim() !== '') rows.push(readRow(content, index + 1, columns, rows[0]));
  });
  if (rows.length === 0) {
    throw new DomainError(
      'INTENSITY_EMPTY',
      'expected at least one hour after the header, got none',
      'invalid',
      {
        line: 2,
        column: TIMESTAMP,
      },
    );
  }
  return inOrder(rows);
}

interface Columns {
  readonly count: number;
  readonly timestamp: number;
  readonly intensity: number;
}

function readHeader(header: string): Columns {
  const names = header.split(',').map((name) => name.trim());
  const timestamp = names.indexOf(TIMESTAMP);
  const intensity = names.indexOf(INTENSITY);
  const missing = timestamp < 0 ? TIMESTAMP : INTENSITY;
  if (timestamp < 0 || intensity < 0 || new Set(names).size !== names.length) {
    throw new DomainError(
      'INTENSITY_HEADER',
      `expected a header with ${TIMESTAMP} and ${INTENSITY} once each, got ${JSON.stringify(header.slice(0, 120))}`,
      'invalid',
      { line: 1, column: missing },
    );
  }
  return { count: names.length, timestamp, intensity };
}

function readRow(content: string, line: number, columns: Columns, first: Row | undefined): Row {
  const cells = content.split(',').map((cell) => cell.trim());
  if (cells.length !== columns.count) {
    throw refusal('INTENSITY_VALUE', line, INTENSITY, `${columns.count} columns`, `${cells.length}`);
  }
  const startMs = readStart(cells[columns.timestamp]!, line);
  if (first !== undefined && (startMs - first.startMs) % HOUR_MS !== 0) {
    throw refusal(
      'INTENSITY_OFF_GRID',
      line,
      TIMESTAMP,
      'whole hours from the first row',
      isoInstant(startMs),
    );
  }
  return { line, startMs, kgCo2ePerKwh: readIntensity(cells[columns.intensity]!, line) };
}

function readStart(cell: string, line: number): number {
  if (!/T\d{2}:00(?::00(?:\.0+)?)?(?:Z|[+-])/.test(cell)) {
    throw refusal(
      'INTENSITY_TIMESTAMP',
      line,
      TIMESTAMP,
      'a whole local hour in ISO 8601 with an offset',
      cell,
    );
  }
  try {
    return parseInstant(cell);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw refusal(
      'INTENSITY_TIMESTAMP',
      line,
      TIMESTAMP,
      'a whole local hour in ISO 8601 with an offset',
      cell,
    );
  }
}

function readIntensity(cell: string, line: number): string {
  if (!/^\d{1,6}(?:\.\d{1,12})?$/.test(cell) || Number(cell) > MAX_KG_PER_KWH) {
    throw refusal(
      'INTENSITY_VALUE',
      line,
      INTENSITY,
      `a decimal from 0 to ${MAX_KG_PER_KWH} kgCO2e per kWh`,
      cell,
    );
  }
  const [whole, fraction = ''] = cell.split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${Number(whole)}${digits === '' ? '' : `.${digits}`}`;
}

const refusal = (code: string, line: number, column: string, expected: string, got: string): DomainError =>
  new DomainError(
    code,
    `line ${line}, column ${column}: expected ${expected}, got ${JSON.stringify(got.slice(0, 60))}`,
    'invalid',
    { line, column },
  );

function inOrder(rows: readonly Row[]): IntensitySeries {
  const findings: IntensityFinding[] = unsorted(rows);
  const hours: IntensityHour[] = [];
  const sorted = rows.toSorted((a, b) => a.startMs - b.startMs || a.line - b.line);
  for (const { line, startMs, kgCo2ePerKwh } of sorted) {
    const last = hours.at(-1);
    if (last?.startMs === startMs) {
      if (last.kgCo2ePerKwh !== kgCo2ePerKwh) {
        throw refusal('INTENSITY_CONFLICT', line, INTENSITY, `${last.kgCo2ePerKwh} as before`, kgCo2ePerKwh);
      }
      findings.push({ kind: 'duplicate', line, startMs, hours: 1 });
      continue;
    }
    const missing = last === undefined ? 0 : (startMs - last.startMs) / HOUR_MS - 1;
    if (last !== undefined && missing > 0) {
      findings.push({ kind: 'gap', line, startMs: last.startMs + HOUR_MS, hours: missing });
    }
    hours.push({ startMs, kgCo2ePerKwh });
  }
  return { hours, findings };
}

function unsorted(rows: readonly Row[]): IntensityFinding[] {
  const at = rows.findIndex((row, i) => i > 0 && row.startMs < rows[i - 1]!.startMs);
  return at < 0 ? [] : [{ kind: 'unsorted', line: rows[at]!.line, startMs: rows[at]!.startMs, hours: 0 }];
}
