import { DAY_MS, DomainError, parseInstant } from '#core';
import { TABLE_FORMATS, type TableFormat } from '../tables/formats.ts';
import type { ForecastFilter } from './forecast-query.ts';
import { requireSeries } from './forecast-series.ts';

const MAX_EXPORT_DAYS = 366;

export interface ExportRequest {
  readonly format: TableFormat;
  readonly filter: ForecastFilter;
}

const flag = (text: string): boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  throw malformed('true or false for a flag');
};

const whole = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN);

/** The arguments of the query `forecasts` that choose rows, as they stand in an address. */
const READERS = {
  from: parseInstant,
  to: parseInstant,
  series: requireSeries,
  productId: (text) => text,
  organisationIds: (text) => text.split(','),
  issuedAfter: parseInstant,
  latest: flag,
  version: whole,
  asOf: parseInstant,
  frozen: flag,
  gate: (text) => text,
} as const satisfies { [Key in keyof Required<ForecastFilter>]: (text: string) => ForecastFilter[Key] };

const isKey = (key: string): key is keyof typeof READERS => Object.hasOwn(READERS, key);

/**
 * Reads `?format=…&from=…&to=…` and the other arguments of the query `forecasts`.
 * @throws FORECAST_EXPORT_FORMAT, FORECAST_EXPORT_QUERY, FORECAST_EXPORT_RANGE, FORECAST_SERIES_UNKNOWN, INSTANT_MALFORMED
 */
export function requireExport(query: Readonly<Record<string, unknown>>): ExportRequest {
  const { format: name, ...rest } = query;
  const format = TABLE_FORMATS.get(String(name));
  if (format === undefined) {
    throw new DomainError(
      'FORECAST_EXPORT_FORMAT',
      `expected format=${[...TABLE_FORMATS.keys()].join(' or ')}, got another`,
    );
  }
  const filter: ForecastFilter = Object.fromEntries(
    Object.entries(rest).map(([key, text]) => {
      if (!isKey(key)) throw malformed(`arguments among ${Object.keys(READERS).join(', ')}`);
      if (typeof text !== 'string') throw malformed('each argument once');
      return [key, READERS[key](text)];
    }),
  );
  const { from = null, to = null } = filter;
  if (from === null || to === null || !(from < to && to - from <= MAX_EXPORT_DAYS * DAY_MS)) {
    throw new DomainError(
      'FORECAST_EXPORT_RANGE',
      `expected from and to, at most ${MAX_EXPORT_DAYS} days apart, got another range`,
    );
  }
  return { format, filter };
}

const malformed = (expected: string): DomainError =>
  new DomainError('FORECAST_EXPORT_QUERY', `expected ${expected}, got another`);
