import type { StudyContext, StudyProgress } from '#studies';

/** A terminal shows no more, and writing to it takes time. */
const SHOWN_EVERY_MS = 100;

/** Erases the line that the cursor is in. */
const ERASE = '\r\u001B[2K';

/**
 * Shows on a terminal how far a computation is, in one line beside the result that is gone in the end. Nothing is written
 * of one that takes no time. The computation blocks its thread: the line is written while it runs, and an interrupt from
 * the keyboard ends the process at once, with nothing of a result written.
 */
export async function toldOnTerminal<T>(
  work: (context: StudyContext) => T | Promise<T>,
  terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  nowMs: () => number = () => performance.now(),
): Promise<T> {
  if (!terminal.isTTY) return work({ progress: () => undefined });
  let shownAtMs = nowMs();
  let shown = false;
  const progress = (told: StudyProgress): void => {
    if (nowMs() - shownAtMs < SHOWN_EVERY_MS) return;
    shownAtMs = nowMs();
    shown = true;
    terminal.write(`${ERASE}${lineOf(told)}`);
  };
  try {
    return await work({ progress });
  } finally {
    if (shown) terminal.write(ERASE);
  }
}

const lineOf = ({ share, text }: StudyProgress): string =>
  share === null ? text : `${(100 * share).toFixed(0).padStart(4)} %  ${text}`;
