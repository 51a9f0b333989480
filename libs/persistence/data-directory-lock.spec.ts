import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDataDirectory } from './data-directory-lock.ts';

// Another operating-system process that takes the same lock the same way, says so, and stays.
const HOLDER = `
  const { DatabaseSync } = require('node:sqlite');
  const lock = new DatabaseSync(process.argv[1]);
  lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  process.stdout.write('held');
  setInterval(() => lock.isOpen, 1000);
`;

describe('lockDataDirectory', () => {
  let directory: string;
  const take = () => lockDataDirectory(directory);
  const inUse = expect.objectContaining({ code: 'DATA_DIR_IN_USE' });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gridcommons-lock-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is taken once and free again after release', () => {
    const lock = take();
    expect(take).toThrow(inUse);
    lock.release();
    take().release();
  });

  it('is refused while another process holds it and free once that is killed', async () => {
    const holder = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '-e',
      HOLDER,
      join(directory, 'lock'),
    ]);
    await once(holder.stdout, 'data');
    expect(take).toThrow(inUse);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    take().release();
  });
});
