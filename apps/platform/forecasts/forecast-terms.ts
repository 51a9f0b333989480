import {
  apportion,
  DAY_MS,
  DomainError,
  type Interval,
  interval,
  isoInstant,
  localDate,
  localDay,
  overlaps,
} from '#core';
import type { EntryDraft } from '#ledger';
import type { ForecastSeries } from './forecast-series.ts';

/*
 * Forecasts for money, kept small until the exchange of policies and negotiations takes it over: terms (price of a local
 * day of one series), agreement (terms accepted for some days), charge (a day that was read). Free is what has no terms.
 */

/** Who sees that the licence is kept: the platform, which shows no copy beyond it, or the parties by their word. */
export const LICENCES = ['TECHNICAL', 'CONTRACTUAL'] as const;
export type Licence = (typeof LICENCES)[number];

/** Of every price: seven tenths to the publisher, the rest in equal shares to those whose data made the model. */
const PUBLISHER_TENTHS = 7n;
const CONTRIBUTOR_TENTHS = 3n;

const MAX_PRICE_MINOR = 1_000_000_000;
const MAX_DAYS = 3 * 366;

export interface TermsDraft {
  readonly days: Interval;
  readonly pricePerDayMinor: number;
  readonly currency: string;
}

/**
 * @param taken days for which the publisher has terms for the series
 * @throws FORECAST_TERMS_PRICE, FORECAST_TERMS_CURRENCY, FORECAST_TERMS_RANGE, FORECAST_TERMS_PAST, FORECAST_TERMS_OVERLAP
 */
export function requireTerms(
  { days, pricePerDayMinor, currency }: TermsDraft,
  taken: readonly Interval[],
  nowMs: number,
): void {
  if (!Number.isSafeInteger(pricePerDayMinor) || pricePerDayMinor < 1 || pricePerDayMinor > MAX_PRICE_MINOR) {
    throw new DomainError(
      'FORECAST_TERMS_PRICE',
      `expected 1 to ${MAX_PRICE_MINOR} minor units a day, got another`,
    );
  }
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new DomainError('FORECAST_TERMS_CURRENCY', 'expected a currency as in ISO 4217, got another');
  }
  if (days.endMs - days.startMs > MAX_DAYS * DAY_MS) {
    throw new DomainError('FORECAST_TERMS_RANGE', `expected at most ${MAX_DAYS} days, got more`, 'limit');
  }
  // What could be read for nothing stays so: a day that has begun gets no price.
  if (days.startMs <= nowMs) {
    throw new DomainError(
      'FORECAST_TERMS_PAST',
      `expected days that begin after ${isoInstant(nowMs)}, got one that has begun`,
      'conflict',
    );
  }
  if (taken.some((other) => overlaps(other, days))) {
    throw new DomainError('FORECAST_TERMS_OVERLAP', 'expected one price for a day, got two', 'conflict');
  }
}

/**
 * @param agreed days for which the consumer has an agreement about the same terms
 * @throws FORECAST_AGREEMENT_RANGE outside the terms, FORECAST_AGREEMENT_OVERLAP
 */
export function requireAgreement(days: Interval, terms: Interval, agreed: readonly Interval[]): void {
  if (days.startMs < terms.startMs || days.endMs > terms.endMs) {
    throw new DomainError(
      'FORECAST_AGREEMENT_RANGE',
      `expected days within ${isoInstant(terms.startMs)} and ${isoInstant(terms.endMs)}, got others`,
    );
  }
  if (agreed.some((other) => overlaps(other, days))) {
    throw new DomainError(
      'FORECAST_AGREEMENT_OVERLAP',
      'expected one agreement for a day, got two',
      'conflict',
    );
  }
}

/**
 * @param fromMs start of the first day without the agreement
 * @param days of the agreement, up to its present end
 * @throws FORECAST_AGREEMENT_RANGE for a day outside the agreement, FORECAST_AGREEMENT_PAST for one that has begun
 */
