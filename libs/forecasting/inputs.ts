import { DAY_MS, DomainError, HOUR_MS, type Interval, localDate, minuteOfLocalWeek } from '#core';
import type { SeenTerms } from '#federation';
import type { MeterSeries } from '#metering';
import { requireSoundSeen, requireSoundShape, type WindowShape } from './config.ts';
import { localMidnights } from './epochs.ts';
import { mean } from './scores.ts';
import { type Grid, positionOf, requireSteps, standardDeviation, valuesFrom } from './series.ts';

/*
 * What a model sees beside the look-back, as numbers of the same order as standardised deviations. Weather acts through its
 * level and through its distance from the usual (heating and cooling, wind to the third), so each column known ahead enters
 * as it is and squared, as means over quarters of a day: hour by hour would be four times as many coefficients for next to nothing.
 */

/** The part of a configuration, or of a map, that its inputs depend on. */
export type InputShape = WindowShape & { readonly inputs?: SeenTerms | null };

/** What a site knows beside its series. */
export interface SiteInputs {
  /** By name, in steps of the model. An absent column counts as always usual. */
  readonly columns: ReadonlyMap<string, MeterSeries>;
  /** Whether a local date, YYYY-MM-DD, is a public holiday at the site. */
  readonly isHoliday: (date: string) => boolean;
}

/** Of a site that has none of the columns and keeps no holidays. */
export const NO_INPUTS: SiteInputs = { columns: new Map(), isHoliday: () => false };

/** Mean and spread by column, of the training part. Stay at the site. */
export type InputScales = ReadonlyMap<string, { readonly mean: number; readonly deviation: number }>;

/** Inputs of the forecast issued at the step at `position`; NaN where a column has no value. `level` is the last deviation. */
export type InputRow = (position: number, level: number) => Float64Array;

/** Standardised columns are cut at ± this many standard deviations: squared they stay within what deviations may be. */
const COLUMN_LIMIT = 6;

const BLOCK_MS = 6 * HOUR_MS;
/** A constant, seven weekdays, two of the season, a holiday on the day of issue and one the day before. */
const CALENDAR_COUNT = 12;
const YEAR_MS = 365.2425 * DAY_MS;

const blockSteps = ({ stepMinutes }: InputShape): number =>
  Math.max(1, Math.floor(BLOCK_MS / (60_000 * stepMinutes)));
const daySteps = ({ stepMinutes }: InputShape): number => Math.max(1, DAY_MS / (60_000 * stepMinutes));

const blockCount = (config: InputShape): number => Math.ceil(config.horizon / blockSteps(config));

/** Length of a row: the level, the calendar, 2·(blocks + 1) for each column known ahead, 2 for each known up to issue. */
export function inputCount(config: InputShape): number {
  const { inputs } = config;
  if (!inputs) return 0;
  const { calendar, ahead, past } = inputs;
  return 1 + (calendar ? CALENDAR_COUNT : 0) + 2 * ahead.length * (blockCount(config) + 1) + 2 * past.length;
}

/**
 * Whether a network's windows and inputs are sound, and its covariates as many as these inputs are.
 * @throws RIDGE_CONFIG_INVALID, NETWORK_TERMS_INVALID
 */
export function requireSoundNetworkInputs(network: InputShape & { readonly covariates?: number }): void {
  requireSoundShape(network);
  if (network.inputs) requireSoundSeen(network.inputs);
  const [expected, got] = [inputCount(network), network.covariates ?? 0];
  if (got === expected) return;
  throw new DomainError(
    'NETWORK_TERMS_INVALID',
    `expected ${expected} covariates of these inputs, got ${got}`,
    'invalid',
    { field: 'covariates' },
  );
}

/**
 * Positions in a part from which on a whole look-back lies behind and a whole horizon in it, `stride` apart or more: every step,
 * or local midnights where the inputs say so.
 */
export function issuesIn(
  range: Interval,
  zone: string,
  { inputs, lookback, horizon }: InputShape,
  position: (atMs: number) => number,
  stride = 1,
): number[] {
  const from = Math.max(position(range.startMs), lookback);
  const to = position(range.endMs) - horizon;
  if (inputs?.issues !== 'midnights') {
    return Array.from(
      { length: Math.max(0, Math.floor((to - from) / stride) + 1) },
      (_, i) => from + i * stride,
    );
  }
  const taken: number[] = [];
  for (const t of localMidnights(zone, range).map(position)) {
    if (t >= from && t <= to && t - (taken.at(-1) ?? Number.NEGATIVE_INFINITY) >= stride) taken.push(t);
  }
  return taken;
}

