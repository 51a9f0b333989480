import { type Bytes, DomainError, parseInstant, sha256Hex } from '#core';
import {
  type Epoch,
  type NetworkModel,
  networkTask,
  noiseDeviation,
  ridgeTerms,
  seriesParts,
  type StepMetrics,
  type StepSums,
  type TaskCard,
} from '#federation';
import {
  initialServerState,
  type RoundMetrics,
  serverStateBytes,
  UPDATE_BOUND,
  updateLength,
  windowWidth,
} from '#learning';
import { measureOf } from '#metering';
import { fitAdaSsp } from './ada-ssp.ts';
import { learntNetwork } from './learnt-network.ts';
import { modelBytes, type RidgeFit } from './ridge.ts';
import { statisticOf } from './statistic.ts';

/** What follows from the sums of a task so far. */
export interface StepOutcome {
  /** SHA-256 of the model, hex. */
  readonly modelHash: string;
  /** Whether the task ends with it. */
  readonly final: boolean;
  readonly metrics: StepMetrics | null;
}

/**
 * What the released sums of a task give: platform, sites and verifiers each compute it for themselves.
 * @param steps all so far, at least one
 * @throws STEPS_MISSING and the codes of the fit or of reading the sums
 */
export async function outcomeOf(card: TaskCard, steps: readonly StepSums[]): Promise<StepOutcome> {
  const last = steps.at(-1);
  if (!last) throw new DomainError('STEPS_MISSING', 'expected the sums of one step at least, got none');
  if (card.model.kind === 'one-shot-ridge') {
    const model = modelBytes(sharedRidges(card, last), ridgeTerms(card));
    return { modelHash: await sha256Hex(model), final: true, metrics: null };
  }
  const learnt = learntNetwork(card, steps);
  return {
    modelHash: await sha256Hex(serverStateBytes(learnt.state)),
    final: learnt.final,
    metrics: stated(learnt.metrics.at(-1)!),
  };
}

/**
 * The ridge of each series, in the card's order, from its part of the summed statistics; where noise was added to them, by AdaSSP
 * with what is known of it. All or none. @throws the codes of the fit, with the series that they are of
 */
export function sharedRidges(card: TaskCard, { groups, cohort }: StepSums): ReadonlyMap<string, RidgeFit> {
  const { privacy, encryption } = card;
  const deviation = privacy ? noiseDeviation(privacy, encryption, cohort.length) : 0;
  const parts = [...seriesParts(card, groups[0]!)];
  return new Map(
    parts.map(([series, part]) => [
      series,
      namingSeries(series, () => fitAdaSsp(part, ridgeTerms(card), deviation)),
    ]),
  );
}

/** What is refused of one series among several says of which. */
export function namingSeries<T>(series: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, kind, data } = error;
    throw new DomainError(code, `${series}: ${message}`, kind, { ...data, series });
  }
}

/** Length of the vector that every site adds to a card's sums. */
export function statisticLength(
  card: Pick<TaskCard, 'model' | 'learning'> & { readonly data: Pick<TaskCard['data'], 'series'> },
): number {
  if (card.model.kind === 'one-shot-ridge')
    return card.data.series.length * statisticOf(card.model).count(card.model);
  const { model, learning } = networkTask(card);
  return updateLength(model, learning);
}

/** What a card, or a draft of one, says of its model and data. */
type Terms = Pick<TaskCard, 'model' | 'data'> & { readonly privacy: object | null };

/**
 * A network learns one series, and noise is sized for the statistic of one. Inputs, too, go with one: in the parts of two series they
 * would be summed twice, over the windows that each has whole, and the difference would be those of the one firm with a gap.
 * @throws SERIES_SEVERAL
 */
export function requireOneSeries({ model, data, privacy }: Terms): void {
  const { series } = data;
  if (series.length <= 1) return;
  const kind = model.kind === 'network' ? 'a network' : model.inputs && 'a ridge with inputs';
  const what = privacy ? 'a sum with privacy noise' : kind;
  if (what === null) return;
  throw new DomainError('SERIES_SEVERAL', `expected one series for ${what}, got ${series.length}`);
}

/**
 * A series known ahead would be forecast by itself, and a quantity in two units would be summed twice, over the readings that each
 * has: the difference of what follows from these would be that of the firm where they are not the same.
 * @throws SERIES_KNOWN_AHEAD, COLUMNS_SAME_QUANTITY
 */
export function requireDistinctColumns({ model, data }: Pick<Terms, 'model' | 'data'>): void {
  const { ahead = [], past = [] } = model.inputs ?? {};
  const known = ahead.find((column) => data.series.includes(column));
  if (known !== undefined)
    throw new DomainError(
      'SERIES_KNOWN_AHEAD',
      `expected series that are not known ahead, got ${known} as both`,
    );
  const columns = new Map<string, string>();
  for (const column of [...data.series, ...ahead, ...past]) {
    const other = columns.get(measureOf(column)) ?? column;
    if (other !== column)
      throw new DomainError(
        'COLUMNS_SAME_QUANTITY',
        `expected each quantity in one unit, got ${other} and ${column}`,
      );
    columns.set(measureOf(column), column);
  }
}

/** A site reads and keeps so many in memory. */
const MOST_STEPS = 1_000_000;

