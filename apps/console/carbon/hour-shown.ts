const HOUR_MS = 3_600_000;

interface Hour {
  readonly start: string;
  readonly grams: number;
}

/** The hour that runs now, or of a platform that replays a day the newest. `rows` holds one at least, in order of time. */
export function hourShown(rows: readonly Hour[], nowMs: number): Hour & { readonly isNow: boolean } {
  const current = rows.find(({ start }) => {
    const startMs = Date.parse(start);
    return startMs <= nowMs && nowMs < startMs + HOUR_MS;
  });
  return { ...(current ?? rows.at(-1)!), isNow: current !== undefined };
}
