import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { DomainError } from '#core';
import { parseJson, requireInput } from '#inputs';
import type { z } from 'zod';
import { binaryKind, type OwnFormat, requireFormat } from './file-kind.ts';

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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'a directory',
};

function unreadable(error: unknown, path: string): unknown {
  const { code: reason } = error as NodeJS.ErrnoException;
  if (error instanceof DomainError || typeof reason !== 'string') return error;
  return new DomainError(
    'FILE_UNREADABLE',
    `expected to read ${path}, got ${REASONS[reason] ?? reason}`,
    'not-found',
    {
      path,
      reason,
    },
  );
}

/**
 * Reads JSON from a file, or from standard input for `-`, and checks it against the verb's schema.
 * @throws FILE_UNREADABLE, INPUT_NOT_JSON, INPUT_KEY_UNKNOWN naming unknown keys, INPUT_INVALID naming every problem
 */
export async function readInput<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return requireInput(jsonOf(await readBytes(path)), schema);
}

/**
 * The same for a file that says of which format it is; of another it is told what it seems to be.
 * @throws FILE_KIND, and as readInput
 */
export async function readFormat<T>(path: string, format: OwnFormat, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readBytes(path);
  requireFormat(bytes, format);
  return requireInput(jsonOf(bytes), schema);
}

const readBytes = async (path: string): Promise<Uint8Array> =>
  path === '-' ? buffer(process.stdin) : readInputFile(path, MAX_INPUT_BYTES);

function jsonOf(bytes: Uint8Array): unknown {
  const kind = binaryKind(bytes);
  if (kind !== undefined) throw new DomainError('INPUT_NOT_JSON', `expected JSON, got ${kind}`);
  return parseJson(new TextDecoder().decode(bytes));
}
