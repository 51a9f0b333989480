import { DomainError } from '#core';

/** The integer a cursor carries, as text for a bigint comparison. @throws CURSOR_MALFORMED */
export function requireInteger(text: string): string {
  if (!/^\d{1,15}$/.test(text)) {
    throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
  }
  return text;
}
