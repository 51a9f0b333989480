import { DomainError, parseInstant } from '#core';
import { CSV_LIMITS, csvError, csvRecords } from '#metering';
import {
  COMBUSTION_SECTORS,
  type CombustionFactor,
  type EmissionFactor,
  type FactorSet,
  type FactorSetRank,
} from './factor.ts';
import { Exact } from './exact.ts';
import { gwpSet } from './gwp-sets.ts';
import { factorUnitInto, type FactorUnitTable, GRAMS_PER_KWH, KG_PER_TJ } from './factor-units.ts';

/** What a file of factors may hold before it is refused. */
const LIMITS = { ...CSV_LIMITS, characters: 2_000_000, rows: 5_000, columns: 16 } as const;

/** Something to know about a file that does not keep it from being used. */
export interface FactorFinding {
  readonly kind: 'gap';
  /** Line, from 1, of the row after it. */
  readonly line: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The rows of a file, each under the number of its line; ids follow from the set that they become. */
export interface FactorFile {
  readonly factors: readonly FactorLine<EmissionFactor>[];
  readonly fuels: readonly FactorLine<CombustionFactor>[];
  readonly findings: readonly FactorFinding[];
}

export type FactorLine<Row> = Omit<Row, 'id'> & { readonly line: number };

const KWH_COLUMNS = {
  required: ['subject', 'basis', 'value', 'unit', 'valid_from', 'source'],
  optional: ['averaging', 'zone', 'gwp_set', 'valid_to'],
} as const;
const FUEL_COLUMNS = {
  required: ['fuel', 'calorific', 'co2', 'ch4', 'n2o', 'unit', 'biogenic', 'valid_from', 'source'],
  optional: ['sector', 'zone', 'valid_to'],
} as const;

/**
 * Reads factors from a comma-separated file with a header. By the kWh: `subject, basis, value, unit, valid_from, source` and
 * any of `averaging, zone, gwp_set, valid_to`. By the fuel: `fuel, calorific, co2, ch4, n2o, unit, biogenic, valid_from,
 * source` and any of `sector, zone, valid_to`. Two rows of one thing whose validity overlaps are refused.
 * @throws FACTOR_CSV_HEADER, FACTOR_CSV_VALUE, FACTOR_CSV_CONFLICT, FACTOR_CSV_EMPTY, CSV_QUOTE, CSV_TOO_LARGE, each with
 *   line and column
 */
export function parseFactorCsv(text: string): FactorFile {
  const records = csvRecords(text, LIMITS);
  const first = records.next();
  const header = first.done === true ? [] : first.value.fields.map((name) => name.trim());
  const ofFuels = header.includes('fuel');
  requireHeader(header, ofFuels ? FUEL_COLUMNS : KWH_COLUMNS);
  const factors: FactorLine<EmissionFactor>[] = [];
  const fuels: FactorLine<CombustionFactor>[] = [];
  for (const { line, fields } of records) {
    const cells = new Cells(header, fields, line);
    if (ofFuels) fuels.push(fuelOf(cells));
    else factors.push(factorOf(cells));
  }
  if (factors.length + fuels.length === 0) {
    throw csvError('FACTOR_CSV_EMPTY', 2, 1, 'expected at least one factor after the header, got none');
  }
  const findings = [
    ...reviewValidity(factors, ({ subject, basis, averaging, zone }) => [subject, basis, averaging, zone]),
    ...reviewValidity(fuels, ({ fuel, sector, zone }) => [fuel, sector, zone]),
  ];
  return { factors, fuels, findings };
}

/** A file as a set: its rows get the set's id and their line as their own. */
export function factorSetOf(
  file: FactorFile,
  set: {
    readonly id: string;
    readonly title: string;
    readonly rank: FactorSetRank;
    readonly sinceMs: number;
  },
): FactorSet {
  const withId = <Row>({ line, ...row }: FactorLine<Row>) => ({ ...row, id: `${set.id}/${line}` });
  return { ...set, factors: file.factors.map(withId), fuels: file.fuels.map(withId) };
}

/** One record by the names of its columns. */
class Cells {
  constructor(
    private readonly header: readonly string[],
    private readonly fields: readonly string[],
    readonly line: number,
  ) {
    if (fields.length !== header.length) {
      throw csvError(
        'FACTOR_CSV_VALUE',
        line,
        Math.min(fields.length, header.length),
        `expected ${header.length} columns, got ${fields.length}`,
      );
    }
  }

  /** Empty where the column is. */
  get(name: string): string {
    const at = this.header.indexOf(name);
    return at < 0 ? '' : this.fields[at]!.trim();
  }

  refusal(name: string, expected: string): DomainError {
    return csvError(
      'FACTOR_CSV_VALUE',
      this.line,
      this.header.indexOf(name) + 1,
      `expected ${expected} in ${name}, got ${JSON.stringify(this.get(name).slice(0, 60))}`,
    );
  }

  text(name: string, most: number): string {
    const text = this.get(name);
    if (text === '' || text.length > most) throw this.refusal(name, `1–${most} characters`);
    return text;
  }

