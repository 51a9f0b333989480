import { DomainError } from '#core';

/** A row number out of a cursor, as text that the database can compare. @throws CURSOR_MALFORMED */
export function requireSequence(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text;
  throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
}
