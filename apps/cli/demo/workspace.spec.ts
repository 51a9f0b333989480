import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requirePrices } from './steps.ts';
import { inWorkspace, untilInterrupted } from './workspace.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-workspace-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function never(): Promise<never> {
  throw new RangeError('begun');
}

describe('the demo', () => {
  it('leaves no temporary workspace behind, also where it fails', async () => {
    const seen: string[] = [];
    const work = async (workspace: string): Promise<void> => {
      seen.push(workspace);
      expect(existsSync(workspace)).toBe(true);
      if (seen.length === 2) throw new RangeError('planned');
    };
    await inWorkspace(undefined, work);
    await expect(inWorkspace(undefined, work)).rejects.toThrow('planned');
    expect(seen.map((path) => existsSync(path))).toEqual([false, false]);
  });

  it('keeps a new or empty directory and refuses any other before it begins', async () => {
    const kept = join(directory, 'kept');
    await inWorkspace(kept, async (workspace) => writeFileSync(join(workspace, 'clock'), ''));
    expect(existsSync(join(kept, 'clock'))).toBe(true);
    await expect(inWorkspace(kept, never)).rejects.toMatchObject({ code: 'KEEP_NOT_EMPTY' });
    await expect(inWorkspace(join(kept, 'clock'), never)).rejects.toMatchObject({
      code: 'WORKSPACE_UNWRITABLE',
    });
    await expect(inWorkspace(join(kept, 'clock', 'below'), never)).rejects.toMatchObject({
      code: 'WORKSPACE_UNWRITABLE',
    });
  });

  it('aborts at the first request to stop, then leaves signals to their defaults', async () => {
    const before = process.listenerCount('SIGHUP');
    const reason = await untilInterrupted(async (interrupted) => {
      expect(process.listenerCount('SIGHUP')).toBe(before + 1);
      process.emit('SIGHUP', 'SIGHUP');
      expect(process.listenerCount('SIGHUP')).toBe(before);
      return interrupted.reason as unknown;
    });
    expect(reason).toMatchObject({ code: 'INTERRUPTED', message: expect.stringContaining('SIGHUP') });
  });

  it('has no market where the retailer pays what it charges', () => {
    expect(() => requirePrices({ retail: 8, feedIn: 8, currency: 'EUR' })).toThrow(
      expect.objectContaining({ code: 'PRICES_UNORDERED' }),
    );
    requirePrices({ retail: -1, feedIn: -2, currency: 'EUR' });
  });
});