/** Scales of the columns a site has, over the values that begin in `range`. @throws RESOLUTION_OTHER, STEP_MISALIGNED */
export function inputScales({ columns }: SiteInputs, range: Interval, config: InputShape): InputScales {
  const { ahead, past } = config.inputs!;
  const scales = new Map<string, { mean: number; deviation: number }>();
  for (const name of new Set([...ahead, ...past])) {
    const series = columns.get(name);
    if (!series) continue;
    requireSteps(series, config);
    const count = positionOf(series, range.endMs) - positionOf(series, range.startMs);
    const known = valuesFrom(series, range.startMs, count).filter((value) => !Number.isNaN(value));
    const deviation = standardDeviation(series, range);
    // A constant says nothing.
    if (deviation > 0) scales.set(name, { mean: mean([...known]), deviation });
  }
  return scales;
}

/** The inputs of a site by issue time, on the grid of its series. Reads columns known ahead up to the horizon, others before `position` alone. */
export function inputRows(
  grid: Grid,
  zone: string,
  config: InputShape,
  inputs: SiteInputs,
  scales: InputScales,
): InputRow {
  const { calendar, ahead, past } = config.inputs!;
  const columnsOf = (names: readonly string[]) =>
    names.map((name) => standardised(grid, inputs.columns.get(name), scales.get(name)));
  const [known, lagged] = [columnsOf(ahead), columnsOf(past)];
  const day = daySteps(config);
  return (position, level) =>
    Float64Array.of(
      level,
      ...(calendar ? calendarAt(grid, zone, position, inputs.isHoliday) : []),
      ...known.flatMap((column) => aheadOf(column, position, config)),
      ...lagged.flatMap((column) =>
        column ? [column(position - 1), meanOver(column, position - day, day)] : [0, 0],
      ),
    );
}

/** Value by position of a grid, in standard deviations from its mean; NaN where there is none. */
type Column = (position: number) => number;

function standardised(
  grid: Grid,
  series: MeterSeries | undefined,
  scale: { readonly mean: number; readonly deviation: number } | undefined,
): Column | null {
  if (!series || !scale) return null;
  const offset = positionOf(series, grid.startMs);
  return (position) => {
    const value = ((series.values[offset + position] ?? Number.NaN) - scale.mean) / scale.deviation;
    return Math.max(-COLUMN_LIMIT, Math.min(COLUMN_LIMIT, value));
  };
}

/** By block of the horizon, then of the day before it: the mean of the column, and that of its square less 1. */
function aheadOf(column: Column | null, position: number, config: InputShape): number[] {
  if (!column) return Array.from({ length: 2 * (blockCount(config) + 1) }, () => 0);
  const { horizon } = config;
  const [block, day] = [blockSteps(config), daySteps(config)];
  const square: Column = (at) => column(at) ** 2 - 1;
  const means = (of: Column) => [
    ...Array.from({ length: blockCount(config) }, (_, b) =>
      meanOver(of, position + b * block, Math.min(block, horizon - b * block)),
    ),
    meanOver(of, position - day, day),
  ];
  return [...means(column), ...means(square)];
}

function calendarAt(
  { startMs, resolutionMs }: Grid,
  zone: string,
  position: number,
  isHoliday: SiteInputs['isHoliday'],
): number[] {
  const atMs = startMs + position * resolutionMs;
  // By the middle of the first step: a local day may begin an hour off its step.
  const middleMs = atMs + resolutionMs / 2;
  const weekday = Math.floor(minuteOfLocalWeek(zone, middleMs) / 1_440);
  const season = (2 * Math.PI * atMs) / YEAR_MS;
  const holiday = (ms: number) => (isHoliday(localDate(zone, ms)) ? 1 : 0);
  return [
    1,
    ...Array.from({ length: 7 }, (_, d) => (d === weekday ? 1 : 0)),
    Math.sin(season),
    Math.cos(season),
    holiday(middleMs),
    holiday(middleMs - DAY_MS),
  ];
}

/** Mean of what is present among `count` values from `position` on; NaN of nothing. */
function meanOver(column: Column, position: number, count: number): number {
  let [sum, present] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    const value = column(position + i);
    if (Number.isNaN(value)) continue;
    sum += value;
    present += 1;
  }
  return sum / present;
}
