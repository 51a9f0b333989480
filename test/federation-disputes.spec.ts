import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { FederationRound, type FederationSite } from './harness/federation-round.ts';
import { otherShare } from './harness/other-share.ts';
import { SERIES } from './harness/site-readings.ts';

const MINUTES = 60_000;

let round: FederationRound;
let four: readonly FederationSite[];

beforeAll(async () => {
  round = await FederationRound.start(4);
  four = round.sites;
}, 2 * MINUTES);

afterAll(() => round.stop());

const namesOf = (sites: readonly FederationSite[]) => sites.map(({ organisationId }) => organisationId);

describe('a decryptor whose shares are not what their dealers sealed', () => {
  it(
    'has them opened to all, answers with them, and the file proves it',
    async () => {
      const task = await round.createTask(four, SERIES[0]);
      await round.run(task, 'testing');
      const [spoilt] = round.sites as readonly [FederationSite, ...FederationSite[]];
      const dealers = namesOf(round.sites.slice(1, 4));
      for (const dealer of dealers) {
        const file = spoilt.node.directory.file('federation', task.cardHash, `share-${dealer}.bin`);
        await writeFile(file, otherShare());
      }
      await round.run(task, 'released');
      const state = await round.state(task);
      expect(state).toMatchObject({ phase: 'released', culprits: [], active: [1, 2] });
      expect([...state.disputes.keys()]).toEqual(dealers);
      expect([...state.openings.keys()]).toHaveLength(3);
      await round.settle();

      const file = await round.exportTranscript(task);
      const { checks } = await verifyTranscript(file, { cardHash: task.cardHash, outcomeOf });
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(checks.find(({ name }) => name === 'openings')!.detail).toBe('3 shares opened by their dealers');

      const { share } = state.openings.get(dealers[0]!)!.openings[0]!;
      const opened = Buffer.from(await round.blob(share.blob)).toString('base64');
      const lie = Buffer.from(file)
        .toString('utf8')
        .replace(opened.slice(0, 40), `AAAA${opened.slice(4, 40)}`);
      const verdict = await verifyTranscript(Buffer.from(lie), { outcomeOf });
      expect(verdict.checks.at(-1)).toMatchObject({ name: 'blobs', code: 'BLOB_HASH_MISMATCH' });
    },
    4 * MINUTES,
  );

  it(
    'reads a share again that its disk has spoilt, and disputes nothing',
    async () => {
      const task = await round.createTask(four, SERIES[2]);
      await round.run(task, 'testing');
      const [spoilt, dealer] = four as readonly [FederationSite, FederationSite, ...FederationSite[]];
      const name = `share-${dealer.organisationId}.bin`;
      await writeFile(spoilt.node.directory.file('federation', task.cardHash, name), 'half a sha');
      expect(await round.run(task, 'uploading', four)).toBe('uploading');
      expect((await round.state(task)).disputes.size).toBe(0);
      await round.expireWindow(task);
      await round.settle(four);
    },
    3 * MINUTES,
  );

  it(
    'cannot be made to look so by a platform that withholds them: it waits',
    async () => {
      const task = await round.createTask(four, SERIES[1]);
      await round.run(task, 'testing', four);
      const [waiting, ...others] = four as readonly [FederationSite, ...FederationSite[]];
      await round.run(task, 'opening', others);
      const { deals } = await round.state(task);
      const withheld = deals.get(others[0]!.organisationId)!.shares[0]!.blob;
      const restore = await round.withhold(withheld);
      await round.settle([waiting]);
      expect((await round.state(task)).tests.has(waiting.organisationId)).toBe(false);
      expect(waiting.events.at(-1)).toMatchObject({ event: 'refused', facts: { code: 'SHARE_WITHHELD' } });
      await restore();
      expect(await round.run(task, 'uploading', four)).toBe('uploading');
      expect((await round.state(task)).disputes.size).toBe(0);
      await round.expireWindow(task);
      await round.settle(four);
    },
    3 * MINUTES,
  );
});
