/** How much an organisation may ask for: `perSecond` all the time, `burst` at once after a rest. In units of query cost. */
export interface Budget {
  readonly perSecond: number;
  readonly burst: number;
}

/** What was left at an instant. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** What is left now; a clock that went back gives nothing and takes nothing. */
export const refilled = ({ tokens, atMs }: Bucket, { perSecond, burst }: Budget, nowMs: number): number =>
  Math.min(burst, tokens + (Math.max(nowMs - atMs, 0) / 1_000) * perSecond);

/** How long until `cost` is there, ms, rounded up. */
export const waitMs = (tokens: number, cost: number, { perSecond }: Budget): number =>
  Math.max(0, Math.ceil(((cost - tokens) / perSecond) * 1_000));
