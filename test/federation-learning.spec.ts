import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TaskState } from '#federation';
import { outcomeOf, readModelFile } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { run } from './harness/command-line.ts';
import { type FederatedTask, FederationRound, type FederationSite } from './harness/federation-round.ts';
import { SERIES, WEATHER } from './harness/site-readings.ts';

const MINUTES = 60_000;
const NETWORK = { network: { hidden: 6 } };
const learning = (more: object = {}) => ({
  steps: 3,
  localEpochs: 2,
  learningRate: 0.05,
  rowsScale: 48,
  ...more,
});

let round: FederationRound;

beforeAll(async () => {
  round = await FederationRound.start(6);
}, 2 * MINUTES);

afterAll(() => round.stop());

const namesOf = (sites: readonly FederationSite[]) => sites.map(({ organisationId }) => organisationId);

async function verdictOf(task: FederatedTask) {
  const file = await round.exportTranscript(task);
  const { headHash: root } = await round.status(task);
  return verifyTranscript(file, { root, cardHash: task.cardHash, outcomeOf });
}

/** The released network and the site's own as files of a directory whose node runs. */
async function expectSavedModel({ node, events }: FederationSite, task: FederatedTask, state: TaskState) {
  const folder = await mkdtemp(join(tmpdir(), 'gridcommons-model-'));
  const file = join(folder, 'network.gcmodel');
  const { modelHash } = state.releases.at(-1)!.release;
  const { personal } = events.findLast(({ event }) => event === 'model')!.facts;
  for (const more of [[], ['--personal']]) {
    const where = ['--dir', node.directory.path, '--output', file];
    await run(['participant', 'model', 'export', task.id, ...where, ...more]);
    const saved = await readModelFile(await readFile(file));
    const terms = { kind: 'network', architecture: 'mlp', hidden: 6 };
    expect(saved).toMatchObject({ modelHash, cardHash: task.cardHash, terms });
    expect('refined' in saved && saved.refined !== null).toBe(more.length > 0 && personal !== 'shared');
  }
  await rm(folder, { recursive: true });
}

const losses = ({ releases }: TaskState) => releases.map(({ release }) => release.metrics!.validationLoss!);

describe('a network learnt in encrypted steps', () => {
  it(
    'gets better step by step, with a site absent in one of them, and verifies to the last',
    async () => {
      const task = await round.createTask(round.sites, SERIES[0], { ...NETWORK, learning: learning() });
      await round.runUntil(task, (status) => status.round === 2);
      const others = round.sites.slice(0, 5);
      expect(await round.run(task, 'preparing', others)).toBe('uploading');
      await round.expireWindow(task);
      await round.runUntil(task, (status) => status.round === 3, others);
      expect(await round.run(task, 'released')).toBe('released');
      const state = await round.state(task);
      expect(state.releases.map(({ cohort }) => cohort.length)).toEqual([6, 3, 6]);
      expect(state.releases.map(({ release }) => release.privacy)).toEqual([null, null, null]);
      const [before, , after] = losses(state);
      expect(after!).toBeLessThan(before!);
      expect(state.card.encryption.lanes).toBe(3);

      await round.settle();
      const models = round.sites.map(
        ({ events }) => events.findLast(({ event }) => event === 'model')!.facts,
      );
      expect(new Set(models.map(({ modelHash }) => modelHash))).toEqual(
        new Set([state.releases.at(-1)!.release.modelHash]),
      );
      const trained = round.sites.map(
        ({ events }) => events.find(({ event }) => event === 'training')!.facts,
      );
      for (const { backend } of trained)
        expect(backend).toMatch(/^(?:wasm with SIMD, 1 thread|tensorflow, .*)$/);
      for (const { personal } of models) expect(['shared', 'head', 'ditto']).toContain(personal);
      await expectSavedModel(round.sites[0]!, task, state);
      expect(await verdictOf(task)).toMatchObject({ verified: true });
    },
    6 * MINUTES,
  );

  it(
    'sees the calendar and the weather of the day ahead, and repeats a burned step with the very same integers',
    async () => {
      const task = await round.createTask(round.sites, SERIES[1], {
        network: {
          architecture: 'tcn',
          hidden: 4,
          lookback: 24,
          stride: 1,
          inputs: { calendar: true, ahead: [WEATHER] },
        },
        learning: learning({
          steps: 1,
          optimiser: { kind: 'scaffold', serverLearningRate: 1, controlClip: 10 },
        }),
      });
      // The level, twelve of the calendar, and for each of four quarters of a day and the day before the temperature and its square.
      expect(task.card.model).toMatchObject({ covariates: 1 + 12 + 10, inputs: { ahead: [WEATHER] } });
      expect(await round.run(task, 'answering')).toBe('answering');
      const silent = round.sites[0]!;
      await round.run(task, 'released', round.sites.slice(1));
      await round.expireWindow(task);
      expect(await round.run(task, 'released')).toBe('released');
      const state = await round.state(task);
      expect(state).toMatchObject({ round: 2, attempt: 0, charged: 1, silent: namesOf([silent]) });
      expect(await verdictOf(task)).toMatchObject({ verified: true });
      await round.settle();
    },
    4 * MINUTES,
  );

  it(
    'ends early by patience, at the best model judged, and takes medians of blocks',
    async () => {
      const task = await round.createTask(round.sites, SERIES[2], {
        network: { architecture: 'dlinear' },
        learning: learning({
          steps: 9,
          patience: 1,
          combine: 'median',
          optimiser: { kind: 'fedavg', serverLearningRate: 4 },
        }),
      });
      expect(await round.run(task, 'released')).toBe('released');
      const state = await round.state(task);
      expect(state.releases.length).toBeLessThan(9);
      const judged = losses(state);
      expect(judged.at(-1)!).toBeGreaterThanOrEqual(Math.min(...judged.slice(0, -1)));
      expect(state.releases[0]!.release.aggregate.bytes).toBe(2 * 8 * task.card.encryption.values);
      expect(await verdictOf(task)).toMatchObject({ verified: true });
      await round.settle();
    },
    6 * MINUTES,
  );
});
