import { type CarbonReport, reportBuckets, type ReportLine } from '#carbon';
import { HOUR_MS, type Interval, interval, parseInstant, zoneOffsetMs } from '#core';

/** Doubles: for drawing only. Null where nothing was read or no energy was drawn. */
export interface ReportSeries {
  readonly unit: 'hour' | 'day' | 'week' | 'month';
  readonly bins: readonly Bin[];
  readonly locationKg: readonly number[];
  /** What the market-based account is made of, by factor; parts of a bin lie on each other. */
  readonly marketKg: readonly { readonly factorId: string; readonly values: readonly number[] }[];
  readonly locationKgPerKwh: readonly (number | null)[];
  readonly marketKgPerKwh: readonly (number | null)[];
  /** Part of the energy drawn that was bought locally with its attributes, 0 to 1. */
  readonly matched: readonly (number | null)[];
  /** Part that the grid adds free of carbon, where it is known. */
  readonly gridCarbonFree: readonly (number | null)[];
}

interface Bin extends Interval {
  /** Local, as 14 or 12.05. */
  readonly label: string;
}

const MOST_HOURS = 8 * 24;
const MOST_DAYS = 186;
const MOST_WEEKS = 60;
const GRAMS_PER_KG = 1_000;
const WH_PER_KWH = 1_000;

/** What charts of an hourly report show; null where the report has no hours. */
export function reportSeries(report: CarbonReport): ReportSeries | null {
  const { period, lines, parameters } = report;
  const timed = lines.filter(({ start, account }) => start !== null && account !== null);
  if (timed.length === 0) return null;
  const whole = interval(parseInstant(period.start), parseInstant(period.end));
  const { unit, parts } = binsOf(whole, period.zone);
  const bins = parts.map((part) => ({ ...part, label: labelOf(part.startMs, period.zone, unit) }));
  const sums = sumsOf(timed, bins);
  const energy = sums(({ account }) => account === 'location', energyOf);
  const location = sums(({ account }) => account === 'location', kgOf);
  const market = sums(({ account }) => account === 'market', kgOf);
  const localId = parameters['local'];
  const matchedKwh = sums(({ account, factorId }) => account === 'market' && factorId === localId, energyOf);
  return {
    unit,
    bins,
    locationKg: location,
    marketKg: factorIds(timed).map((factorId) => ({
      factorId,
      values: sums((line) => line.account === 'market' && line.factorId === factorId, kgOf),
    })),
    locationKgPerKwh: ratio(location, energy),
    marketKgPerKwh: ratio(market, energy),
    matched: ratio(matchedKwh, energy),
    gridCarbonFree: gridCarbonFree(report, bins, energy),
  };
}

function binsOf(whole: Interval, zone: string): { unit: ReportSeries['unit']; parts: Interval[] } {
  const hours = (whole.endMs - whole.startMs) / HOUR_MS;
  if (hours <= MOST_HOURS) {
    const starts = Array.from({ length: Math.ceil(hours) }, (_, n) => whole.startMs + n * HOUR_MS);
    return { unit: 'hour', parts: starts.map((startMs) => interval(startMs, startMs + HOUR_MS)) };
  }
  const days = hours / 24;
  const unit = days <= MOST_DAYS ? 'day' : days <= MOST_WEEKS * 7 ? 'week' : 'month';
  return { unit, parts: reportBuckets(whole, zone, unit) };
}

function labelOf(startMs: number, zone: string, unit: ReportSeries['unit']): string {
  const [date = '', time = ''] = new Date(startMs + zoneOffsetMs(zone, startMs)).toISOString().split('T');
  const [year, month, day] = date.split('-');
  if (unit === 'hour') return time.slice(0, 'HH'.length);
  return unit === 'month' ? `${month}.${year}` : `${day}.${month}`;
}

const kgOf = ({ gramsCo2e }: ReportLine): number => Number(gramsCo2e) / GRAMS_PER_KG;
const energyOf = ({ quantity }: ReportLine): number => Number(quantity) / WH_PER_KWH;

const factorIds = (lines: readonly ReportLine[]): string[] => [
  ...new Set(lines.filter(({ account }) => account === 'market').map(({ factorId }) => factorId)),
];

type Sums = (isIn: (line: ReportLine) => boolean, value: (line: ReportLine) => number) => number[];

function sumsOf(lines: readonly ReportLine[], bins: readonly Bin[]): Sums {
  const binOf = binFinder(bins);
  return (isIn, value) => {
    const sums = bins.map(() => 0);
    for (const line of lines) if (isIn(line)) sums[binOf(line.start!)]! += value(line);
    return sums;
  };
}

/** Bins are in order and lines come in order of their hours. */
function binFinder(bins: readonly Bin[]): (start: string) => number {
  const found = new Map<string, number>();
  return (start) => {
    const known = found.get(start);
    if (known !== undefined) return known;
    const atMs = parseInstant(start);
    const at = bins.findIndex(({ endMs }) => atMs < endMs);
    found.set(start, at);
    return at;
  };
}

const ratio = (parts: readonly number[], wholes: readonly number[]): (number | null)[] =>
  parts.map((part, n) => (wholes[n]! > 0 ? part / wholes[n]! : null));

/** Σ (L − m) g / Σ L of each bin; null where a share is not known. */
function gridCarbonFree(
  { inputs }: CarbonReport,
  bins: readonly Bin[],
  energyKwh: readonly number[],
): (number | null)[] {
  const binOf = binFinder(bins);
  const kwh: (number | null)[] = bins.map(() => 0);
  for (const { start, importWh, attributedWh, gridCarbonFreeShare } of inputs) {
    const at = binOf(String(start));
    const rest = Math.max(0, Number(importWh) - Number(attributedWh)) / WH_PER_KWH;
    const sum = kwh[at] ?? null;
    kwh[at] = sum === null || gridCarbonFreeShare === null ? null : sum + rest * Number(gridCarbonFreeShare);
  }
  return kwh.map((sum, n) => (sum === null || energyKwh[n] === 0 ? null : sum / energyKwh[n]!));
}
