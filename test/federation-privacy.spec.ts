import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskState } from '#federation';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { correctReadings } from './harness/corrected-readings.ts';
import {
  consentTo,
  type FederatedTask,
  FederationRound,
  type FederationSite,
  lossesOf,
} from './harness/federation-round.ts';
import { openedUpload } from './harness/opened-upload.ts';
import { SERIES } from './harness/site-readings.ts';

const MINUTES = 60_000;
const privacy = (epsilon: number) => ({ epsilon, delta: 1e-6, clip: 80 });

let round: FederationRound;

beforeAll(async () => {
  round = await FederationRound.start(4);
}, 2 * MINUTES);

afterAll(() => round.stop());

const verified = async (task: FederatedTask): Promise<boolean> => {
  const file = await round.exportTranscript(task);
  return (await verifyTranscript(file, { cardHash: task.cardHash, outcomeOf })).verified;
};
const stated = ({ releases }: TaskState) => releases.map(({ release }) => release.privacy);
const lossOf = (site: number) => lossesOf(round.sites[site]!);

describe('a sum with noise from every site', () => {
  let first: FederatedTask;

  it(
    'releases a model that everybody computes, says what it cost, and is charged once',
    async () => {
      first = await round.createTask(round.sites, SERIES[0], { privacy: privacy(4) });
      expect(first.card.privacy).toMatchObject({ epsilon: 4, honest: 2, mechanism: 'discrete-gaussian' });
      expect(await round.run(first, 'answering')).toBe('answering');
      // The round burns and is repeated: the same integers though readings were corrected since, no second charge.
      await round.run(first, 'released', round.sites.slice(1));
      await round.expireWindow(first);
      const [, corrected, ...others] = round.sites as [FederationSite, FederationSite, ...FederationSite[]];
      const [before, since] = await correctReadings(corrected, first);
      expect(since).not.toEqual(before);
      expect(await round.run(first, 'released')).toBe('released');
      const [once, again] = await Promise.all([1, 2].map((n) => openedUpload(first, corrected, others, n)));
      expect(again).toEqual(once);
      expect(once).not.toEqual(before);
      await round.settle();
      const state = await round.state(first);
      expect(state).toMatchObject({ round: 2, charged: 1 });
      const [cost] = stated(state);
      expect(cost!.epsilon).toBeLessThanOrEqual(4);
      expect(cost!.epsilon).toBeGreaterThan(3.9);
      expect(await verified(first)).toBe(true);
      const hashes = round.sites.map(({ loop }) => loop.model!.modelHash);
      expect(new Set(hashes)).toEqual(new Set([state.releases[0]!.release.modelHash]));
      for (const site of [0, 1, 2, 3]) {
        expect(lossOf(site)).toMatchObject([
          { series: SERIES[0], epsilon: expect.closeTo(cost!.epsilon, 1) },
        ]);
      }
    },
    4 * MINUTES,
  );

  it(
    'may be taken again of the same readings, within the budget of each owner',
    async () => {
      const [site] = round.sites;
      // Two sums of ε = 4 cost less than ε = 8: their ρ adds up.
      consentTo(site!, { budget: { epsilon: 6.5, delta: 1e-6 } });
      const second = await round.createTask(round.sites, SERIES[0], { privacy: privacy(4) });
      expect(await round.run(second, 'released')).toBe('released');
      await round.settle();
      const [loss] = lossOf(0);
      expect(loss!.epsilon).toBeGreaterThan(5);
      expect(loss!.epsilon).toBeLessThan(6.5);

      const third = await round.createTask(round.sites, SERIES[0], { privacy: privacy(4) });
      await round.run(third, 'released');
      const refusals = site!.events
        .filter(({ event }) => event === 'refused')
        .map(({ facts }) => facts['code']);
      expect(refusals).toEqual(['CONSENT_BUDGET']);
      expect((await round.state(third)).deals.has(site!.organisationId)).toBe(false);
      await round.expireWindow(third);
      await round.settle();
    },
    5 * MINUTES,
  );

  it(
    'is refused by an owner who wants it where there is none',
    async () => {
      const [site] = round.sites;
      const budget = { epsilon: 6.5, delta: 1e-6 };
      consentTo(site!, { budget, allowWithoutPrivacy: false });
      const exact = await round.createTask(round.sites, SERIES[1]);
      await round.run(exact, 'committing');
      expect(site!.events.at(-1)).toMatchObject({ event: 'refused', facts: { code: 'CONSENT_PRIVACY' } });
      await round.expireWindow(exact);
      await round.settle(round.sites.slice(1));
    },
    2 * MINUTES,
  );

  it(
    'ends a network when its terms are spent, not one step later',
    async () => {
      consentTo(round.sites[0]!, {});
      const task = await round.createTask(round.sites, SERIES[2], {
        network: { hidden: 4 },
        // So short an update that noise for four sites does not drown the network.
        learning: { steps: 2, localEpochs: 1, rowsScale: 48, clip: 0.02 },
        privacy: { epsilon: 24, delta: 1e-6, clip: 1, mechanism: 'discrete-gaussian' },
      });
      expect(await round.run(task, 'released')).toBe('released');
      const state = await round.state(task);
      expect(stated(state).map((cost) => cost!.epsilon <= 24)).toEqual([true, true]);
      expect(stated(state)[0]!.epsilon).toBeLessThan(stated(state)[1]!.epsilon);
      expect(state.charged).toBe(2);
      expect(await verified(task)).toBe(true);
      await round.settle();
    },
    4 * MINUTES,
  );
});
