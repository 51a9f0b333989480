/** Business time: gates, issue times, what may already be read. Replays and tests run on another clock than the wall's. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

export const fixedClock = (ms: number): Clock => ({ nowMs: () => ms });
