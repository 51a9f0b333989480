/** Errors of a model on windows, summed over rows and horizon, so that sites' sums add up. */
export interface Evaluation {
  readonly squaredError: number;
  readonly absoluteError: number;
  readonly rows: number;
}

/** What training gave: the part of it that an update is made of. */
export interface Trained {
  readonly weights: Float32Array;
  /** Training windows. */
  readonly rows: number;
  /** Mean squared error of the last epoch; NaN without a window. */
  readonly trainLoss: number;
  /** With SCAFFOLD: the change of the site's control variate. */
  readonly control?: { readonly change: Float64Array };
}

/** What a site knows at the end of its part of a round. */
export interface SiteRound {
  /** Weights the round started from. */
  readonly start: Float32Array;
  readonly training: Trained;
  /** Of the round's starting model on the site's validation windows, so that the sum judges a model all share. */
  readonly validation: Evaluation;
  /** With a vote, of the committed model on the same windows; absent where the round started from it. */
  readonly committed?: Evaluation;
}

/** L2 norm. */
export function lengthOf(vector: Float64Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

/** The factor that shortens `vector` to an L2 norm of `limit`; 1 where it is no longer. */
export function clipFactor(vector: Float64Array, limit: number): number {
  const length = lengthOf(vector);
  return length > limit ? limit / length : 1;
}
