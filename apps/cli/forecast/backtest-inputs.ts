import { DomainError } from '#core';
import {
  CLEAR_SKY,
  clearSkySeries,
  type HolidayCalendar,
  holidayCalendar,
  INPUT_PENALTIES,
  type Place,
  placeFrom,
  type RidgeModelConfig,
} from '#forecasting';
import { measureOf } from '#metering';
import { type InputOptions, saidInputs } from '../task/input-options.ts';
import type { Site } from './sites.ts';

/** What a ridge sees beside the look-back, with the holidays of its region. */
export interface BacktestInputs {
  readonly terms: NonNullable<RidgeModelConfig['inputs']>;
  readonly isHoliday: HolidayCalendar;
  /** Whose clear sky is one of the columns known ahead; null: none. Nothing that is written names it. */
  readonly place: Place | null;
}

/** Where the sites are. */
export interface PlaceOptions {
  readonly latitude?: string;
  readonly longitude?: string;
}

/**
 * Null where nothing is said of inputs.
 * @throws OPTION_MISSING without a target, or for a clear sky without a place, OPTION_ALONE for a place without a clear sky, PLACE_INVALID, COLUMN_ROLES for a column that is two things at once, HOLIDAYS_UNKNOWN
 */
export async function backtestInputs(
  options: InputOptions & PlaceOptions & { readonly target?: string },
): Promise<BacktestInputs | null> {
  const said = saidInputs(options);
  const place = placeOf(options);
  if (!said) return null;
  const { calendar = false, holidays = null, ahead = [], past = [], issues = 'every-step' } = said;
  const { target } = options;
  if (target === undefined)
    throw new DomainError('OPTION_MISSING', 'expected --target with inputs, got none');
  requireRoles([
    ['target', [target]],
    ['ahead', ahead],
    ['past', past],
  ]);
  return {
    terms: { calendar, holidays, ahead, past, issues, penalties: INPUT_PENALTIES },
    place,
    isHoliday: holidays === null ? () => false : await holidayCalendar(holidays),
  };
}

/** A target that is known ahead, in whatever unit, would be forecast by itself; any other repetition is a slip. @throws COLUMN_ROLES */
function requireRoles(roles: readonly (readonly [role: string, columns: readonly string[]])[]): void {
  const found = new Map<string, string>();
  for (const [role, columns] of roles) {
    for (const column of columns) {
      const other = found.get(measureOf(column));
      if (other !== undefined)
        throw new DomainError(
          'COLUMN_ROLES',
          `expected each quantity once, as --target, --ahead or --past, got ${other} and ${column} as ${role}`,
          'invalid',
          { column },
        );
      found.set(measureOf(column), `${column} as ${role}`);
    }
  }
}

function placeOf({ ahead = [], latitude, longitude }: InputOptions & PlaceOptions): Place | null {
  const isAsked = ahead.includes(CLEAR_SKY);
  const said = [latitude, longitude].filter((degrees) => degrees !== undefined).length;
  if (!isAsked && said > 0)
    throw new DomainError('OPTION_ALONE', `expected a place with --ahead ${CLEAR_SKY}, got it alone`);
  if (!isAsked) return null;
  if (latitude === undefined || longitude === undefined)
    throw new DomainError(
      'OPTION_MISSING',
      `expected --latitude and --longitude with ${CLEAR_SKY}, got fewer`,
    );
  return placeFrom(latitude, longitude);
}

/** The sites with the clear sky of their place, where that is asked for. */
export function underClearSky(sites: readonly Site[], inputs: BacktestInputs | null): readonly Site[] {
  if (!inputs?.place) return sites;
  // All of one span.
  const { series } = sites[0]!;
  const sky = clearSkySeries(inputs.place, series, series.values.length);
  return sites.map((site) => ({ ...site, inputs: new Map([...site.inputs, [CLEAR_SKY, sky]]) }));
}

/** The columns that a table is read for; undefined: all of them. */
export const wantedColumns = (
  target: string | undefined,
  inputs: BacktestInputs | null,
): readonly string[] | undefined =>
  target === undefined
    ? undefined
    : [target, ...(inputs?.terms.ahead ?? []), ...(inputs?.terms.past ?? [])].filter(
        (column) => column !== CLEAR_SKY,
      );
