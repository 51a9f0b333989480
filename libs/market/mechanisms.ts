import { DomainError } from '#core';
import { type Mechanism } from './mechanism.ts';
import { uniformPrice } from './uniform-price.ts';

/** Every order-based mechanism, in the order in which they are shown. */
export const MECHANISMS: readonly Mechanism[] = [uniformPrice];

/** @throws MECHANISM_UNKNOWN */
export function mechanismNamed(name: string): Mechanism {
  const found = MECHANISMS.find((mechanism) => mechanism.name === name);
  if (found) return found;
  const known = MECHANISMS.map((mechanism) => mechanism.name);
  throw new DomainError(
    'MECHANISM_UNKNOWN',
    `expected a mechanism of ${known.join(', ')}, got ${name}`,
    'not-found',
    { known },
  );
}
