import { DomainError, HOUR_MS } from '#core';
import { requireInput } from '#inputs';
import { hourlySeries, type MeterSeries, printable, sharedUnit } from '#metering';
import { aheadTerms, intensityForecast } from '#studies';
import { z } from 'zod';
import { readTable } from '../forecast/sites.ts';
import type { Output } from '../output.ts';
import { toldOnTerminal } from '../study-progress.ts';
import { forecastText } from './intensity-forecast.ts';

export interface TableOptions {
  readonly data: string;
  readonly target: string;
  readonly unit: 'g' | 'kg';
  readonly ahead: readonly string[];
  readonly past: readonly string[];
  readonly at: string;
  readonly zone: string;
  readonly horizon: number;
  readonly lookback: number;
  readonly intervals: readonly string[];
  readonly holidays: string;
  readonly basis: string;
}

/** The same forecast from a table. @throws OPTION_MISSING, FILE_…, CSV_…, COLUMN_…, INPUT_INVALID and the codes of `intensityForecast` */
export async function forecastTable(options: Partial<TableOptions>, output: Output): Promise<void> {
  const { data, target, ahead = [], past = [] } = options;
  if (data === undefined || target === undefined)
    throw new DomainError('OPTION_MISSING', 'expected --target with --data, got none');
  const kgPerUnit = unitOf(target, options.unit);
  const terms = requireInput(termsOf(options), z.strictObject(aheadTerms));
  const { table } = await readTable(data, [target, ...ahead, ...past]);
  const hourly = new Map(
    table.columns.map(({ name, series }) => [name, hourlySeries(series, HOUR_MS, 'mean')]),
  );
  const pick = (names: readonly string[]): Map<string, MeterSeries> =>
    new Map(names.map((name) => [name, hourly.get(name)!]));
  const intensity = hourly.get(target)!;
  const values = intensity.values.map((value) => value * kgPerUnit);
  const columns = {
    intensity: { ...intensity, values },
    past: pick(past),
    ahead: pick(ahead),
    computedHours: 0,
  };
  const found = await toldOnTerminal(() => intensityForecast(columns, terms));
  const doubts = table.findings.map(({ code, column, message }) => ({
    code,
    message: printable(column === null ? message : `${column}: ${message}`),
  }));
  const result = { ...found, flags: [...found.flags, ...doubts] };
  output.result(result, forecastText(result));
}

/** kg of a unit of the column. @throws OPTION_MISSING where neither its name nor an option tells */
function unitOf(target: string, unit: 'g' | 'kg' | undefined): number {
  const named = sharedUnit(target);
  if (unit !== undefined) return unit === 'g' ? 0.001 : 1;
  if (named?.kind === 'carbon intensity') return named.factor / 1_000;
  throw new DomainError('OPTION_MISSING', `expected --unit of ${target}, whose name does not end in one`);
}

/** As the schema of the other input has them. */
function termsOf({ at, zone, horizon, lookback, intervals, holidays, basis }: Partial<TableOptions>) {
  const said = {
    issue: at,
    zone,
    horizonHours: horizon,
    lookbackHours: lookback,
    intervals,
    holidays,
    basis,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
