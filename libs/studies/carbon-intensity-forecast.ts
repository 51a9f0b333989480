import { PUBLISHED_FACTOR_SETS, resolveFactor } from '#carbon';
import { DAY_MS, DomainError, HOUR_MS, isoInstant, parseInstant, requireZone, startOfLocalDay } from '#core';
import {
  type AheadScores,
  forecastOwn,
  holidayCalendar,
  INPUT_PENALTIES,
  type OwnForecast,
  positionOf,
} from '#forecasting';
import type { MeterSeries } from '#metering';
import { type Flag, flagged, suspectIntensities } from './carbon-flag.ts';
import { columnsOf, type IntensityColumns } from './carbon-hours.ts';
import {
  type AheadTerms,
  intensityForecastInput,
  type IntensityForecastInput,
} from './carbon-intensity-input.ts';
import { noOptions, type Study } from './study.ts';

/** Changes with every change of what is computed. */
const METHOD = 'gridcommons/intensity-forecast/1';

type Factors = IntensityForecastInput['factors'];

interface ForecastHourView {
  readonly start: string;
  readonly intensityKgPerKwh: number;
  /** Of the first of `intervals`. */
  readonly lowerKgPerKwh: number;
  readonly upperKgPerKwh: number;
  readonly intervals: readonly {
    readonly coverage: number;
    readonly lowerKgPerKwh: number;
    readonly upperKgPerKwh: number;
  }[];
}

export interface IntensityForecast {
  readonly method: string;
  readonly unit: 'kgCO2e/kWh';
  readonly basis: 'direct' | 'lifecycle';
  readonly issuedAt: string;
  readonly zone: string;
  readonly lookbackHours: number;
  /** Hours of the cycle that was removed; the penalty. */
  readonly cycleHours: number;
  readonly penalty: number;
  readonly inputs: {
    readonly calendar: boolean;
    readonly knownAhead: readonly string[];
    readonly generation: readonly string[];
  };
  readonly factors: Factors;
  readonly trained: { readonly from: string; readonly to: string };
  readonly hours: readonly ForecastHourView[];
  /** Over the newest fifth of the history, by a fit without it; errors in kg/kWh and %. */
  readonly backtest: AheadScores;
  readonly flags: readonly Flag[];
}

/** `carbon intensity-forecast`. */
export const intensityForecastStudy: Study<IntensityForecastInput, object, IntensityForecast> = {
  verb: 'intensity-forecast',
  method: null,
  title: 'carbon intensity of the hours ahead with intervals, and how such forecasts have done',
  input: intensityForecastInput,
  options: noOptions,
  run: ({ hours, factors: given, ...terms }, _options, { progress }) => {
    progress({ share: null, text: `${hours.length} hours` });
    const factors = given.length > 0 ? given : publishedFactors(hours, terms.basis);
    return intensityForecast(columnsOf({ hours, factors }), terms, factors);
  },
};

type Hours = IntensityForecastInput['hours'];

/** Of the fuels of hours that have generation and no intensity, in force at the first of them. @throws FACTOR_MISSING */
function publishedFactors(hours: Hours, basis: IntensityForecast['basis']): Factors {
  const computed = hours.filter(
    ({ intensityKgPerKwh, generationMwh }) => intensityKgPerKwh === undefined && generationMwh !== undefined,
  );
  if (computed.length === 0) return [];
  const atMs = computed.reduce((least, { start }) => Math.min(least, parseInstant(start)), Infinity);
  const fuels = new Set(computed.flatMap(({ generationMwh }) => Object.keys(generationMwh!)));
  return [...fuels].toSorted().map((fuel) => {
    const { factor } = resolveFactor(PUBLISHED_FACTOR_SETS, { subject: fuel, atMs, basis });
    const kgPerKwh = Number(factor.gramsCo2ePerKwh) / 1_000;
    return { fuel, kgPerKwh, source: `${factor.id}: ${factor.source}` };
  });
}

/**
 * The hours from the issue on by a ridge of the grid's own.
 * @throws ZONE_UNKNOWN, INSTANT_MALFORMED, ISSUE_OFF_GRID, HOLIDAYS_UNKNOWN, the codes of `forecastOwn`
 */
export async function intensityForecast(
  columns: IntensityColumns,
  terms: AheadTerms,
  factors: Factors = [],
): Promise<IntensityForecast> {
  requireZone(terms.zone);
  const issueMs = issueOf(columns.intensity, terms.issue);
  const inputs = await inputsOf(columns, terms, issueMs);
  const found = forecastOwn({
    series: columns.intensity,
    zone: terms.zone,
    issueMs,
    lookback: terms.lookbackHours,
    horizon: terms.horizonHours,
    inputTerms: inputs.terms,
    inputs: { columns: new Map([...columns.past, ...columns.ahead]), isHoliday: inputs.isHoliday },
    coverages: terms.intervals,
    least: 0,
  });
  return {
    method: METHOD,
    unit: 'kgCO2e/kWh',
    basis: terms.basis,
    issuedAt: isoInstant(issueMs),
    zone: terms.zone,
    lookbackHours: terms.lookbackHours,
    cycleHours: found.cycle,
    penalty: found.lambda,
    inputs: {
      calendar: inputs.terms?.calendar ?? false,
      knownAhead: inputs.terms?.ahead ?? [],
      generation: inputs.terms?.past ?? [],
    },
    factors,
    trained: {
      from: isoInstant(found.epochs.train.startMs),
      to: isoInstant(found.epochs.validation.endMs),
    },
    hours: hourViews(found, issueMs),
    backtest: found.backtest,
    flags: [...inputs.flags, ...flagsOf(columns, issueMs, found)],
  };
}

