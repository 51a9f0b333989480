import { DomainError } from '#core';

/** What a key looks like that a caller coins. @throws IDEMPOTENCY_KEY_MALFORMED */
export function requireKeyForm(key: string): void {
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return;
  throw new DomainError(
    'IDEMPOTENCY_KEY_MALFORMED',
    'expected 1–200 visible ASCII characters as key, got another form',
  );
}
