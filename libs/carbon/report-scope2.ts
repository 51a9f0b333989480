import {
  contains,
  DomainError,
  HOUR_MS,
  type Interval,
  interval,
  isoInstant,
  parseInstant,
  requireZone,
} from '#core';
import { Decimal } from 'decimal.js';
import {
  type ReportBasis,
  type ReportFactor,
  type ReportFindings,
  type ReportFlag,
  type ReportLine,
  type ReportMethod,
  type ReportRow,
} from './report.ts';
import { reportBuckets, reportPeriod, reportTotals } from './report-totals.ts';
import { requireOneKind } from './factor.ts';
import { SCOPE2_DISCLOSURES, SCOPE2_METHOD } from './scope2.ts';

const Exact = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_UP });
const INDICATOR_PLACES = 6;

/** One hour of a report's inputs. Whole Wh. */
interface Hour {
  readonly startMs: number;
  readonly importWh: number;
  readonly attributedWh: number;
  /** Carbon-free share of the grid in this hour, where it is known. */
  readonly gridCarbonFreeShare: string | null;
}

/** What the report's parameters name in its factor table. */
interface Sources {
  readonly grid: ReportFactor;
  readonly kgPerKwhByHour: ReadonlyMap<number, string>;
  /** Of energy bought locally; needed only where there is any. */
  readonly local: ReportFactor | null;
}

interface Counted extends Hour {
  readonly coveredWh: number;
  readonly kgPerKwh: string;
}

/**
 * Hourly scope 2 as a report: each hour's import × grid average in the location-based account; in the market-based one the
 * part whose attributes were bought × its own factor, and the rest × grid average. Inputs: start, importWh, attributedWh,
 * gridCarbonFreeShare (decimal or null); parameters: grid and local, ids of the factor table.
 */
export const scope2ReportMethod: ReportMethod = {
  version: SCOPE2_METHOD,
  compute(basis: ReportBasis): ReportFindings {
    const period = wholeHours(reportPeriod(basis));
    requireZone(basis.period.zone);
    const sources = sourcesOf(basis, period);
    const hours = hoursOf(basis.inputs, period);
    const counted = hours.flatMap((hour) => countedHour(hour, sources));
    const lines = counted.flatMap((hour) => linesOf(hour, sources));
    const expectedRows = (period.endMs - period.startMs) / HOUR_MS;
    return {
      lines,
      totals: reportTotals(lines, reportBuckets(period, basis.period.zone, basis.resolution)),
      total: reportTotals(lines, [period]),
      indicators: indicatorsOf(counted, lines),
      flags: flagsOf(period, hours, counted),
      disclosures: SCOPE2_DISCLOSURES,
      dataQuality: {
        expectedRows,
        rows: hours.length,
        countedRows: counted.length,
        completeness: new Exact(counted.length).div(expectedRows).toFixed(INDICATOR_PLACES),
      },
    };
  },
};

function wholeHours(period: Interval): Interval {
  if ((period.endMs - period.startMs) % HOUR_MS === 0) return period;
  throw new DomainError('REPORT_PERIOD', 'expected a period of whole hours, got another');
}

/** Of nothing but what is used: whatever else stood there, a reader would take for checked. */
function sourcesOf({ parameters, factors }: ReportBasis, period: Interval): Sources {
  const named = (id: unknown): ReportFactor | null => factors.find((factor) => factor.id === id) ?? null;
  const grid = named(parameters['grid']);
  const local = named(parameters['local']);
  const isNamed = local !== null || parameters['local'] === null;
  if (!grid?.hours || local?.value === null || !isNamed) {
    throw new DomainError(
      'REPORT_FACTOR',
      'expected parameters grid, naming a series by hours, and local, naming one value or null, got others',
    );
  }
  const used = local === null ? [grid] : [grid, local];
  requireNothingElse({ parameters, factors }, used);
  for (const factor of used) requireAverage(factor);
  requireOneKind(used);
  return { grid, kgPerKwhByHour: byHour(grid.id, grid.hours, period), local };
}

function requireAverage({ id, averaging, unit }: ReportFactor): void {
  if (averaging === 'average' && unit === 'kgCO2e/kWh') return;
  throw new DomainError(
    'REPORT_FACTOR',
    `expected averages in kgCO2e/kWh, got a ${averaging} in ${unit}: ${id}`,
  );
}

function requireNothingElse(
  { parameters, factors }: Pick<ReportBasis, 'parameters' | 'factors'>,
  [grid, local]: readonly ReportFactor[],
): void {
  const isOne = grid!.value === null && (local === undefined || local.hours === null);
  const isUsed = factors.every((factor) => factor === grid || factor === local);
  if (isOne && isUsed && Object.keys(parameters).toSorted().join() === 'grid,local') return;
  throw new DomainError(
    'REPORT_FACTOR',
    'expected parameters grid and local and the factors that they name, by hours and by one value, and no others, got more',
  );
}

function byHour(
  id: string,
  hours: NonNullable<ReportFactor['hours']>,
  period: Interval,
): ReadonlyMap<number, string> {
  const isHour = (start: string): boolean => {
    const startMs = parseInstant(start);
    return isoInstant(startMs) === start && contains(period, interval(startMs, startMs + HOUR_MS));
  };
  if (!hours.every(({ start }) => isHour(start)))
    throw new DomainError('REPORT_FACTOR', `expected hours of the period in ${id}, got others`);
  const values = new Map(hours.map(({ start, value }) => [parseInstant(start), value]));
  if (values.size === hours.length) return values;
  throw new DomainError('REPORT_FACTOR', `expected each hour of ${id} once, got one twice`);
}

