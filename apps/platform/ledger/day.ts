import { DomainError, quoted } from '#core';

/** Whether it is a UTC date that the database can compare. */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse turns 30 February into 2 March, and the database knows no year 0.
  return !Number.isNaN(ms) && text > '0001' && new Date(ms).toISOString().startsWith(text);
}

/** @throws DATE_MALFORMED */
export function requireDay(text: string): string {
  if (isDay(text)) return text;
  throw new DomainError('DATE_MALFORMED', `expected a day YYYY-MM-DD, got ${quoted(text)}`);
}
