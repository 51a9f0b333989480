import { DomainError } from '#core';
import { type HolidayCalendar, holidayCalendar, INPUT_PENALTIES, type RidgeModelConfig } from '#forecasting';
import { measureOf } from '#metering';
import { type InputOptions, saidInputs } from '../task/input-options.ts';

/** What a ridge sees beside the look-back, with the holidays of its region. */
export interface BacktestInputs {
  readonly terms: NonNullable<RidgeModelConfig['inputs']>;
  readonly isHoliday: HolidayCalendar;
}

/**
 * Null where nothing is said of inputs.
 * @throws OPTION_MISSING without a target, COLUMN_ROLES for a column that is two things at once, HOLIDAYS_UNKNOWN
 */
export async function backtestInputs(
  options: InputOptions & { readonly target?: string },
): Promise<BacktestInputs | null> {
  const said = saidInputs(options);
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

/** The columns that a table is read for; undefined: all of them. */
export const wantedColumns = (
  target: string | undefined,
  inputs: BacktestInputs | null,
): readonly string[] | undefined =>
  target === undefined ? undefined : [target, ...(inputs?.terms.ahead ?? []), ...(inputs?.terms.past ?? [])];
