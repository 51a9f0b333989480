import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateSigningKey, type SigningKey } from '#core';

/**
 * The platform's own Ed25519 key, made on first start. Processes that start together agree on one: the first link wins.
 * @throws the file system's error when the file cannot be read or written.
 */
export async function loadPlatformKey(file: string): Promise<SigningKey> {
  const existing = await readKey(file);
  if (existing !== undefined) return existing;
  const temporary = await writeTemporary(file, `${JSON.stringify(await generateSigningKey())}\n`);
  try {
    await link(temporary, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary);
  }
  return (await readKey(file)) ?? Promise.reject(new Error(`expected a key in ${file}, got none`));
}

/** Writes a secret so that it is there whole or not at all, for its owner only. */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  await rename(await writeTemporary(file, text), file);
}

async function writeTemporary(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

async function readKey(file: string): Promise<SigningKey | undefined> {
  try {
    await chmod(file, 0o600);
    return JSON.parse(await readFile(file, 'utf8')) as SigningKey;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
