export type ShareResult = Readonly<Record<string, unknown>>;

/** Numbers by name; −0 is 0. */
export const byName = (
  names: readonly string[],
  values: readonly number[],
): Readonly<Record<string, number>> => Object.fromEntries(names.map((name, i) => [name, values[i]! + 0]));

/** A line a key, for people. */
export const renderKeys = (result: ShareResult): string =>
  Object.entries(result)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
