/** Business time: gates, issue times, what may already be read. Replays and tests run on another clock than the wall's. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number;
}

/** How far the date of a signed request may be off the platform's wall clock, ms. */
export const REQUEST_WINDOW_MS = 5 * 60_000;

export const systemClock: Clock = { nowMs: () => Date.now() };

export const fixedClock = (ms: number): Clock => ({ nowMs: () => ms });
