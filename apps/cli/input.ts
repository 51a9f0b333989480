import { readFile, stat } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { DomainError } from '#core';
import { requireInput } from '#inputs';
import type { z } from 'zod';

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
