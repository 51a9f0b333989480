import { type Bytes, DomainError } from '#core';

/** The shape of a network; every site of a task uses the same one, so it stands in the task's card. */
export interface NetworkTerms {
  /** 'mlp': one hidden ReLU layer; 'gru': a gated recurrent unit over segments of the look-back, then a linear head. */
  readonly architecture: 'mlp' | 'gru';
  /** L: values a window sees. */
  readonly lookback: number;
  /** H: values it answers for. */
  readonly horizon: number;
  /** Units of the hidden layer. */
  readonly hidden: number;
  /** Of the initial weights, 32-bit unsigned. */
  readonly seed: number;
}

/** Day-ahead hourly load from a week: 12 376 weights. */
export const DAY_AHEAD_MLP: NetworkTerms = {
  architecture: 'mlp',
  lookback: 168,
  horizon: 24,
  hidden: 64,
  seed: 7,
};

/** The same with a day a step: 11 688 weights. */
export const DAY_AHEAD_GRU: NetworkTerms = { ...DAY_AHEAD_MLP, architecture: 'gru', hidden: 48 };

/** One matrix of a network, row by row in the flat weights; a bias is a matrix of one row. */
export interface Parameter {
  readonly name: 'input' | 'inputBias' | 'recurrent' | 'head' | 'headBias';
  readonly rows: number;
  readonly columns: number;
  /** Position of its first weight in the flat vector. */
  readonly offset: number;
}

/** Longest segment a recurrent step reads: a day of hours. */
const SEGMENT_LIMIT = 24;
const SEED_LIMIT = 2 ** 32;
const LIMITS = { lookback: [2, 8192], horizon: [1, 8192], hidden: [1, 4096] } as const;

/** Values each recurrent step reads: the largest divisor of the look-back up to 24 (segments as in SegRNN). */
export function segmentLength(lookback: number): number {
  let length = Math.min(SEGMENT_LIMIT, lookback);
  while (lookback % length !== 0) length -= 1;
  return length;
}

const isWithin = (value: number, low: number, high: number) =>
  Number.isSafeInteger(value) && value >= low && value <= high;

const refuse = (field: string, expected: string, got: string | number) =>
  new DomainError('NETWORK_TERMS_INVALID', `expected ${field} ${expected}, got ${got}`, 'invalid', { field });

/** @throws NETWORK_TERMS_INVALID naming the first field that breaks its rule. */
export function requireSoundNetwork(network: NetworkTerms): void {
  if (!['mlp', 'gru'].includes(network.architecture))
    throw refuse('architecture', "'mlp' or 'gru'", network.architecture);
  for (const field of ['lookback', 'horizon', 'hidden'] as const) {
    const [low, high] = LIMITS[field];
    if (!isWithin(network[field], low, high))
      throw refuse(field, `a whole number from ${low} to ${high}`, network[field]);
  }
  if (!isWithin(network.seed, 0, SEED_LIMIT - 1))
    throw refuse('seed', `a whole number below ${SEED_LIMIT}`, network.seed);
}

/** The matrices of a network in the order of the flat weights; the head comes last. */
export function parametersOf({ architecture, lookback, horizon, hidden }: NetworkTerms): Parameter[] {
  const gates = 3 * hidden;
  const body =
    architecture === 'mlp'
      ? ([
          ['input', lookback, hidden],
          ['inputBias', 1, hidden],
        ] as const)
      : ([
          ['input', segmentLength(lookback), gates],
          ['inputBias', 1, gates],
          ['recurrent', hidden, gates],
        ] as const);
  const shapes = [...body, ['head', hidden, horizon] as const, ['headBias', 1, horizon] as const];
  let offset = 0;
  return shapes.map(([name, rows, columns]) => {
    const parameter = { name, rows, columns, offset };
    offset += rows * columns;
    return parameter;
  });
}

/** Length of the flat weights: 12 376 for an MLP 168 → 64 → 24. @throws NETWORK_TERMS_INVALID */
export function weightCount(network: NetworkTerms): number {
  requireSoundNetwork(network);
  const last = parametersOf(network).at(-1)!;
  return last.offset + last.rows * last.columns;
}

/** Position of the first weight of the last layer. */
export const headOffset = (network: NetworkTerms): number =>
  parametersOf(network).find(({ name }) => name === 'head')!.offset;

/** @throws WEIGHTS_LENGTH */
export function requireWeights(network: NetworkTerms, weights: Float32Array): void {
  const expected = weightCount(network);
  if (weights.length === expected) return;
  throw new DomainError('WEIGHTS_LENGTH', `expected ${expected} weights, got ${weights.length}`, 'invalid', {
    expected,
    got: weights.length,
  });
}

/** The one byte form of weights, for hashing and sending: float32 little-endian. */
export function weightsBytes(weights: Float32Array): Bytes {
  const view = new DataView(new ArrayBuffer(4 * weights.length));
  for (let i = 0; i < weights.length; i += 1) view.setFloat32(4 * i, weights[i]!, true);
  return new Uint8Array(view.buffer);
}
