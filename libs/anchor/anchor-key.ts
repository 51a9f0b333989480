import { readFile } from 'node:fs/promises';
import { DomainError } from '#core';

/**
 * The private key in a file: 64 hex digits, with or without 0x.
 * @throws ANCHOR_KEY_INVALID which names the file and nothing of what is in it
 */
export async function readAnchorKey(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, digits] = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim()) ?? [];
  if (digits !== undefined) return `0x${digits}`;
  throw new DomainError(
    'ANCHOR_KEY_INVALID',
    `expected a private key of 64 hex digits in ${file}, got none`,
    'invalid',
    { file },
  );
}
