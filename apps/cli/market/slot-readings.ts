import { DomainError, energyWhFromKwh, parseInstant, quoted } from '#core';
import { csvError, type CsvRecord, csvRecords } from '#metering';
import { type SlotRow, slotTable, type SlotTable } from '#studies';
import { readInputFile } from '../input.ts';

const COLUMNS = ['start', 'member', 'load_kwh', 'generation_kwh'] as const;
const MAX_BYTES = 256 * 2 ** 20;

/** Reads a CSV file of slots. @throws FILE_UNREADABLE, FILE_TOO_LARGE and the codes of slotsFromCsv */
export async function readSlots(path: string): Promise<SlotTable> {
  return slotsFromCsv(new TextDecoder().decode(await readInputFile(path, MAX_BYTES)));
}

/**
 * One row a member and slot: `start` (ISO 8601 with an offset), `member`, `load_kwh`, `generation_kwh`, columns in any order.
 * @throws CSV_HEADER, CSV_CELL, CSV_QUOTE, CSV_TOO_LARGE, READINGS_EMPTY, READINGS_RESOLUTION, READINGS_GAP
 */
export function slotsFromCsv(text: string): SlotTable {
  const records = csvRecords(text);
  const header = records.next();
  if (header.done === true) throw new DomainError('READINGS_EMPTY', 'expected rows of readings, got none');
  const at = columnsOf(header.value);
  const rows: SlotRow[] = [];
  for (const record of records) rows.push(readingOf(record, at));
  return slotTable(rows);
}

type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;

function columnsOf({ fields, line }: CsvRecord): Columns {
  const named = fields.map((field) => field.trim());
  for (const name of COLUMNS) {
    if (!named.includes(name))
      throw csvError('CSV_HEADER', line, 1, `expected a column ${name}, got ${quoted(named.join(','))}`);
  }
  return Object.fromEntries(COLUMNS.map((name) => [name, named.indexOf(name)])) as Record<
    (typeof COLUMNS)[number],
    number
  >;
}

function readingOf({ fields, line }: CsvRecord, at: Columns): SlotRow {
  const cell = (name: (typeof COLUMNS)[number]): string => fields[at[name]]?.trim() ?? '';
  const refuse = (name: (typeof COLUMNS)[number], expected: string): DomainError =>
    csvError('CSV_CELL', line, at[name] + 1, `expected ${expected}`);
  const wh = (name: 'load_kwh' | 'generation_kwh'): number => {
    if (!/^\d{1,12}(?:\.\d{1,12})?$/.test(cell(name))) throw refuse(name, 'a decimal number of kWh ≥ 0');
    return energyWhFromKwh(Number(cell(name)));
  };
  const member = cell('member');
  if (member === '' || member.length > 200) throw refuse('member', 'a name of 1 to 200 characters');
  try {
    const startMs = parseInstant(cell('start'));
    return { startMs, reading: { member, loadWh: wh('load_kwh'), generationWh: wh('generation_kwh') } };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'INSTANT_MALFORMED')
      throw refuse('start', 'ISO 8601 with an offset');
    throw error;
  }
}
