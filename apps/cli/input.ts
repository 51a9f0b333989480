import { readFile, stat } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { DomainError } from '#core';
import { z } from 'zod';

const MAX_INPUT_BYTES = 64 * 2 ** 20;

/** @throws FILE_UNREADABLE with the operating system's code, FILE_TOO_LARGE past `maxBytes` */
export async function readInputFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new DomainError('FILE_TOO_LARGE', `expected at most ${maxBytes} bytes, got ${size}`, 'limit', {
        path,
        size,
      });
    }
    return await readFile(path);
  } catch (error) {
    throw unreadable(error, path);
  }
}

function unreadable(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof DomainError) return error;
  const reason = String(error.code);
  return new DomainError('FILE_UNREADABLE', `expected to read ${path}, got ${reason}`, 'not-found', {
    path,
    reason,
  });
}

/**
 * Reads JSON from a file, or from standard input for `-`, and checks it against the verb's schema.
 * @throws FILE_UNREADABLE, INPUT_NOT_JSON, INPUT_KEY_UNKNOWN naming unknown keys, INPUT_INVALID naming every problem
 */
export async function readInput<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text =
    path === '-'
      ? await readText(process.stdin)
      : new TextDecoder().decode(await readInputFile(path, MAX_INPUT_BYTES));
  return requireInput(parseJson(text), schema);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('INPUT_NOT_JSON', `expected JSON, got: ${reason}`);
  }
}

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

export function requireInput<T>(input: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) => nearest(issue));
  const keys = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => z.core.toDotPath([...issue.path, key])) : [],
  );
  if (keys.length > 0) {
    throw new DomainError('INPUT_KEY_UNKNOWN', `expected no unknown key, got ${keys.join(', ')}`, 'invalid', {
      keys,
    });
  }
  const problems = issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'input'}: ${message}`);
  throw new DomainError(
    'INPUT_INVALID',
    `expected input as --schema says, got ${problems.join('; ')}`,
    'invalid',
    {
      problems,
    },
  );
}
