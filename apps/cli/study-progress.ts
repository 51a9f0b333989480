import type { StudyContext } from '#studies';
import { progressOn } from './progress.ts';
import { progressTerminal, type Terminal } from './terminal.ts';

/**
 * Shows on a terminal how far a computation is. The computation blocks its thread: the line is written while it runs, and
 * an interrupt from the keyboard ends the process at once, with nothing of a result written.
 */
export async function toldOnTerminal<T>(
  work: (context: StudyContext) => T | Promise<T>,
  terminal: Terminal | null = progressTerminal(),
  nowMs?: () => number,
): Promise<T> {
  const progress = progressOn(terminal, nowMs);
  try {
    return await work({ progress: ({ share, text }) => progress.at(share, text) });
  } finally {
    progress.end();
  }
}