  named(name: string): string {
    const text = this.get(name);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(text)) {
      throw this.refusal(name, 'a name of 1–80 letters, digits, dots, dashes');
    }
    return text;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], absent?: Choice): Choice {
    const text = this.get(name);
    const chosen = text === '' ? absent : choices.find((choice) => choice === text);
    if (chosen === undefined) throw this.refusal(name, `one of ${choices.join(', ')}`);
    return chosen;
  }

  zone(): string | null {
    return this.get('zone') === '' ? null : this.named('zone');
  }

  /** A value in the table's own unit, an exact decimal. */
  quantity(name: string, units: FactorUnitTable): string {
    const text = this.get(name);
    const unit = this.choice('unit', Object.keys(units.factors));
    if (!/^\d{1,12}(?:\.\d{1,12})?$/.test(text)) throw this.refusal(name, 'a decimal ≥ 0');
    const value = factorUnitInto(units, text, unit);
    if (new Exact(value).gt(units.most)) {
      throw this.refusal(name, `at most ${units.most} ${units.unit}`);
    }
    return value;
  }

  instant(name: string): number {
    const text = this.get(name);
    try {
      return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw this.refusal(name, 'a date or an instant in ISO 8601');
    }
  }

  validity(): { readonly validFromMs: number; readonly validToMs: number | null } {
    const validFromMs = this.instant('valid_from');
    const validToMs = this.get('valid_to') === '' ? null : this.instant('valid_to');
    if (validToMs !== null && validToMs <= validFromMs)
      throw this.refusal('valid_to', 'an end after its start');
    return { validFromMs, validToMs };
  }
}

function factorOf(cells: Cells): FactorLine<EmissionFactor> {
  return {
    line: cells.line,
    subject: cells.named('subject'),
    gramsCo2ePerKwh: cells.quantity('value', GRAMS_PER_KWH),
    basis: cells.choice('basis', ['direct', 'lifecycle']),
    averaging: cells.choice('averaging', ['average', 'marginal'], 'average'),
    zone: cells.zone(),
    gwpSet: gwpSetOf(cells),
    source: cells.text('source', 500),
    ...cells.validity(),
  };
}

function gwpSetOf(cells: Cells): string | null {
  const id = cells.get('gwp_set');
  if (id === '') return null;
  try {
    return gwpSet(id).id;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw cells.refusal('gwp_set', 'a known GWP set');
  }
}

function fuelOf(cells: Cells): FactorLine<CombustionFactor> {
  const sector = cells.get('sector');
  return {
    line: cells.line,
    fuel: cells.named('fuel'),
    sector: sector === '' ? null : cells.choice('sector', COMBUSTION_SECTORS),
    calorific: cells.choice('calorific', ['ncv', 'gcv']),
    kgCo2PerTj: cells.quantity('co2', KG_PER_TJ),
    kgCh4PerTj: cells.quantity('ch4', KG_PER_TJ),
    kgN2oPerTj: cells.quantity('n2o', KG_PER_TJ),
    biogenic: cells.choice('biogenic', ['true', 'false']) === 'true',
    zone: cells.zone(),
    source: cells.text('source', 500),
    ...cells.validity(),
  };
}

function requireHeader(
  header: readonly string[],
  { required, optional }: { readonly required: readonly string[]; readonly optional: readonly string[] },
): void {
  const known = [...required, ...optional];
  const wrong = header.findIndex((name, i) => !known.includes(name) || header.indexOf(name) !== i);
  const missing = required.filter((name) => !header.includes(name));
  if (wrong < 0 && missing.length === 0) return;
  throw csvError(
    'FACTOR_CSV_HEADER',
    1,
    wrong < 0 ? Math.max(header.length, 1) : wrong + 1,
    wrong < 0
      ? `expected also the columns ${missing.join(', ')}`
      : `expected each of ${known.join(', ')} at most once, got ${JSON.stringify(header[wrong]!.slice(0, 60))}`,
  );
}

interface Valid {
  readonly line: number;
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

/** Refuses rows of one thing that hold at one time; tells where between two of them none holds. */
function reviewValidity<Row extends Valid>(
  rows: readonly Row[],
  keyOf: (row: Row) => readonly (string | null)[],
): FactorFinding[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((group) => {
    const inTime = group.toSorted((a, b) => a.validFromMs - b.validFromMs || a.line - b.line);
    return inTime.slice(1).flatMap((row, i): FactorFinding[] => {
      const before = inTime[i]!;
      if (before.validToMs === null || before.validToMs > row.validFromMs) {
        throw csvError(
          'FACTOR_CSV_CONFLICT',
          row.line,
          1,
          `expected one factor at a time, got line ${before.line} of the same time`,
        );
      }
      const isGap = before.validToMs < row.validFromMs;
      return isGap ? [{ kind: 'gap', line: row.line, fromMs: before.validToMs, toMs: row.validFromMs }] : [];
    });
  });
}
