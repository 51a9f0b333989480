import { existsSync, readFileSync } from 'node:fs';
import { DomainError, sha256, utf8 } from '#core';
import { type NetworkTask, networkTask, type StepSums, type TaskState } from '#federation';
import { learntNetwork, modelFile } from '#forecasting';
import { siteUpdate } from '#learning';
import { clipToNorm } from '#privacy';
import {
  backendText,
  type Control,
  evaluate,
  personaliseNetwork,
  type PersonalModel,
  type PersonalTerms,
  type ThreadInput,
  type ThreadOptions,
  trainInWorker,
  type TrainingResult,
} from '#training';
import { writeDurably } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';
import { personalFile } from './kept-model.ts';
import { ownWindows } from './site-statistic.ts';

/** Gentle, so that a few windows cannot undo what many sites learnt; the site keeps whatever validates best. */
const PERSONAL: PersonalTerms = { epochs: 2, batchSize: 16, learningRate: 0.02, proximal: 0.1 };

/** How often a running training is told of, at most. */
const PROGRESS_MS = 2_000;

/**
 * This site's vector for the present step of a network: trained in a thread of its own from the model that the released
 * sums give.
 * @throws STATISTIC_EMPTY, TRAINING_DIVERGED, TRAINING_CANCELLED when the node is asked to stop
 */
export async function networkStatistic(
  node: SiteNode,
  state: TaskState,
  sums: readonly StepSums[],
): Promise<Float64Array> {
  const { card, step } = state;
  const task = networkTask(card);
  const { state: server, committed } = learntNetwork(card, sums);
  const { weights: start, control: shared } = server;
  const windows = await ownWindows(node, card, task.model);
  const control = controlOf(node, state, task, shared);
  const training = await trained(
    task,
    {
      network: task.model,
      terms: task.learning,
      start,
      windows: windows.train,
      seed: await seedOf(node, state, step),
      ...(control && { control }),
    },
    { ...reportsOf(node, state), ...(node.stopping && { signal: node.stopping }) },
  );
  const validation = await evaluate(task.model, start, windows.validation);
  const judged = committed && {
    committed: await evaluate(task.model, committed.weights, windows.validation),
  };
  const update = siteUpdate(task.model, task.learning, { start, training, validation, ...judged });
  if (training.control) writeDurably(controlFile(node, state, step), bytesOf(training.control.own));
  return card.privacy ? clipToNorm(update, card.privacy.clip) : update;
}

/** With a vote a model from which training diverges costs a step, not the task: its losses tell. @throws TRAINING_… */
async function trained(
  { learning }: NetworkTask,
  input: ThreadInput,
  options: ThreadOptions,
): Promise<TrainingResult> {
  try {
    return await trainInWorker(input, options);
  } catch (error) {
    if (!learning.vote || !(error instanceof DomainError) || error.code !== 'TRAINING_DIVERGED') throw error;
    return { weights: input.start, steps: 0, rows: input.windows.rows, trainLoss: Infinity };
  }
}

/**
 * Refines a released network on this site's own windows and keeps what validates best there beside the released one, in a
 * model file; nothing of it leaves.
 */
export async function personalNetwork(
  node: SiteNode,
  state: TaskState,
  sums: readonly StepSums[],
): Promise<PersonalModel> {
  const { card, cardHash } = state;
  const { model: network } = networkTask(card);
  const released = learntNetwork(card, sums).state;
  const { weights: shared } = released;
  const { train, validation } = await ownWindows(node, card, network);
  const seed = await seedOf(node, state, sums.length);
  const input = { network, terms: PERSONAL, shared, train, seed };
  const personal = await personaliseNetwork(
    { ...input, ...(node.stopping && { signal: node.stopping }) },
    validation,
  );
  const refined = personal.method === 'shared' ? null : personal.weights;
  const file = await modelFile({ cardHash, terms: network, state: released, refined });
  writeDurably(personalFile(node.directory, cardHash), file);
  return personal;
}

const taskFile = (node: SiteNode, { cardHash }: TaskState, name: string): string =>
  node.directory.file('federation', cardHash, name);

const controlFile = (node: SiteNode, state: TaskState, step: number): string =>
  taskFile(node, state, `control-${step}.bin`);

const bytesOf = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** SCAFFOLD: the site's own variate is that of the last step whose sum it was in; zeros before. */
function controlOf(
  node: SiteNode,
  state: TaskState,
  { learning }: NetworkTask,
  shared: Float64Array,
): Control | undefined {
  if (learning.optimiser.kind !== 'scaffold') return undefined;
  const self = node.enrolment.organisationId;
  const files = state.releases.flatMap(({ cohort }, step) =>
    cohort.includes(self) ? [controlFile(node, state, step)] : [],
  );
  const last = files.findLast((file) => existsSync(file));
  const own = last
    ? new Float64Array(new Uint8Array(readFileSync(last)).buffer)
    : new Float64Array(shared.length);
  return { shared, own };
}

/** Of the shuffling: the same for the same step, different for every site. */
async function seedOf(node: SiteNode, { cardHash }: TaskState, step: number): Promise<number> {
  const digest = await sha256(utf8(`${cardHash} ${node.enrolment.organisationId} ${step}`));
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** Tells now and then how far training is, and what it computes with. */
function reportsOf(node: SiteNode, { card, step }: TaskState): ThreadOptions {
  let toldMs = -Infinity;
  let backend = '';
  return {
    onBackend: (of) => (backend = backendText(of)),
    onProgress: ({ step: done, steps, loss }) => {
      const nowMs = performance.now();
      if (done < steps && nowMs - toldMs < PROGRESS_MS) return;
      toldMs = nowMs;
      node.report('training', {
        task: card.taskId,
        step,
        done: Math.round((100 * done) / steps),
        loss,
        backend,
      });
    },
  };
}
