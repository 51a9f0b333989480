import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupsIn, type StepSums, type TaskState } from '#federation';
import { learntNetwork, outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { FederationRound } from './harness/federation-round.ts';
import { poisonFirstUpdate } from './harness/poisoned-update.ts';

const MINUTES = 60_000;
const NETWORK = { hidden: 6 };
const LEARNING = {
  steps: 4,
  localEpochs: 2,
  learningRate: 0.05,
  rowsScale: 48,
  combine: 'median',
  // Blocks are of three: the most that leaves one of them room to be outvoted.
  vote: { quorum: 3 },
};

let round: FederationRound;

beforeAll(async () => {
  round = await FederationRound.start(6);
}, 2 * MINUTES);

afterAll(() => round.stop());

/** The released sums, as anybody reads them. */
const sumsOf = ({ card, releases }: TaskState): Promise<StepSums[]> =>
  Promise.all(
    releases.map(async ({ release, cohort }) => ({
      groups: groupsIn(await round.blob(release.aggregate.blob), card),
      cohort,
    })),
  );

describe('a model poisoned by one hostile site', () => {
  it(
    'is dropped by the vote of the next step, and everybody ends with the same sound one',
    async () => {
      const task = await round.createTask(round.sites, undefined, { network: NETWORK, learning: LEARNING });
      expect(await round.run(task, 'uploading')).toBe('uploading');
      await poisonFirstUpdate(round.sites[0]!, await round.state(task));
      expect(await round.run(task, 'released')).toBe('released');

      const state = await round.state(task);
      const { verdicts, metrics } = learntNetwork(state.card, await sumsOf(state));
      // The median of two blocks, then the hostile one alone, as its update is the longer one, then the other.
      expect(verdicts).toEqual(['unchanged', 'dropped', 'dropped', 'committed']);
      const [untrained, poisoned, alone, rescued] = metrics.map(({ validationLoss }) => validationLoss);
      expect(poisoned!).toBeGreaterThan(untrained!);
      expect(alone!).toBeGreaterThan(poisoned!);
      expect(rescued!).toBeLessThan(untrained!);

      await round.settle();
      const models = round.sites.map(
        ({ events }) => events.findLast(({ event }) => event === 'model')!.facts['modelHash'],
      );
      const hashes = state.releases.map(({ release }) => release.modelHash);
      expect(new Set(models)).toEqual(new Set([hashes.at(-1)]));
      expect(hashes.at(-1)).not.toBe(hashes[0]);

      const { headHash: root } = await round.status(task);
      const file = await round.exportTranscript(task);
      const verdict = await verifyTranscript(file, { root, cardHash: task.cardHash, outcomeOf });
      expect(verdict).toMatchObject({ verified: true });
    },
    6 * MINUTES,
  );
});
