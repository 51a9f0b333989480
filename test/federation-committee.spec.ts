import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { FederationRound, type FederationSite } from './harness/federation-round.ts';
import { SERIES } from './harness/site-readings.ts';

const MINUTES = 60_000;
const OWN = ['deal', 'upload'];

let round: FederationRound;
beforeAll(async () => {
  round = await FederationRound.start(8);
}, 2 * MINUTES);
afterAll(() => round.stop());

const spoken = ({ events }: FederationSite): string[] =>
  events.map(({ event }) => event).filter((event) => [...OWN, 'commit', 'test', 'ready'].includes(event));

const chosen = (sites: readonly FederationSite[]) => ({
  decryptorIds: sites.map(({ organisationId }) => organisationId),
});

describe('a committee of four among eight sites', () => {
  it(
    'opens the sum of all eight, and the transcript verifies',
    async () => {
      const committee = [1, 2, 5, 7].map((i) => round.sites[i]!);
      const task = await round.createTask(round.sites, SERIES[0], chosen(committee));
      await round.run(task, 'released');
      await round.settle();
      const { card, phase, close, tests, releases } = await round.state(task);
      expect(card.release).toMatchObject({
        decryptors: committee.map(({ organisationId }) => organisationId),
        threshold: 2,
        quorum: 3,
        minimumOrganisations: 3,
      });
      expect({ phase, uploads: close!.uploads.length, tests: tests.size }).toEqual({
        phase: 'released',
        uploads: 8,
        tests: 4,
      });
      const others = round.sites.filter((site) => !committee.includes(site));
      expect(others.map(spoken)).toEqual(others.map(() => OWN));
      expect(new Set(round.sites.map(({ loop }) => loop.model?.modelHash))).toEqual(
        new Set([releases[0]!.release.modelHash]),
      );
      const { headHash: root } = await round.status(task);
      const file = await round.exportTranscript(task);
      expect(await verifyTranscript(file, { root, cardHash: task.cardHash, outcomeOf })).toMatchObject({
        verified: true,
      });
    },
    4 * MINUTES,
  );

  it('is refused where it is too small, or not of the task', async () => {
    const [first, second, third, fourth] = round.sites;
    await expect(round.createTask(round.sites, SERIES[1], chosen([first!, second!, third!]))).rejects.toThrow(
      'CARD_DECRYPTORS',
    );
    await expect(
      round.createTask(round.sites.slice(4), SERIES[1], chosen([first!, second!, third!, fourth!])),
    ).rejects.toThrow('DECRYPTOR_NOT_IN_ROSTER');
  });
});
