import { DomainError, quoted } from '#core';
import { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What to change where none of several forms fits: what is wrong with the form that the least is wrong with. Forms of
 * another type altogether are told together.
 */
function nearest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const forms = issue.errors.map((form) => form.flatMap((each) => nearest(each)));
  if (forms.length === 0) return [issue];
  const types = forms.flatMap(([first, ...more]) =>
    more.length === 0 && first?.code === 'invalid_type' && first.path.length === 0 ? [first.expected] : [],
  );
  if (types.length === forms.length) return [{ ...issue, message: `expected ${types.join(' or ')}` }];
  const closest = forms.reduce((best, form) => (faultsOf(form) < faultsOf(best) ? form : best));
  return closest.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

const faultsOf = (form: readonly Issue[]): number =>
  form.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/**
 * Whether a member of any object in it is named `__proto__`: schemas pass over it, and assignments take it for the prototype.
 * Without recursion, as nothing has limited the depth so far.
 */
function hasPrototypeKey(input: unknown): boolean {
  const left = [input];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const item of Object.values(value)) left.push(item);
  }
  return false;
}

/** What came, where it is a word or a number and the problem does not say so. */
function came(input: unknown, path: readonly PropertyKey[], message: string): string {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return '';
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain && !message.includes('received') ? `, got ${quoted(value)}` : '';
}

/**
 * What `schema` makes of JSON.
 * @throws INPUT_KEY_UNKNOWN naming unknown keys, INPUT_INVALID naming every problem
 */
export function requireInput<T>(input: unknown, schema: z.ZodType<T>): T {
  if (hasPrototypeKey(input)) throw unknownKeys(['__proto__']);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) => nearest(issue));
  const keys = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => z.core.toDotPath([...issue.path, key])) : [],
  );
  if (keys.length > 0) throw unknownKeys(keys);
  const problems = issues.map(
    ({ path, message }) => `${z.core.toDotPath(path) || 'input'}: ${message}${came(input, path, message)}`,
  );
  throw new DomainError(
    'INPUT_INVALID',
    `expected input as --schema says, got ${problems.join('; ')}`,
    'invalid',
    {
      problems,
    },
  );
}

const unknownKeys = (keys: string[]): DomainError =>
  new DomainError('INPUT_KEY_UNKNOWN', `expected no unknown key, got ${keys.join(', ')}`, 'invalid', {
    keys,
  });
