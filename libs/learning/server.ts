import { type Bytes, concat, DomainError, equalBytes, utf8 } from '#core';
import { initialWeights } from './initial-weights.ts';
import { type NetworkTerms, weightCount, weightsBytes, weightsFrom } from './network.ts';
import type { LearningTerms, OptimiserTerms } from './terms.ts';
import type { Aggregate } from './update.ts';

/** All that a task carries from round to round; every participant recomputes it from the released sums. */
export interface ServerState {
  /** Rounds applied. */
  readonly round: number;
  /** The model as sites start from it. */
  readonly weights: Float32Array;
  /** FedAdam and FedYogi: first and second moment of the updates; else empty. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** SCAFFOLD: the server's control variate c; else empty. */
  readonly control: Float64Array;
}

type Adaptive = Extract<OptimiserTerms, { kind: 'fedadam' | 'fedyogi' }>;

const isAdaptive = (optimiser: OptimiserTerms): optimiser is Adaptive =>
  optimiser.kind === 'fedadam' || optimiser.kind === 'fedyogi';

/** Before the first round. The second moment starts at τ² (Reddi et al.), the others at 0. @throws NETWORK_TERMS_INVALID */
export function initialServerState(network: NetworkTerms, { optimiser }: LearningTerms): ServerState {
  const weights = initialWeights(network);
  const adaptive = isAdaptive(optimiser) ? weights.length : 0;
  return {
    round: 0,
    weights,
    first: new Float64Array(adaptive),
    second: new Float64Array(adaptive).fill(isAdaptive(optimiser) ? optimiser.tau * optimiser.tau : 0),
    control: new Float64Array(optimiser.kind === 'scaffold' ? weights.length : 0),
  };
}

/** m ← β₁m + (1 − β₁)Δ; FedAdam v ← β₂v + (1 − β₂)Δ², FedYogi v ← v − (1 − β₂)Δ²·sign(v − Δ²); w ← w + η·m / (√v + τ). */
function adaptiveStep(state: ServerState, update: Float64Array, terms: Adaptive): ServerState {
  const { kind, beta1, beta2, tau, serverLearningRate } = terms;
  const first = state.first.map((m, i) => beta1 * m + (1 - beta1) * update[i]!);
  const second = state.second.map((v, i) => {
    const square = update[i]! * update[i]!;
    if (kind === 'fedadam') return beta2 * v + (1 - beta2) * square;
    return v - (1 - beta2) * square * Math.sign(v - square);
  });
  const weights = state.weights.map(
    (w, i) => w + (serverLearningRate * first[i]!) / (Math.sqrt(second[i]!) + tau),
  );
  return { ...state, weights, first, second };
}

/** How many of a task's sites are in the sum: SCAFFOLD's c is a mean over all, of which the others' part stays. */
export interface Participation {
  readonly uploads: number;
  readonly sites: number;
}

function requireParticipation({ uploads, sites }: Participation): void {
  if (Number.isSafeInteger(uploads) && uploads >= 1 && uploads <= sites) return;
  throw new DomainError(
    'PARTICIPATION_INVALID',
    `expected between 1 and ${sites} uploads, got ${uploads}`,
    'invalid',
    { uploads, sites },
  );
}

/**
 * The state after a round. Doubles with + − × ÷ √ in a fixed order, weights rounded to float32: the same bits on every
 * machine. FedAvg, FedProx and SCAFFOLD: w ← w + η·Δ; SCAFFOLD also c ← c + (uploads / sites)·Δc.
 * @throws PARTICIPATION_INVALID
 */
export function serverStep(
  state: ServerState,
  aggregate: Aggregate,
  { optimiser }: LearningTerms,
  participation: Participation,
): ServerState {
  requireParticipation(participation);
  const { update, controlChange } = aggregate;
  const next = { ...state, round: state.round + 1 };
  if (isAdaptive(optimiser)) return adaptiveStep(next, update, optimiser);
  const share = participation.uploads / participation.sites;
  return {
    ...next,
    weights: state.weights.map((w, i) => w + optimiser.serverLearningRate * update[i]!),
    control: state.control.map((c, i) => c + share * (controlChange?.[i] ?? 0)),
  };
}

function doubles(values: Float64Array): Bytes {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i += 1) view.setFloat64(8 * i, values[i]!, true);
  return new Uint8Array(view.buffer);
}

/**
 * The one byte form of a state, for hashing: the round and the four lengths in decimal, a zero byte, then weights as
 * float32, moments and control as float64, little-endian.
 */
export function serverStateBytes({ round, weights, first, second, control }: ServerState): Bytes {
  const header = [round, weights.length, first.length, second.length, control.length].join(' ');
  return concat(
    utf8(header),
    Uint8Array.of(0),
    weightsBytes(weights),
    doubles(first),
    doubles(second),
    doubles(control),
  );
}

/**
 * The state that `serverStateBytes` wrote of this network, whatever the optimiser. @throws SERVER_STATE_MALFORMED for any other
 * bytes, NETWORK_TERMS_INVALID
 */
export function serverStateFrom(bytes: Uint8Array, network: NetworkTerms): ServerState {
  const count = weightCount(network);
  const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  const start = text.length + 1;
  const [round, first, second, control] = headerNumbers(text, count);
  if (bytes.length !== start + 4 * count + 8 * (first + second + control)) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const doublesAt = (offset: number, length: number) =>
    Float64Array.from({ length }, (_, i) => view.getFloat64(4 * count + 8 * (offset + i), true));
  const state = {
    round,
    weights: weightsFrom(bytes.subarray(start, start + 4 * count)),
    first: doublesAt(0, first),
    second: doublesAt(first, second),
    control: doublesAt(first + second, control),
  };
  if (!equalBytes(serverStateBytes(state), bytes)) throw malformed();
  return state;
}

/** @throws SERVER_STATE_MALFORMED */
function headerNumbers(text: string, count: number): readonly [number, number, number, number] {
  const numbers = text.split(' ').map(Number);
  const [round, weights, ...moments] = numbers;
  const whole =
    numbers.length === 5 && numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
  if (!whole || weights !== count || moments.some((length) => length !== 0 && length !== count))
    throw malformed();
  return [round!, moments[0]!, moments[1]!, moments[2]!];
}

const malformed = () =>
  new DomainError('SERVER_STATE_MALFORMED', "expected a state of the network's weights, got other bytes");

/**
 * Which round's model to release and whether to go on: `history` holds the validation loss of each round's starting model.
 * Stops once `patience` rounds brought nothing better than the best; a NaN is never best.
 */
export function earlyStop(
  history: readonly number[],
  patience: number,
): { readonly stop: boolean; readonly best: number } {
  let best = 0;
  for (const [round, loss] of history.entries())
    if (!(loss >= history[best]!) && !Number.isNaN(loss)) best = round;
  return { stop: history.length - 1 - best >= patience, best };
}
