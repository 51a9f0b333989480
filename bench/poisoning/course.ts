import { networkTask, type StepSums, summedGroups, type TaskCard, valueLimit } from '#federation';
import { type LearntNetwork, learntNetwork } from '#forecasting';
import { initialServerState, readAggregate, type ServerState, serverStep, siteUpdate } from '#learning';
import { evaluate } from '#training';
import { type Attack, hostileVector, ITS_OWN } from './attacks.ts';
import type { Home } from './homes.ts';
import { summed } from './task.ts';
import type { Trainings } from './training.ts';

export interface Hostility {
  readonly attack: Attack;
  /** Positions of the hostile sites in the roster. */
  readonly sites: readonly number[];
}

export interface Course {
  readonly card: TaskCard;
  readonly homes: readonly Home[];
  readonly trainings: Trainings;
  /** `unclipped mean` takes the mean however long it is, as the product does not. */
  readonly rule: 'product' | 'unclipped mean';
  readonly hostility: Hostility | null;
}

/** The released model of a task. */
export async function finalModel(course: Course): Promise<LearntNetwork> {
  const steps: StepSums[] = [];
  let learnt = learntOf(course, steps);
  while (!learnt.final) {
    steps.push(await stepSums(course, learnt, steps.length));
    learnt = learntOf(course, steps);
  }
  return learnt;
}

const learntOf = ({ card, rule }: Course, steps: readonly StepSums[]): LearntNetwork =>
  rule === 'product' ? learntNetwork(card, steps) : unclippedMean(card, steps);

function unclippedMean(card: TaskCard, steps: readonly StepSums[]): LearntNetwork {
  const { model, learning } = networkTask(card);
  let state: ServerState = initialServerState(model, learning);
  for (const { groups, cohort } of steps) {
    const participation = { uploads: cohort.length, sites: card.roster.length };
    state = serverStep(state, readAggregate(groups[0]!, model, learning), learning, participation);
  }
  return { state, final: steps.length >= learning.steps, metrics: [], committed: null, verdicts: [] };
}

async function stepSums(course: Course, learnt: LearntNetwork, step: number): Promise<StepSums> {
  const { card, homes } = course;
  const cohort = card.roster.map(({ organisation }) => organisation);
  const vectors = new Map<string, Float64Array>();
  for (const i of homes.keys()) vectors.set(cohort[i]!, await vectorOf(course, learnt, step, i));
  const groups = summedGroups(card, cohort).map((members, g) =>
    summed(
      members.map((member) => vectors.get(member)!),
      card.encryption,
      1000 * step + g,
    ),
  );
  return { groups, cohort };
}

function vectorOf(course: Course, learnt: LearntNetwork, step: number, site: number): Promise<Float64Array> {
  const { hostility } = course;
  const seed = 1000 * step + 2 * site;
  return hostility?.sites.includes(site)
    ? hostileUpdate(course, learnt, site, { attack: hostility.attack, seed: seed + 1 })
    : honestUpdate(course, learnt, site, seed);
}

async function honestUpdate(
  { card, homes, trainings }: Course,
  { state: { weights: start }, committed: known }: LearntNetwork,
  site: number,
  seed: number,
): Promise<Float64Array> {
  const { model, learning } = networkTask(card);
  const { train, validation: windows } = homes[site]!;
  const training = await trainings.of(start, train, seed);
  const validation = await evaluate(model, start, windows);
  const committed = known && (await evaluate(model, known.weights, windows));
  return siteUpdate(model, learning, { start, training, validation, ...(committed && { committed }) });
}

async function hostileUpdate(
  { card, homes, trainings }: Course,
  { state: { weights: start } }: LearntNetwork,
  site: number,
  { attack, seed }: { readonly attack: Attack; readonly seed: number },
): Promise<Float64Array> {
  const { model, learning } = networkTask(card);
  const { train } = homes[site]!;
  const training = attack.targets
    ? await trainings.of(start, attack.targets(train, model), seed)
    : await trainings.of(start, train, seed - 1);
  const { candidate: validation, committed } = attack.claims ?? ITS_OWN;
  const honest = siteUpdate(model, learning, { start, training, validation, committed });
  const limit = valueLimit(card.encryption) / 2 ** card.encryption.fractionBits;
  return hostileVector(attack, honest, model, limit);
}

/**
 * Weighted absolute percentage error over the test days of all homes: Σ|error| / Σ load, in %. Loads near zero would make a
 * mean of percentages meaningless.
 */
export async function wape(card: TaskCard, homes: readonly Home[], weights: Float32Array): Promise<number> {
  const { model } = networkTask(card);
  let [errorKwh, loadKwh] = [0, 0];
  for (const { test, scaleKwh, meanTestKwh } of homes) {
    errorKwh += (await evaluate(model, weights, test)).absoluteError * scaleKwh;
    loadKwh += meanTestKwh * test.rows * model.horizon;
  }
  return (100 * errorKwh) / loadKwh;
}
