import { type EmissionsTotals, PUBLISHED_FACTOR_SETS, SCOPE2_METHOD } from '#carbon';
import { DomainError, HOUR_MS } from '#core';

/** A local day: 23, 24 or 25 hours. Totals of less would come close to the reading of an hour. */
const DAY_HOURS = { min: 23, max: 25 } as const;

/** 100 000 t a day, more than the largest power station; a mistyped unit, or a lie that would drown every sum. */
const MAX_DAY_GRAMS = 100_000_000_000;

interface Rule {
  readonly code: string;
  readonly expected: string;
  readonly holds: (totals: EmissionsTotals, nowMs: number) => boolean;
}

const lengthHours = ({ startMs, endMs }: EmissionsTotals): number => (endMs - startMs) / HOUR_MS;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const isGrams = (value: number): boolean => isCount(value) && value <= MAX_DAY_GRAMS;

const RULES: readonly Rule[] = [
  {
    code: 'EMISSIONS_INTERVAL',
    expected: `one day of ${DAY_HOURS.min} to ${DAY_HOURS.max} whole hours`,
    holds: (totals) =>
      Number.isInteger(lengthHours(totals)) &&
      lengthHours(totals) >= DAY_HOURS.min &&
      lengthHours(totals) <= DAY_HOURS.max,
  },
  {
    code: 'EMISSIONS_TOO_EARLY',
    expected: 'a day that is over',
    holds: ({ endMs }, nowMs) => endMs <= nowMs,
  },
  {
    code: 'EMISSIONS_HOURS',
    expected: 'at least one hour and no more than the day has',
    holds: (totals) => isCount(totals.hours) && totals.hours > 0 && totals.hours <= lengthHours(totals),
  },
  {
    code: 'EMISSIONS_TOTALS',
    expected: `whole grams from 0 to ${MAX_DAY_GRAMS}`,
    holds: ({ locationGrams, marketGrams }) => isGrams(locationGrams) && isGrams(marketGrams),
  },
  {
    code: 'EMISSIONS_METHOD',
    expected: `method ${SCOPE2_METHOD}`,
    holds: ({ methodVersion }) => methodVersion === SCOPE2_METHOD,
  },
  {
    code: 'EMISSIONS_FACTORS',
    expected: 'a grid series and a factor of the same basis',
    holds: ({ factorIds: [grid, factor, ...others], basis }) =>
      grid?.startsWith('grid/') === true &&
      others.length === 0 &&
      PUBLISHED_FACTOR_SETS.some(({ factors }) =>
        factors.some((row) => row.id === factor && row.basis === basis),
      ),
  },
];

/** Refuses published totals that break a rule; repeats none of the totals. @throws EMISSIONS_* */
export function requirePublishable(totals: EmissionsTotals, nowMs: number): void {
  const broken = RULES.find(({ holds }) => !holds(totals, nowMs));
  if (broken !== undefined) throw new DomainError(broken.code, `expected ${broken.expected}, got another`);
}
