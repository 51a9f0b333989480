import { DomainError } from '#core';
import { isUuid } from './uuid.ts';

/** The integer a cursor carries, as text for a bigint comparison. @throws CURSOR_MALFORMED */
export const requireInteger = (text: string): string => requireKey(text, /^\d{1,15}$/.test(text));

/** @throws CURSOR_MALFORMED */
export const requireUuid = (text: string): string => requireKey(text, isUuid(text));

/** The key of a list's row. @throws CURSOR_MALFORMED */
export function requireKey(text: string, fits: boolean): string {
  if (fits) return text;
  throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
}
