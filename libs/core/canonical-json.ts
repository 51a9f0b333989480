import { DomainError } from './domain-error.ts';

/** What canonical JSON can carry: no undefined, no NaN, no bigint, no class instances. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The one byte sequence of a JSON value (RFC 8785, JSON Canonicalization Scheme): keys sorted by UTF-16 code units,
 * no white space, numbers as ECMAScript prints them. Hashes and signatures are always taken over this form.
 * @throws JSON_NOT_CANONICAL for a value that JSON cannot carry without loss.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  return canonicalObject(value);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new DomainError('JSON_NOT_CANONICAL', `expected a finite number, got ${value}`);
  }
  return JSON.stringify(value);
}

function canonicalObject(value: unknown): string {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new DomainError('JSON_NOT_CANONICAL', `expected a plain JSON value, got ${typeof value}`);
  }
  const fields = Object.entries(value as Record<string, Json>)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${fields.join(',')}}`;
}
