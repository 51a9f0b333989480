import { access, constants, link, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DomainError } from '#core';

/** Before long work whose result goes to a new file. @throws FILE_EXISTS, FILE_UNWRITABLE where its folder is missing or closed */
export async function requireAbsent(path: string): Promise<void> {
  const file = resolve(path);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) throw unwritable(file, 'EEXIST');
  await access(dirname(file), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(file, error.code ?? error.message);
  });
}

/** Writes a new file whole or not at all. @throws FILE_EXISTS, FILE_UNWRITABLE */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = resolve(path);
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeFile(partial, content, { flag: 'wx' });
    // Unlike a rename, a link replaces nothing that has appeared meanwhile.
    await link(partial, file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unwritable(file, code ?? message);
  } finally {
    await rm(partial, { force: true });
  }
}

const unwritable = (file: string, got: string) =>
  new DomainError(
    got === 'EEXIST' ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
    `expected a new file at ${file}, got ${got}`,
    'conflict',
    { file },
  );
