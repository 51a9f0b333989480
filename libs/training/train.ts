import { DomainError } from '#core';
import { backend } from './backend.ts';
import {
  clipFactor,
  headOffset,
  type LearningTerms,
  type NetworkTerms,
  permutation,
  pickRows,
  randomSource,
  requireSoundTerms,
  requireWeights,
  requireWindows,
  type Windows,
} from '#learning';

/** SCAFFOLD's control variates at the start of a round: the server's c and the site's own c_i, one entry a weight. */
export interface Control {
  readonly shared: Float64Array;
  readonly own: Float64Array;
}

export interface Progress {
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the steps since the last report. */
  readonly loss: number;
}

/** Where and how a descent goes. */
export interface DescentTerms {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Pulls weights towards `towards` with force `strength`·(w − towards). */
  readonly pull?: { readonly towards: Float32Array; readonly strength: number };
  /** Added to every gradient. */
  readonly drift?: Float64Array;
  readonly headOnly?: boolean;
}

export interface Descent {
  readonly network: NetworkTerms;
  readonly terms: DescentTerms;
  readonly start: Float32Array;
  readonly windows: Windows;
  /** Of the shuffling, 32-bit unsigned. */
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface DescentResult {
  readonly weights: Float32Array;
  readonly steps: number;
  /** Mean squared error of the last epoch's batches as they were met; NaN without a window. */
  readonly trainLoss: number;
}

/** How long the thread works before others get their turn. */
const TURN_MS = 20;

export const cancelled = () =>
  new DomainError('TRAINING_CANCELLED', 'expected training to finish, got cancelled', 'unavailable');

function requireConverging(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new DomainError(
    'TRAINING_DIVERGED',
    `expected a finite loss, got ${loss} at step ${step}: a smaller learningRate may help`,
    'invalid',
    { step },
  );
}

/** w ← w − η·(g + µ(w − w₀) + drift), in place, from weight `from` on. */
function takeStep(weights: Float32Array, gradient: Float32Array, terms: DescentTerms, from: number): void {
  const { learningRate, pull, drift } = terms;
  for (let i = from; i < weights.length; i += 1) {
    let slope = gradient[i]!;
    if (pull) slope += pull.strength * (weights[i]! - pull.towards[i]!);
    if (drift) slope += drift[i]!;
    weights[i]! -= learningRate * slope;
  }
}

/** Collects losses, reports them, and lets others have the thread now and then. */
class Pace {
  private turnEndsMs = performance.now() + TURN_MS;
  private reported = 0;
  private lossSum = 0;

  constructor(
    private readonly steps: number,
    private readonly descent: Pick<Descent, 'onProgress' | 'signal'>,
  ) {}

