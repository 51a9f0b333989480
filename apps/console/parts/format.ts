const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const KILO = 1_000;

/** Nothing is told as a dash, never as zero. */
const NONE = '—';
type Maybe<T> = T | null | undefined;

export const number = (value: Maybe<number>): string =>
  value === null || value === undefined ? NONE : NUMBER.format(value);

export const kilowattHours = (wh: Maybe<number>): string =>
  wh === null || wh === undefined ? NONE : `${NUMBER.format(wh / KILO)} kWh`;

/** Minor units per MWh as a price of a kWh in hundredths of the currency's unit. */
export const pricePerKwh = (perMwh: Maybe<number>, currency: string): string =>
  perMwh === null || perMwh === undefined ? NONE : `${NUMBER.format(perMwh / KILO)} ct/kWh ${currency}`;

const inCurrency = (currency: string) => new Intl.NumberFormat('en', { style: 'currency', currency });

/** From minor units of ISO 4217; how many there are in a unit is what the browser knows of the currency. */
export const units = (minor: number, currency: string): number =>
  minor / 10 ** (inCurrency(currency).resolvedOptions().maximumFractionDigits ?? 2);

export const money = (minor: Maybe<number>, currency: string): string =>
  minor === null || minor === undefined ? NONE : inCurrency(currency).format(units(minor, currency));

/** In the zone of what is shown, named; UTC where it has none. */
export function instant(iso: Maybe<string>, timeZone = 'UTC'): string {
  if (iso === null || iso === undefined) return NONE;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return `${format.format(new Date(iso))} ${timeZone === 'UTC' ? 'UTC' : timeZone}`;
}

export const clockTime = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

/** Ids and hashes: enough to recognise. */
export const short = (id: string): string => id.slice(0, 8);

/** `IN_FORCE` as `in force`. */
export const words = (name: Maybe<string>): string =>
  name === null || name === undefined ? NONE : name.replaceAll('_', ' ').toLowerCase();
