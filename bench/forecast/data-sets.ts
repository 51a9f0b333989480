/* The public data sets of the bench, as sites with a split. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HOUR_MS, interval } from '#core';
import { type Comparison, type RidgeModelConfig, splitDays } from '#forecasting';
import { hourlySeries, type MeterSeries, readingsFromCsv } from '#metering';

export interface NamedSet extends Omit<Comparison, 'config'> {
  readonly name: string;
  /** By horizon: mean squared errors that others have published under the same protocol. */
  readonly published: Readonly<Record<number, Readonly<Record<string, number>>>>;
}

/** 12, 4 and 4 months of 30 days. */
const ETT_ROWS = { train: 8_640, validation: 11_520, test: 14_400 };

/** MSE at look-back 336 as their papers state it: Zeng et al. 2023 (DLinear), Nie et al. 2023 (PatchTST), Wang et al. 2024 (TimeMixer), Qiu et al. 2025 (DUET). */
const PUBLISHED = {
  ETTh1: { 96: { DLinear: 0.384, PatchTST: 0.37, TimeMixer: 0.361, DUET: 0.352 } },
  ETTh2: { 96: { DLinear: 0.282, PatchTST: 0.274, TimeMixer: 0.271, DUET: 0.27 } },
} as const;

/** Each of the seven columns is a site; `date` is taken as UTC. */
export function readEtt(folder: string, name: keyof typeof PUBLISHED): NamedSet {
  const text = gunzipSync(readFileSync(join(folder, 'ett', `${name}.csv.gz`))).toString('utf8');
  const [header, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const startMs = Date.parse(`${rows[0]![0]!.replace(' ', 'T')}Z`);
  const series = header!.slice(1).map((_, column) => ({
    startMs,
    resolutionMs: HOUR_MS,
    values: Float64Array.from(rows, (row) => Number(row[column + 1])),
  }));
  const [trainEnd, validationEnd, testEnd] = Object.values(ETT_ROWS).map(
    (hours) => startMs + hours * HOUR_MS,
  );
  const days = {
    train: interval(startMs, trainEnd!),
    validation: interval(trainEnd!, validationEnd!),
    test: interval(validationEnd!, testEnd!),
  };
  return { name, series, zone: '+00:00', days, issues: 'every-step', published: PUBLISHED[name] };
}

const HOMES_ZONE = '-08:00';

/** Twelve real homes for a year; 60, 20 and 20 % of its days. */
export function readHomes(folder: string): NamedSet {
  const homes = join(folder, 'demo-households');
  const series: MeterSeries[] = readdirSync(homes)
    .filter((file) => file.endsWith('.csv'))
    .toSorted()
    .map((file) => {
      const readings = readingsFromCsv(readFileSync(join(homes, file), 'utf8'));
      return hourlySeries({ ...readings, values: readings.columns[0]!.values });
    });
  const { startMs, values } = series[0]!;
  const days = splitDays(HOMES_ZONE, interval(startMs, startMs + values.length * HOUR_MS));
  return {
    name: 'homes',
    series,
    zone: HOMES_ZONE,
    days,
    issues: 'every-step',
    published: {},
  };
}

export const hasData = (folder: string): boolean => existsSync(join(folder, 'ett'));

/** What every row has in common; λ is chosen among the same by all. */
export const ridgeOf = (
  { name }: NamedSet,
  horizon: number,
  statistic: RidgeModelConfig['statistic'],
  lambdas: readonly number[],
): RidgeModelConfig =>
  name === 'homes'
    ? { statistic, stepMinutes: 60, lookback: 168, horizon, cycle: 168, lambdas, inputs: null }
    : { statistic, stepMinutes: 60, lookback: 336, horizon, cycle: 24, lambdas, inputs: null };

export const horizonsOf = ({ name }: NamedSet): readonly number[] =>
  name === 'homes' ? [24] : [96, 192, 336, 720];
