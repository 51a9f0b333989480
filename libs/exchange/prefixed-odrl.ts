import type { Json } from '#core';
import type { Policy } from './policy.ts';
import { toOdrl } from './to-odrl.ts';
import { TRAIN } from './vocabulary.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** Whose values are words of ODRL. */
const WORDS: ReadonlySet<string> = new Set(['@type', 'action', 'conflict', 'leftOperand', 'operator']);
/** Whose values are names of something. */
const NAMES: ReadonlySet<string> = new Set([
  'profile',
  'target',
  'assigner',
  'assignee',
  'compensatedParty',
  'attributedParty',
]);
/** Whose values ODRL keeps in their order. */
const LISTS: ReadonlySet<string> = new Set(['and', 'or', 'xone']);

/**
 * The policy as toOdrl writes it, in terms that need no context but the prefixes odrl, xsd and rdf, so that it can stand within
 * another document. parsePolicy reads the same policy back.
 */
export function toPrefixedOdrl(policy: Policy): JsonObject {
  const { '@context': _context, ...rest } = toOdrl(policy);
  return prefixedObject(rest);
}

const prefixedObject = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.startsWith('@') || key.includes(':') ? key : `odrl:${key}`,
      prefixedValue(key, value),
    ]),
  );

function prefixedValue(key: string, value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => prefixedValue(key, item));
    return LISTS.has(key) ? { '@list': items } : items;
  }
  if (typeof value === 'string') return prefixedText(key, value);
  if (typeof value !== 'object' || value === null) return value;
  // A typed literal, or a name: its type and value are no words of ODRL.
  return '@value' in value || '@id' in value ? value : prefixedObject(value as JsonObject);
}

function prefixedText(key: string, text: string): Json {
  if (key === '@type') return `odrl:${text}`;
  if (WORDS.has(key)) return { '@id': text === 'train' ? TRAIN : `odrl:${text}` };
  return NAMES.has(key) ? { '@id': text } : text;
}
