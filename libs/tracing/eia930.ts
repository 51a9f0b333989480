import { DomainError, HOUR_MS, isoInstant } from '#core';
import type { FlowRecord, HourRecord, ZoneRecord } from './grid.ts';

/** An hour of Form EIA-930. */
export interface Eia930Hour extends HourRecord {
  readonly start: string;
}

/** Names of EIA's fuels here. */
const FUELS: ReadonlyMap<string, string> = new Map([
  ['COL', 'coal'],
  ['GAS', 'gas'],
  ['NUC', 'nuclear'],
  ['OIL', 'oil'],
  ['WAT', 'hydro'],
  ['SUN', 'solar'],
  ['WND', 'wind'],
  ['BIO', 'biomass'],
  ['GEO', 'geothermal'],
  ['OTH', 'unknown'],
  ['UNK', 'unknown'],
]);

const SOLAR = 'solar';
const UNKNOWN = 'unknown';
/** Neighbours abroad that export hydropower; what others export is of unknown fuel (de Chalendar & Benson 2021). */
const HYDRO_ABROAD = new Set(['BCHA', 'HQT', 'MHEB']);

/** What no balancing area has, MWh: such values are missing. Solar meters read some MWh below 0 at night. */
const LIMITS = { energy: [-1, 200_000], solar: [-1_000, 200_000], exchange: [-100_000, 100_000] } as const;

const MAX_COLUMNS = 10_000;

interface Column {
  readonly zone: string;
  readonly to: string | null;
  /** D, NG, TI, ID or a fuel. */
  readonly field: string;
}

/**
 * Reads the table of hourly grid data that gridemissions makes of EIA's API: `period` (end of the hour, UTC) and columns
 * `E_<zone>_<D, NG, TI or fuel>` and `E_<zone>-<zone>_ID`, MWh, empty where missing. Flows keep who reported them. Zones
 * without a row of their own (abroad) generate what they export and use what they import; zones without fuels generate
 * from unknown ones, and zones that report no demand only generate.
 * @throws EIA930_HEADER, EIA930_PERIOD, EIA930_VALUE with the line
 */
export function parseEia930(text: string): Eia930Hour[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = readHeader(lines[0] ?? '');
  const own = new Set(columns.flatMap(({ zone, field }) => (field === 'NG' ? [zone] : [])));
  return lines.flatMap((line, i) => {
    if (i === 0 || line.trim() === '') return [];
    const cells = line.split(',');
    if (cells.length !== columns.length + 1) {
      throw refusal('EIA930_VALUE', i + 1, `${columns.length + 1} columns`, `${cells.length}`);
    }
    const values = cells.slice(1).map((cell, at) => readValue(cell, columns[at]!, i + 1));
    return [{ start: readStart(cells[0]!, i + 1), ...hourOf(columns, values, own) }];
  });
}

function readHeader(header: string): Column[] {
  const [period, ...names] = header.split(',').map((name) => name.trim());
  const columns = names.map((name): Column => {
    const match = /^E_([A-Z0-9]+)(?:-([A-Z0-9]+))?_([A-Z]+)$/.exec(name);
    if (match === null) throw refusal('EIA930_HEADER', 1, 'columns E_<zone>_<field>', name);
    return { zone: match[1]!, to: match[2] ?? null, field: match[3]! };
  });
  if (period !== 'period' || columns.length === 0 || columns.length > MAX_COLUMNS) {
    throw refusal(
      'EIA930_HEADER',
      1,
      `period and up to ${MAX_COLUMNS} columns E_<zone>_<field>`,
      header.slice(0, 60),
    );
  }
  return columns;
}

const refusal = (code: string, line: number, expected: string, got: string): DomainError =>
  new DomainError(code, `line ${line}: expected ${expected}, got ${JSON.stringify(got)}`, 'invalid', {
    line,
  });

function readStart(cell: string, line: number): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(?::00(?::00)?)?(?:Z|\+00:00)?$/.exec(cell.trim());
  const endMs = match === null ? NaN : Date.parse(`${match[1]}T${match[2]}:00:00Z`);
  if (Number.isNaN(endMs))
    throw refusal('EIA930_PERIOD', line, 'the end of an hour, as 2021-07-10T00', cell.slice(0, 40));
  return isoInstant(endMs - HOUR_MS);
}

/** Null where it is missing or cannot be. */
function readValue(cell: string, { field }: Column, line: number): number | null {
  if (cell.trim() === '') return null;
  const value = Number(cell);
  if (!Number.isFinite(value)) throw refusal('EIA930_VALUE', line, 'a number of MWh', cell.slice(0, 40));
  const isExchange = field === 'TI' || field === 'ID';
  const [least, most] = isExchange ? LIMITS.exchange : field === 'SUN' ? LIMITS.solar : LIMITS.energy;
  return value >= least && value <= most ? value : null;
}

function hourOf(
  columns: readonly Column[],
  values: readonly (number | null)[],
  own: ReadonlySet<string>,
): HourRecord {
  const zones = new Map<string, ZoneRecord & { generation: Record<string, number | null> }>();
  const flows: FlowRecord[] = [];
  const imports = new Map<string, number>();
  columns.forEach(({ zone, to, field }, at) => {
    const value = values[at]!;
    const record = zones.get(zone) ?? { id: zone, generation: {} };
    zones.set(zone, record);
    if (to !== null) {
      flows.push({ from: zone, to, mwh: value, reportedBy: zone });
      if (!own.has(to)) imports.set(to, (imports.get(to) ?? 0) + (value ?? 0));
      return;
    }
    zones.set(zone, { ...record, ...statementOf(record, field, value) });
  });
  return {
    zones: [
      ...[...zones.values()]
        .map((zone) => ({ demand: 0, ...zone }))
        .map((zone) =>
          Object.keys(zone.generation).length > 0
            ? zone
            : { ...zone, generation: { [UNKNOWN]: zone.netGeneration ?? null } },
        ),
      ...[...imports].map(([id, mwh]): ZoneRecord => ({
        id,
        generation: { [HYDRO_ABROAD.has(id) ? 'hydro' : UNKNOWN]: Math.max(0, -mwh) },
        demand: Math.max(0, mwh),
      })),
    ],
    flows,
  };
}

function statementOf(
  { generation }: { readonly generation: Readonly<Record<string, number | null>> },
  field: string,
  value: number | null,
): Partial<ZoneRecord> & { generation: Record<string, number | null> } {
  if (field === 'D') return { demand: value, generation };
  if (field === 'NG') return { netGeneration: value, generation };
  if (field === 'TI') return { interchange: value, generation };
  const fuel = FUELS.get(field) ?? field.toLowerCase();
  const mwh = fuel === SOLAR && value !== null ? Math.max(0, value) : value;
  const before = generation[fuel];
  return {
    generation: {
      ...generation,
      [fuel]: before === undefined || before === null ? mwh : before + (mwh ?? 0),
    },
  };
}
