import type { Terminal } from './terminal.ts';

/** One line beside the result that says how far long work is. */
export interface Progress {
  /** `share` of the work that is done, 0–1; null where that is not known. */
  at(share: number | null, text: string): void;
  /** The line is gone then. */
  end(): void;
}

/** A terminal shows no more, and writing to it takes time. */
const SHOWN_EVERY_MS = 100;
/** Earlier, and with less done, what is left is a guess. */
const JUDGED_AFTER_MS = 2_000;
const JUDGED_FROM = 0.005;
const BAR = 20;

/** Erases the line that the cursor is in. */
const ERASE = '\r\u001B[2K';

/** Nothing is written of work that takes no time, and nothing at all without a terminal. */
export function progressOn(
  terminal: Terminal | null,
  nowMs: () => number = () => performance.now(),
): Progress {
  if (terminal === null) return { at: () => undefined, end: () => undefined };
  const startedMs = nowMs();
  let shownAtMs = startedMs;
  let shown = false;
  return {
    at(share, text) {
      const atMs = nowMs();
      if (atMs - shownAtMs < SHOWN_EVERY_MS) return;
      shownAtMs = atMs;
      shown = true;
      // A line that wraps could not be erased.
      const line = progressText(share, text, atMs - startedMs).slice(0, (terminal.columns ?? 80) - 1);
      terminal.write(ERASE + line);
    },
    end() {
      if (shown) terminal.write(ERASE);
      shown = false;
    },
  };
}

/** `[#####---------------]  25 %  0:06 left  3 of 12`; after `elapsedMs` of work. */
export function progressText(share: number | null, text: string, elapsedMs: number): string {
  if (share === null || Number.isNaN(share)) return text;
  const done = Math.min(Math.max(share, 0), 1);
  const filled = Math.floor(done * BAR);
  const left =
    elapsedMs < JUDGED_AFTER_MS || done < JUDGED_FROM || done === 1
      ? []
      : [`${timeText((elapsedMs * (1 - done)) / done)} left`];
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`;
  return [`${bar} ${String(Math.floor(100 * done)).padStart(3)} %`, ...left, text].join('  ');
}

/** `0:06`, `12:40`, `3:05:00`; whole seconds, rounded up. */
function timeText(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0
    ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}`
    : `${minutes}:${twoDigits(seconds % 60)}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