export function requireEnd(fromMs: number, days: Interval, nowMs: number): void {
  if (fromMs < days.startMs || fromMs >= days.endMs) {
    throw new DomainError(
      'FORECAST_AGREEMENT_RANGE',
      `expected a day within ${isoInstant(days.startMs)} and ${isoInstant(days.endMs)}, got another`,
    );
  }
  if (fromMs <= nowMs) {
    throw new DomainError(
      'FORECAST_AGREEMENT_PAST',
      `expected a day that begins after ${isoInstant(nowMs)}, got one that has begun`,
      'conflict',
    );
  }
}

/** What of a span the others leave, in order. */
export function uncovered(span: Interval, others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let fromMs = span.startMs;
  for (const { startMs, endMs } of others.toSorted((a, b) => a.startMs - b.startMs)) {
    if (startMs > fromMs && fromMs < span.endMs) left.push(interval(fromMs, Math.min(startMs, span.endMs)));
    fromMs = Math.max(fromMs, endMs);
  }
  return fromMs < span.endMs ? [...left, interval(fromMs, span.endMs)] : left;
}

/** The local day that contains an instant. */
export const dayAt = (zone: string, atMs: number): Interval => localDay(zone, localDate(zone, atMs));

export interface Shares {
  readonly publisherMinor: number;
  /** In the order of the contributors; conserves the price to the last unit with the publisher's. */
  readonly contributorMinor: readonly number[];
}

/**
 * Who gets what of a price, by largest remainder (Hamilton's method). Contributors are equal, but for units that do not
 * divide: those go to each in turn, from one delivery day to the next.
 */
export function shareOf(priceMinor: number, contributors: number, dayStartMs: number): Shares {
  if (contributors === 0) return { publisherMinor: priceMinor, contributorMinor: [] };
  const weights = [
    PUBLISHER_TENTHS * BigInt(contributors),
    ...Array.from({ length: contributors }, () => CONTRIBUTOR_TENTHS),
  ];
  const [publisherMinor, ...inTurn] = apportion(BigInt(priceMinor), weights).map(Number);
  const first = Math.floor(dayStartMs / DAY_MS) % contributors;
  const contributorMinor = inTurn.map((_, i) => inTurn[(i - first + contributors) % contributors]!);
  return { publisherMinor: publisherMinor!, contributorMinor };
}

/** Every charge goes through it and leaves it at zero, so that each entry has one organisation in it and can be shown to it whole. */
const CLEARING_ACCOUNT = 'forecasts:clearing';

export interface ChargedDay {
  readonly id: string;
  readonly consumer: string;
  readonly publisher: string;
  readonly series: ForecastSeries;
  readonly day: Interval;
  readonly zone: string;
  readonly priceMinor: number;
  readonly currency: string;
  /** Organisations, in one order. */
  readonly contributors: readonly string[];
}

/** What is booked of a charge, an entry for each organisation in it; what is zero is not. */
export function draftsOf(charge: ChargedDay, atMs: number): { holder: string; draft: EntryDraft }[] {
  const { id, consumer, publisher, series, day, zone, priceMinor, currency, contributors } = charge;
  const { publisherMinor, contributorMinor } = shareOf(priceMinor, contributors.length, day.startMs);
  const date = localDate(zone, day.startMs);
  const entry = (type: string, holder: string, amountMinor: number, memo: string) => ({
    holder,
    draft: {
      type,
      reference: `${id}/${holder}`,
      currency,
      memo,
      atMs,
      postings: [
        { account: `organisation:${holder}`, amountMinor },
        { account: CLEARING_ACCOUNT, amountMinor: -amountMinor },
      ],
    },
  });
  return [
    entry('forecast.read', consumer, -priceMinor, `forecasts of ${series} for ${date}`),
    entry('forecast.sold', publisher, publisherMinor, `forecasts of ${series} for ${date}`),
    ...contributors.map((holder, i) =>
      entry('forecast.contribution', holder, contributorMinor[i]!, `data behind forecasts for ${date}`),
    ),
  ].filter(({ draft }) => draft.postings[0]!.amountMinor !== 0);
}
