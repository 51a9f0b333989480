const MOST = 40;

/** Enough of a foreign value to recognise it in a message, on one line; never for secrets. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  }
  if (value === undefined) return 'none';
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return `${value}`;
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}