/** @throws INSTANT_MALFORMED, ISSUE_OFF_GRID */
function issueOf(intensity: MeterSeries, issue: string | undefined): number {
  const { startMs, values } = intensity;
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  const issueMs = issue === undefined ? startMs + (last + 1) * HOUR_MS : parseInstant(issue);
  if ((issueMs - startMs) % HOUR_MS === 0) return issueMs;
  throw new DomainError(
    'ISSUE_OFF_GRID',
    `expected an issue on an hour of the series, got ${isoInstant(issueMs)}`,
  );
}

/** A year has all seasons, and some more tells one from the next. */
const CALENDAR_DAYS = 400;
/** Midnights alone are windows enough. */
const MIDNIGHT_DAYS = 365;

/** What the ridge sees beside the look-back; columns that say next to nothing are left out and flagged. @throws HOLIDAYS_UNKNOWN */
async function inputsOf(
  { intensity, past, ahead }: IntensityColumns,
  { zone, calendar, holidays }: AheadTerms,
  issueMs: number,
) {
  const telling = (columns: ReadonlyMap<string, MeterSeries>) =>
    // Whatever order the hours came in.
    [...columns].flatMap(([name, series]) => (isTelling(series, issueMs) ? [name] : [])).toSorted();
  const [known, generation] = [telling(ahead), telling(past)];
  const used = new Set([...known, ...generation]);
  const left = [...ahead.keys(), ...past.keys()].filter((name) => !used.has(name));
  const flags = flagged(
    left.length > 0,
    'INPUT_LEFT_OUT',
    `missing in more than half of the history, or the same in all of it: ${left.join(', ')}`,
  );
  const days = (issueMs - intensity.startMs) / DAY_MS;
  const seesCalendar = calendar ?? (holidays !== undefined || days > CALENDAR_DAYS);
  const region = seesCalendar ? (holidays ?? null) : null;
  const isHoliday = region === null ? () => false : await holidayCalendar(region);
  if (!seesCalendar && used.size === 0) return { terms: null, isHoliday, flags };
  const atMidnight = startOfLocalDay(zone, issueMs) === issueMs;
  const terms = {
    calendar: seesCalendar,
    holidays: region,
    ahead: known,
    past: generation,
    issues: atMidnight && days > MIDNIGHT_DAYS ? 'midnights' : 'every-step',
    penalties: INPUT_PENALTIES,
  } as const;
  return { terms, isHoliday, flags };
}

function isTelling(series: MeterSeries, issueMs: number): boolean {
  const past = series.values.subarray(0, Math.max(0, positionOf(series, issueMs)));
  const known = past.filter((value) => !Number.isNaN(value));
  return 2 * known.length >= past.length && known.some((value) => value !== known[0]);
}

function flagsOf(
  { intensity, past: generation, computedHours }: IntensityColumns,
  issueMs: number,
  found: OwnForecast,
): Flag[] {
  const { backtest, filledHours } = found;
  const past = intensity.values.subarray(0, positionOf(intensity, issueMs));
  const missing = past.reduce((count, value) => (Number.isNaN(value) ? count + 1 : count), 0);
  const negative = [...generation.values()].reduce(
    (count, { values }) => count + values.reduce((below, mwh) => (mwh < 0 ? below + 1 : below), 0),
    0,
  );
  return [
    ...flagged(
      computedHours > 0,
      'INTENSITY_COMPUTED',
      `from generation and factors in ${computedHours} hours`,
    ),
    ...suspectIntensities(past),
    ...flagged(
      negative > 0,
      'GENERATION_NEGATIVE',
      `of a fuel in ${negative} hours: load, or the charge of a storage, has no intensity of its own`,
    ),
    ...flagged(
      missing > 0,
      'INTENSITY_MISSING',
      `in ${missing} of ${past.length} hours of the history: not learnt from`,
    ),
    ...flagged(filledHours > 0, 'LOOKBACK_FILLED', `${filledHours} missing hours were taken as usual`),
    ...flagged(
      !((backtest.skill ?? 0) > 0),
      'NOT_BETTER_THAN_NAIVE',
      `the backtest is no better than ${backtest.naive}`,
    ),
  ];
}

/** Nine decimals: a microgram. */
const rounded = (kg: number): number => Math.round(kg * 1e9) / 1e9;

const hourViews = ({ median, intervals }: OwnForecast, issueMs: number): ForecastHourView[] =>
  Array.from(median, (value, h) => {
    const ends = intervals.map(({ coverage, lower, upper }) => ({
      coverage,
      lowerKgPerKwh: rounded(lower[h]!),
      upperKgPerKwh: rounded(upper[h]!),
    }));
    const { lowerKgPerKwh, upperKgPerKwh } = ends[0]!;
    return {
      start: isoInstant(issueMs + h * HOUR_MS),
      intensityKgPerKwh: rounded(value),
      lowerKgPerKwh,
      upperKgPerKwh,
      intervals: ends,
    };
  });
