import { jest } from '@jest/globals';
import { main } from '../../apps/cli/program.ts';
import type { Run } from './command-line.ts';

/** A command line without a process of its own; for verbs that end when they have told what they have to tell. */
export async function runInProcess(parameters: readonly string[]): Promise<Run> {
  const told = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      told[name] += String(text);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await main(parameters);
    return { exitCode: process.exitCode, ...told };
  } finally {
    process.exitCode = before;
    process.stdout.removeAllListeners('error');
    for (const spy of spies) spy.mockRestore();
  }
}