/**
 * Whether a card's epochs are long enough that exact sums over them do not tell their readings, and short enough to compute.
 * Said of the card alone: a refusal that depends on readings would tell of them.
 * @throws EPOCH_TOO_SHORT, EPOCH_TOO_LONG
 */
export function requireEpochs({ model, data, privacy }: Terms): void {
  const steps = stepsBetween(data.train.start, data.validation.end, model.stepMinutes);
  if (steps > MOST_STEPS) {
    throw new DomainError('EPOCH_TOO_LONG', `expected at most ${MOST_STEPS} steps, got ${steps}`, 'limit');
  }
  if (model.kind === 'network') {
    requireFewWindows(model, steps);
    if (!privacy)
      requireNetworkRows(model, stepsBetween(data.train.start, data.train.end, model.stepMinutes));
    return;
  }
  if (privacy) return;
  const { leastRows, mostRows, rowsAre } = statisticOf(model);
  const stepsOf = ({ start, end }: Epoch) => stepsBetween(start, end, model.stepMinutes);
  const least = leastRows(model);
  const most = mostRows(model, { train: stepsOf(data.train), validation: stepsOf(data.validation) });
  for (const [part, got] of Object.entries(most)) {
    if (got >= least) continue;
    throw new DomainError(
      'EPOCH_TOO_SHORT',
      `expected a ${part} epoch of at least ${least} ${rowsAre}, got ${Math.max(0, Math.floor(got))}`,
      'invalid',
      { least, got },
    );
  }
}

/** A site trains from all of its windows, in memory: single floats of look-back, covariates and horizon. */
const MOST_WINDOW_VALUES = 100_000_000;

/** @throws EPOCH_TOO_LONG */
function requireFewWindows(model: NetworkModel, steps: number): void {
  const apart = model.inputs?.issues === 'midnights' ? LEAST_HOURS_OF_DAY * (60 / model.stepMinutes) : 1;
  const values = Math.ceil(steps / Math.max(model.stride, apart)) * (windowWidth(model) + model.horizon);
  if (values <= MOST_WINDOW_VALUES) return;
  throw new DomainError(
    'EPOCH_TOO_LONG',
    `expected at most ${MOST_WINDOW_VALUES} values in the windows of a site, got ${values}: take a longer stride`,
    'limit',
  );
}

const LEAST_HOURS_OF_DAY = 23;
const DAY_MINUTES = 1_440;

/**
 * Windows that a site must train on. A step's gradient is linear in the inputs: of fewer windows than there are inputs that anybody
 * knows, such as the weather at each site, it could be solved for each window's part, and for the readings behind it. As many as
 * second moments need.
 */
export function leastNetworkRows(model: NetworkModel): number {
  if (!model.inputs) return 1;
  const values = windowWidth(model) + model.horizon;
  return stepsApart(model) * model.stepMinutes >= DAY_MINUTES ? values : 2 * values;
}

const stepsApart = ({ inputs, stride, stepMinutes }: NetworkModel): number =>
  Math.max(stride, inputs?.issues === 'midnights' ? DAY_MINUTES / stepMinutes : 1);

/** @throws EPOCH_TOO_SHORT */
function requireNetworkRows(model: NetworkModel, steps: number): void {
  const least = leastNetworkRows(model);
  const got = Math.floor((steps - model.lookback - model.horizon) / stepsApart(model)) + 1;
  if (!model.inputs || got >= least) return;
  throw new DomainError(
    'EPOCH_TOO_SHORT',
    `expected a train epoch of at least ${least} windows, got ${Math.max(0, got)}`,
    'invalid',
    { least, got },
  );
}

/** Rounded up: a local day may be an hour short of its step. */
const stepsBetween = (start: string, end: string, stepMinutes: number): number =>
  Math.ceil((parseInstant(end) - parseInstant(start)) / (60_000 * stepMinutes));

/**
 * Largest absolute value a site can have to send, whatever its readings: a lane that is narrower would tell by a refusal
 * whether they fit.
 */
export function statisticBound({
  model,
  data,
  privacy,
}: Pick<TaskCard, 'model' | 'data'> & { readonly privacy: { readonly clip: number } | null }): number {
  const steps = stepsBetween(data.train.start, data.validation.end, model.stepMinutes);
  const largest = model.kind === 'one-shot-ridge' ? statisticOf(model).bound(model, steps) : UPDATE_BOUND;
  return privacy ? Math.min(largest, privacy.clip) : largest;
}

/** SHA-256 of the state that a network's first step starts from: stands in its card. */
export const initialModelHash = (card: Parameters<typeof networkTask>[0]): Promise<string> => {
  const { model, learning } = networkTask(card);
  return sha256Hex(initialBytes(model, learning));
};

const initialBytes = (...terms: Parameters<typeof initialServerState>): Bytes =>
  serverStateBytes(initialServerState(...terms));

/** JSON has no NaN: what no site could say is null. */
const stated = ({ rows, trainLoss, validationLoss, validationMae }: RoundMetrics): StepMetrics => ({
  rows,
  trainLoss: orNull(trainLoss),
  validationLoss: orNull(validationLoss),
  validationMae: orNull(validationMae),
});

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
