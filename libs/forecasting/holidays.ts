import { DAY_MS, DomainError } from '#core';

/** Whether a local date, YYYY-MM-DD, is a public holiday. */
export type HolidayCalendar = (date: string) => boolean;

/** A country by ISO 3166-1, one of its states after a hyphen: DE, DE-BW, US-CA. */
const REGION = /^([A-Z]{2})(?:-([A-Z0-9]{1,3}))?$/;

/**
 * National and state calendars as the package date-holidays keeps them, for any year; days of observance without a day off are left out.
 * @throws HOLIDAYS_UNKNOWN for a region that it does not have
 */
export async function holidayCalendar(region: string): Promise<HolidayCalendar> {
  // A third of a second to load, which most processes never need.
  const { default: Holidays } = await import('date-holidays');
  const [, country, state] = REGION.exec(region) ?? [];
  const known = new Holidays();
  const states = country && Object.keys(known.getStates(country) ?? {});
  const found = country && country in known.getCountries() && (!state || states?.includes(state));
  if (!found) {
    throw new DomainError(
      'HOLIDAYS_UNKNOWN',
      `expected a country such as DE, or a state such as DE-BW, got ${JSON.stringify(region.slice(0, 20))}`,
    );
  }
  const calendar = state ? new Holidays(country, state) : new Holidays(country);
  const years = new Map<string, ReadonlySet<string>>();
  return (date) => {
    const year = date.slice(0, 4);
    let days = years.get(year);
    if (!days) years.set(year, (days = new Set(publicDays(calendar.getHolidays(Number(year))))));
    return days.has(date);
  };
}

interface Holiday {
  readonly date: string;
  readonly start: Date;
  readonly end: Date;
  readonly type: string;
}

/** Dates of public holidays, each day of those that last several. */
const publicDays = (holidays: readonly Holiday[]): string[] =>
  holidays
    .filter(({ type }) => type === 'public')
    .flatMap(({ date, start, end }) => {
      const first = Date.parse(`${date.slice(0, 10)}T00:00Z`);
      const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      return Array.from({ length: count }, (_, i) => new Date(first + i * DAY_MS).toISOString().slice(0, 10));
    });
