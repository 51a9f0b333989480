/** How a growing table is read on: rows after a cursor, in their order; an empty page means nothing new yet. */
export interface CursorSource<Row> {
  readonly read: (after: string) => Promise<readonly Row[]>;
  readonly cursorOf: (row: Row) => string;
}

/**
 * Yields every row after `start`, then new ones as they appear, asking again after `pollMs` without any. Each read is
 * the source's own short transaction: nothing is held open in between. Ends at once on return(); an error of the source
 * ends the iteration with that error.
 */
export function followCursor<Row>(
  source: CursorSource<Row>,
  start: string,
  pollMs: number,
): AsyncIterableIterator<Row> {
  const stopped = new AbortController();
  const rows = readOn(source, start, pollMs, stopped.signal);
  return {
    next: () => rows.next(),
    return() {
      stopped.abort();
      return rows.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* readOn<Row>(
  { read, cursorOf }: CursorSource<Row>,
  start: string,
  pollMs: number,
  stopped: AbortSignal,
): AsyncGenerator<Row, undefined> {
  let after = start;
  while (!stopped.aborted) {
    // Each page begins where the one before ended.
    const page = await read(after);
    for (const row of page) {
      after = cursorOf(row);
      yield row;
    }
    if (page.length === 0) await pause(pollMs, stopped);
  }
  return undefined;
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  if (stopped.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stopped.addEventListener('abort', end);
  });
}
