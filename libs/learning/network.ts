import { type Bytes, DomainError } from '#core';

/**
 * 'mlp': one hidden ReLU layer; 'gru': a gated recurrent unit over segments of the look-back; 'tcn': dilated causal
 * convolutions over them; each with a linear head. 'dlinear': a linear map of the look-back's moving average and one of the rest.
 * All but that one may see covariates of the issue time, the same at each step.
 */
export const ARCHITECTURES = ['mlp', 'gru', 'dlinear', 'tcn'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** The shape of a network; every site of a task uses the same one, so it stands in the task's card. */
export interface NetworkTerms {
  readonly architecture: Architecture;
  /** L: values a window sees. */
  readonly lookback: number;
  /** H: values it answers for. */
  readonly horizon: number;
  /** Units of the hidden layer, state or channels; 0 for 'dlinear', which has none. */
  readonly hidden: number;
  /** Values a window has beside the look-back; none when absent, as 'dlinear' always. */
  readonly covariates?: number;
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

/** Day-ahead hourly load from a week by each architecture; 'dlinear' has 8 088 weights, 'tcn' 7 800. */
export const DAY_AHEAD_NETWORKS: Readonly<Record<Architecture, NetworkTerms>> = {
  mlp: DAY_AHEAD_MLP,
  gru: DAY_AHEAD_GRU,
  dlinear: { ...DAY_AHEAD_MLP, architecture: 'dlinear', hidden: 0 },
  tcn: { ...DAY_AHEAD_MLP, architecture: 'tcn', hidden: 32 },
};

/** One matrix of a network, row by row in the flat weights; a bias is a matrix of one row. */
export interface Parameter {
  readonly name:
    'input' | 'inputBias' | 'recurrent' | 'convolutions' | 'convolutionsBias' | 'trend' | 'head' | 'headBias';
  readonly rows: number;
  readonly columns: number;
  /** Position of its first weight in the flat vector. */
  readonly offset: number;
}

/** Longest segment that a recurrent or convolutional step reads: a day of hours. */
const SEGMENT_LIMIT = 24;
const SEED_LIMIT = 2 ** 32;
const LIMITS = { lookback: [2, 8192], horizon: [1, 8192] } as const;
const HIDDEN_LIMITS: Readonly<Record<Architecture, readonly [number, number]>> = {
  mlp: [1, 4096],
  gru: [1, 4096],
  dlinear: [0, 0],
  tcn: [1, 4096],
};
const MOST_COVARIATES = 4096;

/** Values of a window's input: the look-back, then the covariates. */
export const windowWidth = ({ lookback, covariates = 0 }: NetworkTerms): number => lookback + covariates;

/** Values each step reads: the largest divisor of the look-back up to 24 (segments as in SegRNN). */
export function segmentLength(lookback: number): number {
  let length = Math.min(SEGMENT_LIMIT, lookback);
  while (lookback % length !== 0) length -= 1;
  return length;
}

/** Steps a convolution reads (Bai et al. 2018). */
export const TCN_KERNEL = 3;

/** Layers whose dilations 1, 2, 4 … let the last step see the whole look-back: 2 for a week of hours, 3 for two. */
export function tcnLayers(lookback: number): number {
  const steps = lookback / segmentLength(lookback);
  let layers = 1;
  while (tcnSteps(layers) < steps) layers += 1;
  return layers;
}

/** Steps that so many layers see: 1 + 2 + 4 + … */
export const tcnSteps = (layers: number): number => 2 ** (layers + 1) - 1;

const isWithin = (value: number, low: number, high: number) =>
  Number.isSafeInteger(value) && value >= low && value <= high;

const refuse = (field: string, expected: string, got: string | number) =>
  new DomainError('NETWORK_TERMS_INVALID', `expected ${field} ${expected}, got ${got}`, 'invalid', { field });

/** @throws NETWORK_TERMS_INVALID naming the first field that breaks its rule. */
export function requireSoundNetwork(network: NetworkTerms): void {
  if (!ARCHITECTURES.includes(network.architecture))
    throw refuse('architecture', `one of ${ARCHITECTURES.join(', ')}`, network.architecture);
  const { architecture, covariates = 0 } = network;
  const limits = {
    ...LIMITS,
    hidden: HIDDEN_LIMITS[architecture],
    covariates: [0, architecture === 'dlinear' ? 0 : MOST_COVARIATES] as const,
  };
  for (const [field, [low, high]] of Object.entries(limits)) {
    const value = { ...network, covariates }[field as keyof typeof limits];
    if (!isWithin(value, low, high)) throw refuse(field, `a whole number from ${low} to ${high}`, value);
  }
  if (!isWithin(network.seed, 0, SEED_LIMIT - 1))
    throw refuse('seed', `a whole number below ${SEED_LIMIT}`, network.seed);
}

type Shape = readonly [name: Parameter['name'], rows: number, columns: number];

/** What stands before the head. */
const BODIES: Readonly<Record<Architecture, (network: NetworkTerms) => readonly Shape[]>> = {
  mlp: ({ lookback, hidden, covariates = 0 }) => [
    ['input', lookback + covariates, hidden],
    ['inputBias', 1, hidden],
  ],
  gru: ({ lookback, hidden, covariates = 0 }) => [
    ['input', segmentLength(lookback) + covariates, 3 * hidden],
    ['inputBias', 1, 3 * hidden],
    ['recurrent', hidden, 3 * hidden],
  ],
  dlinear: ({ lookback, horizon }) => [['trend', lookback, horizon]],
  tcn: ({ lookback, hidden, covariates = 0 }) => [
    ['input', segmentLength(lookback) + covariates, hidden],
    ['inputBias', 1, hidden],
    ['convolutions', tcnLayers(lookback) * TCN_KERNEL * hidden, hidden],
    ['convolutionsBias', 1, tcnLayers(lookback) * hidden],
  ],
};

/** The matrices of a network in the order of the flat weights; the head comes last. */
export function parametersOf(network: NetworkTerms): Parameter[] {
  const { architecture, lookback, horizon, hidden } = network;
  const shapes: readonly Shape[] = [
    ...BODIES[architecture](network),
    ['head', architecture === 'dlinear' ? lookback : hidden, horizon],
    ['headBias', 1, horizon],
  ];
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

/** Position of the first weight of the last layer; 0 for 'dlinear', which has one layer. */
export const headOffset = (network: NetworkTerms): number =>
  parametersOf(network).find(({ name }) => name === 'head' || name === 'trend')!.offset;

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

/** The weights that `weightsBytes` wrote. @throws WEIGHTS_LENGTH where the bytes are no whole numbers */
export function weightsFrom(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0) {
    throw new DomainError('WEIGHTS_LENGTH', `expected whole float32 numbers, got ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
