import { DomainError, repeatedName } from '#core';

export type ShareResult = Readonly<Record<string, unknown>>;

/** Numbers by name; −0 is 0. @throws INPUT_INVALID where two have one name, of which one would be lost */
export function byName(
  names: readonly string[],
  values: readonly number[],
): Readonly<Record<string, number>> {
  requireEachOnce(names);
  return Object.fromEntries(names.map((name, i) => [name, values[i]! + 0]));
}

/** @throws INPUT_INVALID */
export function requireEachOnce(names: readonly string[]): void {
  const twice = repeatedName(names);
  if (twice !== undefined)
    throw new DomainError('INPUT_INVALID', `expected each id once, got ${twice} twice`);
}
