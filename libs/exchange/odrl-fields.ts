import { DomainError, quoted } from '#core';
import { ODRL_NAMESPACE, TRAIN } from './vocabulary.ts';

/** Limits of one document, checked before anything is read from it. */
export const POLICY_LIMITS = {
  characters: 1_000_000,
  values: 20_000,
  depth: 16,
  text: 2048,
  list: 1000,
} as const;

export function refuse(code: string, path: string, expected: string, got: unknown): never {
  throw new DomainError(code, `expected ${expected} in ${path}, got ${quoted(got)}`, 'invalid', { path });
}

/**
 * Walks without recursion: a document may be nested deeper than the stack.
 * @throws POLICY_TOO_LARGE, POLICY_TOO_DEEP, POLICY_MALFORMED for what JSON cannot carry
 */
export function requireSize(document: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }];
  let [characters, values] = [0, 0];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value === 'string') characters += value.length;
    else if (!isScalar(value)) {
      const entries = entriesOf(value);
      if (depth >= POLICY_LIMITS.depth) tooMuch('POLICY_TOO_DEEP', 'levels', POLICY_LIMITS.depth);
      if (values + open.length + entries.length > POLICY_LIMITS.values)
        tooMuch('POLICY_TOO_LARGE', 'values', POLICY_LIMITS.values);
      for (const [key, item] of entries) {
        characters += key.length;
        open.push({ value: item, depth: depth + 1 });
      }
    }
    if (characters > POLICY_LIMITS.characters)
      tooMuch('POLICY_TOO_LARGE', 'characters', POLICY_LIMITS.characters);
  }
}

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

function tooMuch(code: string, what: string, most: number): never {
  throw new DomainError(code, `expected a policy of at most ${most} ${what}, got more`, 'limit', { most });
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) refuse('POLICY_MALFORMED', 'policy', 'JSON', typeof value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
    refuse('POLICY_MALFORMED', 'policy', 'plain JSON', value);
  return Object.entries(value);
}

/** A word of ODRL's, or ours, without its prefix or namespace. */
export function localName(word: string): string {
  if (word === TRAIN) return 'train';
  if (word.startsWith('odrl:')) return word.slice(5);
  return word.startsWith(ODRL_NAMESPACE) ? word.slice(ODRL_NAMESPACE.length) : word;
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['@id', 'uid'],
  ['@type', 'type'],
]);

/** Known keys that are refused rather than unknown: ignoring them would change what the policy says. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'andSequence',
  'remedy',
  'consequence',
  'inheritFrom',
  'inheritAllowed',
  'rightOperandReference',
]);

/**
 * The fields of an object by their plain names.
 * @throws POLICY_MALFORMED unless it is an object, POLICY_KEY_UNKNOWN, POLICY_KEY_REPEATED under two spellings, POLICY_UNSUPPORTED
 */
export function fieldsOf(value: unknown, path: string, known: ReadonlySet<string>): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse('POLICY_MALFORMED', path, 'an object', value);
  const fields = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    const name = ALIASES.get(key) ?? localName(key);
    if (UNSUPPORTED.has(name)) refuse('POLICY_UNSUPPORTED', path, 'a policy without it', name);
    if (!known.has(name)) refuse('POLICY_KEY_UNKNOWN', path, `one of ${[...known].join(', ')}`, key);
    if (fields.has(name)) refuse('POLICY_KEY_REPEATED', path, 'each key once', key);
    fields.set(name, item);
  }
  return fields;
}

/** JSON-LD writes one value with or without a list; `@list` keeps an order we do not use. Absent is the empty list. */
export function listOf(value: unknown, path: string, most: number = POLICY_LIMITS.list): readonly unknown[] {
  if (value === undefined) return [];
  const inner = isOnly(value, '@list') ? value['@list'] : value;
  const list = Array.isArray(inner) ? (inner as readonly unknown[]) : [inner];
  if (list.length > most)
    throw new DomainError('POLICY_TOO_LARGE', `expected at most ${most} in ${path}, got more`, 'limit', {
      path,
    });
  return list;
}

function isOnly(value: unknown, key: string): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, key) &&
    Object.keys(value).length === 1
  );
}

/** A text, alone or in a list of one, bare or as `{"@id": …}`. @throws POLICY_MALFORMED, code of the caller for an odd text */
export function nameOf(value: unknown, path: string): string {
  const list = listOf(value, path, 1);
  const [one] = list;
  const inner = isOnly(one, '@id') ? one['@id'] : isOnly(one, 'uid') ? one['uid'] : one;
  if (typeof inner !== 'string' || !isName(inner)) refuse('POLICY_VALUE_INVALID', path, 'a name', inner);
  return inner;
}

/** ASCII without blanks, escapes, or `.` and `..` as a step, of 256 characters at most: one spelling, one meaning. */
export const isName = (text: string): boolean =>
  /^[\w@][\w.:/#~@+=?&;,()-]{0,255}$/.test(text) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(text);

/** @throws `code` unless the word, without its prefix, is one of `words` */
export function wordOf<Word extends string>(
  value: unknown,
  path: string,
  words: readonly Word[],
  code: string,
): Word {
  const [one] = listOf(value, path, 1);
  const inner = isOnly(one, '@id') ? one['@id'] : one;
  const name = typeof inner === 'string' ? localName(inner) : null;
  const word = words.find((each) => each === name);
  return word ?? refuse(code, path, `one of ${words.join(', ')}`, inner);
}

/** A value with the type JSON-LD gives it: bare, `{"@id": …}`, `{"@value": …}` or `{"@value": …, "@type": …}`. */
export function typedValue(
  value: unknown,
  path: string,
): { readonly value: unknown; readonly type?: unknown } {
  if (typeof value !== 'object' || value === null) return { value };
  const fields = new Map<string, unknown>(Object.entries(value));
  if (isOnly(value, '@id')) return { value: fields.get('@id') };
  const [typed, most] = [fields.has('@type'), fields.has('@type') ? 2 : 1];
  if (!fields.has('@value') || fields.size !== most) refuse('POLICY_VALUE_INVALID', path, 'a value', value);
  return { value: fields.get('@value'), ...(typed ? { type: fields.get('@type') } : {}) };
}

/** An action of a rule or duty: its word, and what refines it. */
export function refinedAction(
  given: unknown,
  path: string,
): { readonly word: unknown; readonly refinement?: unknown } {
  if (typeof given !== 'object' || given === null || Object.hasOwn(given, '@id')) return { word: given };
  const fields = fieldsOf(given, path, ACTION_KEYS);
  if (fields.has('rdf:value') && fields.has('value'))
    refuse('POLICY_KEY_REPEATED', path, 'one value', 'value');
  return { word: fields.get('rdf:value') ?? fields.get('value'), refinement: fields.get('refinement') };
}

const ACTION_KEYS: ReadonlySet<string> = new Set(['rdf:value', 'value', 'refinement']);
