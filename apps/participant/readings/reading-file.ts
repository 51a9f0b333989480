import { readFile, stat } from 'node:fs/promises';
import { DomainError } from '#core';
import { CSV_LIMITS } from '#metering';

/** @throws FILE_UNREADABLE, CSV_TOO_LARGE */
export async function bytesOf(file: string): Promise<Uint8Array> {
  const unreadable = (problem: string) =>
    new DomainError('FILE_UNREADABLE', `expected a readable file, got ${problem}: ${file}`, 'not-found', {
      file,
    });
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error.code ?? 'an error');
  });
  if (!found.isFile()) throw unreadable(found.isDirectory() ? 'a directory' : 'no regular file');
  if (found.size > CSV_LIMITS.characters) {
    const problem = `expected at most ${CSV_LIMITS.characters} bytes, got ${found.size}`;
    throw new DomainError('CSV_TOO_LARGE', problem, 'limit', {
      limit: CSV_LIMITS.characters,
      got: found.size,
    });
  }
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error.code ?? 'an error');
  });
}

/** The line and column of the first byte that is not UTF-8 would need a decoder of our own; the line is close enough. @throws CSV_ENCODING */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const lines = before.split('\n');
    const position = { line: lines.length, column: (lines.at(-1) ?? '').split(',').length };
    throw new DomainError(
      'CSV_ENCODING',
      `line ${position.line}, column ${position.column}: expected UTF-8 text, got other bytes`,
      'invalid',
      position,
    );
  }
}