function hoursOf(rows: readonly ReportRow[], period: Interval): Hour[] {
  const hours = rows.map((row) => hourOf(row, period));
  const isRising = hours.every(({ startMs }, i) => i === 0 || hours[i - 1]!.startMs < startMs);
  if (!isRising)
    throw new DomainError('REPORT_INPUT', 'expected each hour once and in order, got another order');
  return hours;
}

const KEYS = 'attributedWh,gridCarbonFreeShare,importWh,start';

function hourOf(row: ReportRow, { startMs: fromMs, endMs }: Interval): Hour {
  const { start, importWh, attributedWh, gridCarbonFreeShare } = row;
  const startMs = typeof start === 'string' ? parseInstant(start) : Number.NaN;
  const holds = [
    Object.keys(row).toSorted().join(',') === KEYS,
    (startMs - fromMs) % HOUR_MS === 0 && startMs >= fromMs && startMs + HOUR_MS <= endMs,
    startMs >= fromMs && isoInstant(startMs) === start,
    isEnergy(importWh),
    isEnergy(attributedWh),
    gridCarbonFreeShare === null || isShare(gridCarbonFreeShare),
  ];
  if (holds.every(Boolean)) {
    return { startMs, importWh, attributedWh, gridCarbonFreeShare } as Hour;
  }
  throw new DomainError(
    'REPORT_INPUT',
    'expected rows {start: hour of the period, importWh, attributedWh: whole Wh ≥ 0, gridCarbonFreeShare: 0 to 1 or null}, got another',
    'invalid',
    { start: typeof start === 'string' ? start : null },
  );
}

const isEnergy = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isShare = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:0(?:\.\d{1,30})?|1(?:\.0{1,30})?)$/.test(value);

/** @throws REPORT_FACTOR where attributes were bought without a factor of what generated them */
function countedHour(hour: Hour, { kgPerKwhByHour, local }: Sources): Counted[] {
  const kgPerKwh = kgPerKwhByHour.get(hour.startMs);
  if (kgPerKwh === undefined) return [];
  const coveredWh = Math.min(hour.importWh, hour.attributedWh);
  if (coveredWh > 0 && local === null) {
    throw new DomainError('REPORT_FACTOR', 'expected a factor of locally bought energy, got none');
  }
  return [{ ...hour, coveredWh, kgPerKwh }];
}

/** g = Wh × kg/kWh. */
function linesOf(
  { startMs, importWh, coveredWh, kgPerKwh }: Counted,
  { grid, local }: Sources,
): ReportLine[] {
  const line = (
    account: 'location' | 'market',
    factorId: string,
    wh: number,
    factor: string,
  ): ReportLine => ({
    start: isoInstant(startMs),
    scope: 2,
    carrier: 'electricity',
    account,
    factorId,
    quantity: String(wh),
    unit: 'Wh',
    gramsCo2e: new Exact(factor).mul(wh).toFixed(),
  });
  return [
    line('location', grid.id, importWh, kgPerKwh),
    ...(local === null || coveredWh === 0 ? [] : [line('market', local.id, coveredWh, local.value!)]),
    line('market', grid.id, importWh - coveredWh, kgPerKwh),
  ];
}

const sum = (values: readonly (string | number | Decimal)[]): Decimal =>
  values.reduce<Decimal>((total, value) => total.add(value), new Exact(0));

function indicatorsOf(hours: readonly Counted[], lines: readonly ReportLine[]): ReportFindings['indicators'] {
  const importWh = sum(hours.map((hour) => hour.importWh));
  const coveredWh = sum(hours.map((hour) => hour.coveredWh));
  const perWh = (value: Decimal): string | null =>
    importWh.isZero() ? null : value.div(importWh).toFixed(INDICATOR_PLACES);
  const grams = (account: string): Decimal =>
    sum(lines.filter((line) => line.account === account).map(({ gramsCo2e }) => gramsCo2e));
  const isKnown = hours.every(({ gridCarbonFreeShare }) => gridCarbonFreeShare !== null);
  const fromGrid = hours.map((hour) =>
    new Exact(hour.gridCarbonFreeShare ?? 0).mul(hour.importWh - hour.coveredWh),
  );
  return {
    locationKgPerKwh: perWh(grams('location')),
    marketKgPerKwh: perWh(grams('market')),
    // Σ min(L, C) / Σ L, and with what the grid itself brings Σ [m + (L − m) g] / Σ L.
    matchedShare: perWh(coveredWh),
    cfeScore: isKnown ? perWh(coveredWh.add(sum(fromGrid))) : null,
  };
}

function flagsOf(period: Interval, hours: readonly Hour[], counted: readonly Counted[]): ReportFlag[] {
  const read = new Set(hours.map(({ startMs }) => startMs));
  const used = new Set(counted.map(({ startMs }) => startMs));
  const flags: ReportFlag[] = [];
  for (let startMs = period.startMs; startMs < period.endMs; startMs += HOUR_MS) {
    if (used.has(startMs)) continue;
    const about = read.has(startMs) ? 'factor' : 'reading';
    flags.push({ flag: 'missing', about, start: isoInstant(startMs) });
  }
  return flags;
}
