import { type Evaluation, type NetworkTerms, weightCount, type Windows } from '#learning';

/** What a hostile site does in every step. It may send anything that fits its lanes: no more can be encoded. */
export interface Attack {
  readonly name: string;
  /** What it trains on instead. */
  readonly targets?: (windows: Windows, network: NetworkTerms) => Windows;
  /** Errors it claims of candidate and committed model; absent: that the candidate is perfect and the other worthless. */
  readonly claims?: Claims;
  /** What it makes of its vector, before that is cut to the lanes; `weights` are its first entries. */
  readonly tamper?: (vector: Float64Array, weights: number, limit: number) => Float64Array;
}

export interface Claims {
  readonly candidate: Evaluation;
  readonly committed: Evaluation;
}

const PERFECT: Evaluation = { squaredError: 0, absoluteError: 0, rows: 1e6 };
const WORTHLESS: Evaluation = { squaredError: Infinity, absoluteError: Infinity, rows: 1e6 };
export const ITS_OWN: Claims = { candidate: PERFECT, committed: WORTHLESS };
const SHIFT_HOURS = 12;

const scaled = (factor: number) => (vector: Float64Array, weights: number) =>
  vector.map((value, i) => (i < weights ? factor * value : value));

function shifted({ x, y, rows }: Windows, { horizon }: NetworkTerms): Windows {
  const later = (i: number) => i - (i % horizon) + ((i + SHIFT_HOURS) % horizon);
  return { x, rows, y: y.map((_, i) => y[later(i)]!) };
}

export const ATTACKS: readonly Attack[] = [
  { name: '×100', tamper: scaled(100) },
  { name: 'sign flip ×−10', tamper: scaled(-10) },
  { name: 'labels 12 h late', targets: shifted },
  // An encoder refuses NaN and every larger number.
  { name: 'NaN (lanes at their limit)', tamper: (vector, _, limit) => vector.map(() => limit) },
  { name: 'constant', tamper: (vector, weights) => vector.map((value, i) => (i < weights ? 1 : value)) },
  // Against the vote alone: an honest update beside the claim that every candidate is worthless.
  { name: 'veto', claims: { candidate: WORTHLESS, committed: PERFECT } },
];

/** The vector as far as lanes can carry it. */
export function hostileVector(
  attack: Attack,
  honest: Float64Array,
  network: NetworkTerms,
  limit: number,
): Float64Array {
  const wanted = attack.tamper?.(honest, weightCount(network), limit) ?? honest;
  return wanted.map((value) => Math.max(-limit, Math.min(limit, value)));
}
