/* Carbon intensity a day ahead, by the protocol of DACF (Maji, Shenoy & Sitaraman 2022): issued at 00:00 UTC for 24 hours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { interval } from '#core';
import {
  type Comparison,
  compareMethods,
  DAY_AHEAD_RIDGE,
  fitRidge,
  INPUT_PENALTIES,
  plainSum,
  positionOf,
  type RidgeModelConfig,
} from '#forecasting';
import { type MeterSeries, readNumericTable } from '#metering';

/** With weather over the four years, or a part of them. */
const GRIDS = ['CISO', 'PJM', 'ISNE', 'EPE', 'NL', 'DE'] as const;
type Grid = (typeof GRIDS)[number];

/** Day-ahead mean absolute percentage errors of DACF for the test half-year, from its published forecasts. */
const PUBLISHED: Partial<Record<Grid, { readonly DACF: number }>> = {
  CISO: { DACF: 7.41 },
  PJM: { DACF: 3.3 },
  ISNE: { DACF: 4.44 },
};

const day = (date: string): number => Date.parse(`${date}T00:00Z`);
const DAYS = {
  train: interval(day('2019-01-01'), day('2021-01-01')),
  validation: interval(day('2021-01-01'), day('2021-07-01')),
  test: interval(day('2021-07-01'), day('2022-01-01')),
};

/** Three days back, the weather forecast of the day, and what ran up to its issue. */
const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 72,
  horizon: 24,
  cycle: 24,
  lambdas: DAY_AHEAD_RIDGE.lambdas,
  inputs: {
    calendar: true,
    holidays: null,
    ahead: ['wx_wind_ms', 'wx_temp_K', 'wx_dew_K', 'wx_dswrf_Wm2', 'wx_precip'],
    past: ['coal', 'nat_gas', 'nuclear', 'oil', 'hydro', 'solar', 'wind'],
    issues: 'midnights',
    penalties: INPUT_PENALTIES,
  },
};

/** The column from the first day of training to the last of the test, NaN where the file has none. */
function within({ startMs, resolutionMs, values }: MeterSeries): MeterSeries {
  const from = positionOf({ startMs, resolutionMs }, DAYS.train.startMs);
  const length = (DAYS.test.endMs - DAYS.train.startMs) / resolutionMs;
  return {
    startMs: DAYS.train.startMs,
    resolutionMs,
    values: Float64Array.from({ length }, (_, i) => values[from + i] ?? Number.NaN),
  };
}

function readGrid(folder: string, grid: Grid): ReadonlyMap<string, MeterSeries> {
  const file = gunzipSync(readFileSync(join(folder, 'carbon', `${grid}_mix_ci_weather.csv.gz`)));
  const { columns } = readNumericTable(file.toString('utf8'));
  return new Map(columns.map(({ name, series }) => [name, within(series)]));
}

/** Several grids under one split; their holidays are left out. */
function comparisonOf(folder: string, grids: readonly Grid[]): Comparison {
  const tables = grids.map((grid) => readGrid(folder, grid));
  return {
    series: tables.map((columns) => columns.get('carbon_intensity')!),
    zone: '+00:00',
    days: DAYS,
    config: CONFIG,
    issues: 'midnights',
    inputs: tables.map((columns) => ({ columns, isHoliday: () => false })),
  };
}

/** Mean absolute percentage errors of the test half-year, %; λ and the inputs' penalty are chosen on the validation part. */
export interface IntensityRow {
  /** The grid's own ridge, from sums in clear. */
  readonly mape: number;
  readonly naive24: number;
  /** The ridge of all grids, and that refined by the grid. */
  readonly shared: number;
  readonly personal: number;
  readonly published: Readonly<Record<string, number>>;
}

export function measureIntensities(folder: string): Readonly<Record<string, IntensityRow>> {
  const together = comparisonOf(folder, GRIDS);
  const shared = compareMethods(together, fitRidge(plainSum(together), CONFIG));
  const rows = GRIDS.map((grid, site): [string, IntensityRow] => {
    const alone = comparisonOf(folder, [grid]);
    const { global, naive24 } = compareMethods(alone, fitRidge(plainSum(alone), CONFIG));
    return [
      grid,
      {
        mape: 100 * global[0]!.mape,
        naive24: 100 * naive24[0]!.mape,
        shared: 100 * shared.global[site]!.mape,
        personal: 100 * shared.personal[site]!.mape,
        published: PUBLISHED[grid] ?? {},
      },
    ];
  });
  return Object.fromEntries(rows);
}