  async after(step: number, loss: number): Promise<void> {
    this.lossSum += loss;
    if (step < this.steps && performance.now() < this.turnEndsMs) return;
    this.descent.onProgress?.({ step, steps: this.steps, loss: this.lossSum / (step - this.reported) });
    [this.reported, this.lossSum] = [step, 0];
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (this.descent.signal?.aborted) throw cancelled();
    this.turnEndsMs = performance.now() + TURN_MS;
  }
}

/**
 * Plain mini-batch gradient descent on the mean squared error, windows shuffled anew each epoch. Without a window nothing
 * moves.
 * @throws NETWORK_TERMS_INVALID, WEIGHTS_LENGTH, WINDOWS_LENGTH, TRAINING_DIVERGED, TRAINING_CANCELLED
 */
export async function descend(descent: Descent): Promise<DescentResult> {
  const { network, terms, windows } = descent;
  requireWeights(network, descent.start);
  requireWindows(network, windows);
  if (descent.signal?.aborted) throw cancelled();
  await backend();
  const { lossGradient } = await import('./passes.ts');
  const next = randomSource(descent.seed);
  const weights = descent.start.slice();
  const stepsPerEpoch = Math.ceil(windows.rows / terms.batchSize);
  const pace = new Pace(stepsPerEpoch * terms.epochs, descent);
  const from = terms.headOnly ? headOffset(network) : 0;
  let [step, epochLoss] = [0, Number.NaN];
  for (let epoch = 0; epoch < terms.epochs; epoch += 1) {
    const order = permutation(windows.rows, next);
    let lossSum = 0;
    for (let row = 0; row < windows.rows; row += terms.batchSize) {
      const batch = pickRows(windows, network, order, row, Math.min(windows.rows, row + terms.batchSize));
      const { loss, gradient } = lossGradient(network, weights, batch);
      step += 1;
      requireConverging(loss, step);
      takeStep(weights, gradient, terms, from);
      lossSum += loss * batch.rows;
      await pace.after(step, loss);
    }
    epochLoss = lossSum / windows.rows;
  }
  if (!weights.every(Number.isFinite)) requireConverging(Number.NaN, step);
  return { weights, steps: step, trainLoss: epochLoss };
}

/** One round at one site. Nothing in it leaves the site but what `siteUpdate` makes of its result. */
export interface TrainingInput extends Omit<Descent, 'terms'> {
  readonly terms: LearningTerms;
  /** With SCAFFOLD only. */
  readonly control?: Control;
}

export interface TrainingResult extends DescentResult {
  /** Training windows. */
  readonly rows: number;
  /** With SCAFFOLD: the site's new c_i, to be kept until its next round, and its change, which the update carries. */
  readonly control?: { readonly own: Float64Array; readonly change: Float64Array };
}

/** Option II of SCAFFOLD: c_i⁺ = c_i − c + (w₀ − w) / (K·η), its change clipped so that it fits its slots. */
function nextControl(
  control: Control,
  { weights, steps }: DescentResult,
  input: TrainingInput,
  clip: number,
) {
  const stride = steps * input.terms.learningRate;
  const change = control.shared.map((shared, i) =>
    steps === 0 ? 0 : (input.start[i]! - weights[i]!) / stride - shared,
  );
  const factor = clipFactor(change, clip);
  const clipped = change.map((value) => value * factor);
  return { own: control.own.map((value, i) => value + clipped[i]!), change: clipped };
}

function requireControl({ control, start, terms }: TrainingInput): void {
  const wanted = terms.optimiser.kind === 'scaffold' ? start.length : undefined;
  if (control?.own.length === wanted && control?.shared.length === wanted) return;
  throw new DomainError(
    'CONTROL_LENGTH',
    `expected ${wanted ?? 'no'} control variates for ${terms.optimiser.kind}, got ${control?.own.length ?? 'none'}`,
  );
}

/**
 * Trains the round's model on a site's windows: plain SGD; FedProx adds µ(w − w₀) to each gradient, SCAFFOLD c − c_i.
 * A thread computes one training at a time at full speed; others may run in between.
 * @throws LEARNING_TERMS_INVALID, CONTROL_LENGTH, NETWORK_TERMS_INVALID, WEIGHTS_LENGTH, WINDOWS_LENGTH,
 * TRAINING_DIVERGED, TRAINING_CANCELLED
 */
export async function trainLocally(input: TrainingInput): Promise<TrainingResult> {
  requireSoundTerms(input.terms);
  requireControl(input);
  const { optimiser, localEpochs: epochs, batchSize, learningRate } = input.terms;
  const { control, start, windows } = input;
  const terms: DescentTerms = {
    epochs,
    batchSize,
    learningRate,
    ...(optimiser.kind === 'fedprox' && { pull: { towards: start, strength: optimiser.proximal } }),
    ...(control && { drift: control.shared.map((shared, i) => shared - control.own[i]!) }),
  };
  const result = await descend({ ...input, terms });
  if (optimiser.kind !== 'scaffold' || !control) return { ...result, rows: windows.rows };
  return {
    ...result,
    rows: windows.rows,
    control: nextControl(control, result, input, optimiser.controlClip),
  };
}
