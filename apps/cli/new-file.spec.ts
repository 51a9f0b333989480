import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requireAbsent, writeNewFile } from './new-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridcommons-new-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a new file', () => {
  it('is written whole, beside nothing', async () => {
    const file = join(folder, 'a.html');
    await requireAbsent(file);
    await writeNewFile(file, 'text');
    expect(await readFile(file, 'utf8')).toBe('text');
    expect(await readdir(folder)).toEqual(['a.html']);
  });

  it('replaces none', async () => {
    const file = join(folder, 'a.html');
    await writeNewFile(file, 'first');
    await expect(requireAbsent(file)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await expect(writeNewFile(file, 'second')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(await readFile(file, 'utf8')).toBe('first');
    expect(await readdir(folder)).toEqual(['a.html']);
  });

  it('needs its folder', async () => {
    const file = join(folder, 'none', 'a.html');
    await expect(requireAbsent(file)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    await expect(writeNewFile(file, 'text')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
  });
});
