/* Carbon intensity a day ahead, by the protocol of DACF (Maji, Shenoy & Sitaraman 2022): issued at 00:00 UTC for 24 hours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { interval, isoInstant } from '#core';
import {
  type Comparison,
  compareMethods,
  DAY_AHEAD_RIDGE,
  fitRidge,
  INPUT_PENALTIES,
  plainSum,
  positionOf,
  type RidgeModelConfig,
  scoreGlobal,
} from '#forecasting';
import { type MeterSeries, readNumericTable } from '#metering';
import { inWorkspace } from '../../apps/cli/demo/workspace.ts';
import { AGREEMENT, EncryptedCommunity, type EncryptedRound, type SiteFile } from './encrypted-community.ts';

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
    ahead: ['wind_m_per_s', 'temperature_k', 'dew_point_k', 'irradiance_w_per_m2', 'rain_mm_per_h'],
    past: ['coal_mw', 'nat_gas_mw', 'nuclear_mw', 'oil_mw', 'hydro_mw', 'solar_mw', 'wind_mw'],
    issues: 'midnights',
    penalties: INPUT_PENALTIES,
  },
};

/** What every grid has: a sum holds no column of some sites alone. */
const SHARED: RidgeModelConfig = {
  ...CONFIG,
  inputs: { ...CONFIG.inputs!, past: ['nat_gas_mw', 'solar_mw'] },
};

const INTENSITY = 'intensity_g_per_kwh';
/** What the columns of the files are called where they are imported: by quantity and unit. */
const WEATHER: Readonly<Record<string, string>> = {
  wx_wind_ms: 'wind_m_per_s',
  wx_temp_K: 'temperature_k',
  wx_dew_K: 'dew_point_k',
  wx_dswrf_Wm2: 'irradiance_w_per_m2',
  wx_precip: 'rain_mm_per_h',
  carbon_intensity: INTENSITY,
};
const nameOf = (column: string): string => WEATHER[column] ?? `${column}_mw`;

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
  return new Map(columns.map(({ name, series }) => [nameOf(name), within(series)]));
}

/** Several grids under one split; their holidays are left out. */
function comparisonOf(folder: string, grids: readonly Grid[], config: RidgeModelConfig): Comparison {
  const tables = grids.map((grid) => readGrid(folder, grid));
  return {
    series: tables.map((columns) => columns.get(INTENSITY)!),
    zone: '+00:00',
    days: DAYS,
    config,
    issues: 'midnights',
    inputs: tables.map((columns) => ({ columns, isHoliday: () => false })),
  };
}

/** Mean absolute percentage errors of the test half-year, %; λ and the inputs' penalty are chosen on the validation part. */
export interface IntensityRow {
  /** The grid's own ridge, from sums in clear. */
  readonly mape: number;
  readonly naive24: number;
  /** The ridge of all grids from one encrypted sum, and that refined by the grid. */
  readonly encrypted: number;
  readonly personal: number;
  readonly published: Readonly<Record<string, number>>;
}

/** What each grid's node imports: its intensity and what the model sees beside it. */
function fileOf(columns: ReadonlyMap<string, MeterSeries>, name: string): SiteFile {
  const known = [INTENSITY, ...SHARED.inputs!.ahead, ...SHARED.inputs!.past];
  const { startMs, resolutionMs, values } = columns.get(INTENSITY)!;
  const rows = Array.from(values, (_, i) => {
    const cells = known.map((column) => columns.get(column)!.values[i]!);
    const texts = cells.map((value) => (Number.isNaN(value) ? '' : String(value)));
    return [isoInstant(startMs + i * resolutionMs), ...texts].join(',');
  });
  return { name, csv: `${[['timestamp', ...known].join(','), ...rows].join('\n')}\n` };
}

/** The sum that six nodes make under encryption, each of one grid. */
function encryptedSum({ inputs, zone }: Comparison): Promise<EncryptedRound> {
  const files = inputs!.map(({ columns }, site) => fileOf(columns, GRIDS[site]!.toLowerCase()));
  return inWorkspace(undefined, async (workspace) => {
    const community = await EncryptedCommunity.open(workspace, files, zone, DAYS.test.endMs);
    try {
      return await community.round(INTENSITY, SHARED, DAYS);
    } finally {
      await community.close();
    }
  });
}

/** Percentage errors of the days after the issue, day by day, of the grid's own ridge and of the better seasonal naive forecast. */
interface DaysAheadRow {
  /** Weather as the file has it: for each day what was forecast the day before, which nobody knew four days ahead. */
  readonly withWeather: readonly number[];
  /** What was known at the issue: the mix up to then, and the calendar. */
  readonly withoutWeather: readonly number[];
  readonly naive24: readonly number[];
}

const DAYS_AHEAD = 4;

/** Up to 96 hours, by the same split. */
function measureDaysAhead(folder: string, grid: Grid): DaysAheadRow {
  const horizon = 24 * DAYS_AHEAD;
  const byDay = (inputs: Partial<typeof SHARED.inputs>): number[][] => {
    const config = { ...CONFIG, horizon, inputs: { ...CONFIG.inputs!, ...inputs } };
    const comparison = comparisonOf(folder, [grid], config);
    const { global, naive24 } = compareMethods(comparison, fitRidge(plainSum(comparison), config));
    return [global, naive24].map(([scores]) => dailyPercent(scores!.mapeByHorizon));
  };
  const [withWeather, naive24] = byDay({});
  const [withoutWeather] = byDay({ ahead: [] });
  return { withWeather: withWeather!, withoutWeather: withoutWeather!, naive24: naive24! };
}

const dailyPercent = (byHour: readonly number[]): number[] =>
  Array.from(
    { length: byHour.length / 24 },
    (_, d) => (100 * byHour.slice(24 * d, 24 * (d + 1)).reduce((sum, share) => sum + share, 0)) / 24,
  );

export interface Intensities {
  readonly daysAhead: Readonly<Record<string, DaysAheadRow>>;
  readonly rows: Readonly<Record<string, IntensityRow>>;
  readonly encryptedAgreesWithPlain: boolean;
  /** Of the encrypted round, from the card to the model at every site. */
  readonly seconds: number;
}

export async function measureIntensities(folder: string): Promise<Intensities> {
  const together = comparisonOf(folder, GRIDS, SHARED);
  const { sum, seconds } = await encryptedSum(together);
  const shared = compareMethods(together, fitRidge(sum, SHARED));
  const plain = scoreGlobal(together, fitRidge(plainSum(together), SHARED));
  const encryptedAgreesWithPlain = plain.every(
    ({ mape }, site) => Math.abs(shared.global[site]!.mape / mape - 1) < AGREEMENT,
  );
  const rows = GRIDS.map((grid, site): [string, IntensityRow] => {
    const alone = comparisonOf(folder, [grid], CONFIG);
    const { global, naive24 } = compareMethods(alone, fitRidge(plainSum(alone), CONFIG));
    return [
      grid,
      {
        mape: 100 * global[0]!.mape,
        naive24: 100 * naive24[0]!.mape,
        encrypted: 100 * shared.global[site]!.mape,
        personal: 100 * shared.personal[site]!.mape,
        published: PUBLISHED[grid] ?? {},
      },
    ];
  });
  const daysAhead = Object.fromEntries(GRIDS.map((grid) => [grid, measureDaysAhead(folder, grid)]));
  return { rows: Object.fromEntries(rows), daysAhead, encryptedAgreesWithPlain, seconds };
}
