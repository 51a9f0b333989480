/** Half-open, instants of UTC. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const DAY_MS = 86_400_000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Whole days of UTC. */
export const daysBefore = (endMs: number, days: number): Period => ({
  from: dayOf(endMs - days * DAY_MS),
  to: dayOf(endMs),
});

/** From dates to instants. */
export const instantsOf = ({ from, to }: Period): Period => ({
  from: `${from}T00:00:00.000Z`,
  to: `${to}T00:00:00.000Z`,
});

/** Of dates as forms write them; the last is no part of the period, so that one day needs two. */
export const isOrdered = ({ from, to }: Period): boolean => from < to;
