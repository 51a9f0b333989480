import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SiteDirectory } from '../node/site-directory.ts';
import { directoryCheck, encryptionCheck, machineChecks } from './machine-checks.ts';

const MANY = () => 2 ** 40;
const broken = () => Promise.reject(new Error('no WebAssembly'));

let workspace: string;
const site = (...names: string[]) => new SiteDirectory(join(workspace, ...names));

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'machine-checks-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

describe('a directory', () => {
  it('that is to be made is looked at where it would be, and not made', () => {
    expect(directoryCheck(site('a', 'b'), MANY)).toMatchObject({ status: 'ok' });
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('below a file, or that its user may not write, fails', () => {
    writeFileSync(join(workspace, 'file'), '');
    expect(directoryCheck(site('file', 'b'), MANY)).toMatchObject({
      status: 'failed',
      code: 'DIRECTORY_UNWRITABLE',
      found: expect.stringContaining('no directory'),
    });
    // Whoever is root may write everywhere.
    if (process.getuid?.() === 0) return;
    mkdirSync(join(workspace, 'closed'), { mode: 0o500 });
    expect(directoryCheck(site('closed', 'b'), MANY)).toMatchObject({ code: 'DIRECTORY_UNWRITABLE' });
  });

  it.each([
    [100, 'failed', 'DISK_FULL'],
    [1_000, 'warning', 'DISK_NEARLY_FULL'],
    [3_000, 'ok', null],
  ])('with %d MiB free is %s', (mebibytes, status, code) => {
    expect(directoryCheck(site('a'), () => mebibytes * 2 ** 20)).toMatchObject({ status, code });
  });

  it('with files of others is doubtful, with a participant’s own it is not', async () => {
    mkdirSync(join(workspace, 'a'));
    writeFileSync(join(workspace, 'a', 'letters.txt'), '');
    expect(directoryCheck(site('a'), MANY)).toMatchObject({ status: 'warning', code: 'DIRECTORY_NOT_EMPTY' });
    await site('a').identity();
    expect(directoryCheck(site('a'), MANY)).toMatchObject({ status: 'ok' });
  });

  it('whose keys others can read, or that has lost them, fails', async () => {
    await site('a').identity();
    chmodSync(join(workspace, 'a', 'identity.json'), 0o644);
    expect(directoryCheck(site('a'), MANY)).toMatchObject({ status: 'failed', code: 'KEY_FILE_EXPOSED' });
    rmSync(join(workspace, 'a', 'identity.json'));
    writeFileSync(join(workspace, 'a', 'enrolment.json'), '{}');
    expect(directoryCheck(site('a'), MANY)).toMatchObject({ status: 'failed', code: 'KEYS_MISSING' });
  });
});

describe('the machine', () => {
  it('loads the encryption, and says when it has one thread', async () => {
    expect(await machineChecks(4)).toMatchObject([
      { check: 'node', status: 'ok' },
      { check: 'encryption', status: 'ok' },
    ]);
    expect(await machineChecks(1)).toMatchObject([{ status: 'warning', code: 'THREADS_FEW' }, {}]);
  });

  it('fails where SEAL does not load', async () => {
    expect(await encryptionCheck(broken)).toMatchObject({
      status: 'failed',
      code: 'ENCRYPTION_UNAVAILABLE',
      found: expect.stringContaining('no WebAssembly'),
    });
  });
});
