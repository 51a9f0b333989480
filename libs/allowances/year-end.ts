import { DomainError } from '#core';
import { type Distribution, normal, quantile, student } from './distribution.ts';

/** What is known of the rest of the year. */
export type RestOfYear =
  /** Emissions of the periods of a past year, as many as the year has, in the same order. */
  | { readonly pastTonnes: readonly number[] }
  /** A forecast of each period to come, with a central interval of chance `level`. */
  | { readonly expected: readonly PeriodForecast[]; readonly level: number; readonly correlation: number };

export interface PeriodForecast {
  readonly tonnes: number;
  readonly lowTonnes: number;
  readonly highTonnes: number;
}

export interface YearEndFacts {
  /** Emissions of the periods of this year that are over, in order. */
  readonly actualTonnes: readonly number[];
  readonly rest: RestOfYear;
  /** Allowances that will be there at the end of the year. */
  readonly heldTonnes: number;
  /** Chance of the interval that is told. */
  readonly level: number;
}

export interface YearEndForecast {
  readonly toDateTonnes: number;
  readonly restTonnes: number;
  readonly emissionsTonnes: number;
  readonly lowTonnes: number;
  readonly highTonnes: number;
  /** Emissions − held, with the same interval. */
  readonly gapTonnes: number;
  readonly gapLowTonnes: number;
  readonly gapHighTonnes: number;
  /** Chance that emissions exceed what is held. */
  readonly deficitProbability: number;
  /** Standard error of the rest. */
  readonly standardErrorTonnes: number;
  readonly method: 'seasonal-ratio' | 'given-forecast';
}

interface Rest {
  readonly tonnes: number;
  readonly error: number;
  readonly distribution: Distribution;
  readonly method: YearEndForecast['method'];
}

/**
 * Emissions of the whole year and the gap that remains, with an interval and the chance of a deficit. Emissions below zero
 * are cut off the interval.
 * @throws YEAR_END_INPUT
 */
export function forecastYearEnd({
  actualTonnes,
  rest: of,
  heldTonnes,
  level,
}: YearEndFacts): YearEndForecast {
  requireNumbers('actualTonnes', actualTonnes);
  requireChance(level);
  const toDateTonnes = sum(actualTonnes);
  const rest = 'pastTonnes' in of ? seasonalRatio(actualTonnes, of.pastTonnes) : givenForecast(of);
  const emissionsTonnes = toDateTonnes + rest.tonnes;
  const width = rest.error === 0 ? 0 : rest.error * quantile(rest.distribution, (1 + level) / 2);
  const lowTonnes = Math.max(toDateTonnes, emissionsTonnes - width);
  const highTonnes = emissionsTonnes + width;
  return {
    toDateTonnes,
    restTonnes: rest.tonnes,
    emissionsTonnes,
    lowTonnes,
    highTonnes,
    gapTonnes: emissionsTonnes - heldTonnes,
    gapLowTonnes: lowTonnes - heldTonnes,
    gapHighTonnes: highTonnes - heldTonnes,
    deficitProbability: deficitProbability(rest, emissionsTonnes - heldTonnes, toDateTonnes - heldTonnes),
    standardErrorTonnes: rest.error,
    method: rest.method,
  };
}

/** What is emitted already is certain: a deficit by then stays one. */
function deficitProbability({ error, distribution }: Rest, gap: number, gapToDate: number): number {
  if (gapToDate > 0) return 1;
  if (error === 0) return gap > 0 ? 1 : 0;
  return distribution(gap / error);
}

/**
 * The rest of a past year times the ratio of this year's periods to the same ones of that year. Where emissions vary in
 * proportion to the past year's, this is the best linear unbiased prediction, with error variance σ²(R + R²/P), P and R the
 * past year's periods that are over and to come, σ² from the residuals with n − 1 degrees of freedom; Student's then.
 * Source: Royall 1970, Biometrika 57 (ratio estimation under a superpopulation model).
 */
function seasonalRatio(actual: readonly number[], past: readonly number[]): Rest {
  requireNumbers('pastTonnes', past);
  const over = past.slice(0, actual.length);
  if (actual.length < 2 || actual.length > past.length || over.some((tonnes) => tonnes === 0)) {
    throw yearEndInput(
      'two periods or more that are over, no more than the past year has, none of which was 0 then',
    );
  }
  const [known, toCome] = [sum(over), sum(past.slice(actual.length))];
  const ratio = sum(actual) / known;
  const degrees = actual.length - 1;
  const variance = sum(actual.map((tonnes, i) => (tonnes - ratio * over[i]!) ** 2 / over[i]!)) / degrees;
  return {
    tonnes: ratio * toCome,
    error: Math.sqrt(variance * (toCome + toCome ** 2 / known)),
    distribution: student(degrees),
    method: 'seasonal-ratio',
  };
}

/** Normal errors of half the interval over its quantile, each correlated with each other by the same coefficient. */
function givenForecast({ expected, level, correlation }: Exclude<RestOfYear, { pastTonnes: unknown }>): Rest {
  requireChance(level);
  for (const key of ['tonnes', 'lowTonnes', 'highTonnes'] as const)
    requireNumbers(
      key,
      expected.map((each) => each[key]),
    );
  const disordered = expected.some(
    ({ tonnes, lowTonnes, highTonnes }) => !(lowTonnes <= tonnes && tonnes <= highTonnes),
  );
  if (disordered || !(correlation >= 0 && correlation <= 1))
    throw yearEndInput('lowTonnes ≤ tonnes ≤ highTonnes and a correlation from 0 to 1');
  const z = quantile(normal, (1 + level) / 2);
  const errors = expected.map(({ lowTonnes, highTonnes }) => (highTonnes - lowTonnes) / 2 / z);
  const apart = sum(errors.map((error) => error ** 2));
  return {
    tonnes: sum(expected.map(({ tonnes }) => tonnes)),
    error: Math.sqrt((1 - correlation) * apart + correlation * sum(errors) ** 2),
    distribution: normal,
    method: 'given-forecast',
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

const yearEndInput = (expected: string): DomainError =>
  new DomainError('YEAR_END_INPUT', `expected ${expected}, got another`);

function requireNumbers(name: string, values: readonly number[]): void {
  if (values.every((value) => Number.isFinite(value) && value >= 0)) return;
  throw yearEndInput(`${name} of at least 0`);
}

function requireChance(level: number): void {
  if (level > 0 && level < 1) return;
  throw yearEndInput('the chance of an interval between 0 and 1');
}
