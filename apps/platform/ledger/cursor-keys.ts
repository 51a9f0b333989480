import { DomainError } from '#core';
import { isDay } from './day.ts';

/** The integer a cursor carries, as text for a bigint comparison. @throws CURSOR_MALFORMED */
export const requireInteger = (text: string): string => requireKey(text, /^\d{1,15}$/.test(text));

/** @throws CURSOR_MALFORMED */
export const requireCursorDay = (text: string): string => requireKey(text, isDay(text));

/** @throws CURSOR_MALFORMED */
export const requireUuid = (text: string): string =>
  requireKey(text, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text));

function requireKey(text: string, fits: boolean): string {
  if (fits) return text;
  throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
}
