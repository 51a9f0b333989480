import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupsIn, seriesParts } from '#federation';
import { DAY_AHEAD_RIDGE, fitRidge, outcomeOf, sharedRidges, siteAutocovariances } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { ZONE } from './harness/demo-world.ts';
import { consentTo, FederationRound, type FederationSite } from './harness/federation-round.ts';
import { SERIES, TRAIN, VALIDATION } from './harness/site-readings.ts';

const MINUTES = 60_000;
const BOTH = [SERIES[1], SERIES[0]];
const PART = 2 * (168 + 24 + 1);

let round: FederationRound;

beforeAll(async () => {
  round = await FederationRound.start(4);
}, 2 * MINUTES);

afterAll(() => round.stop());

/** What a site adds to the sum of one series, in clear. */
async function vectorOf({ node }: FederationSite, series: string): Promise<Float64Array> {
  const span = { startMs: TRAIN.startMs, endMs: VALIDATION.endMs };
  const grid = { stepMinutes: 60, zone: ZONE, knownBeforeMs: node.clock.nowMs() };
  const readings = await node.readings.regular(series, span, grid);
  return siteAutocovariances(readings, ZONE, { train: TRAIN, validation: VALIDATION }, DAY_AHEAD_RIDGE);
}

async function plainSum(sites: readonly FederationSite[], series: string): Promise<Float64Array> {
  const vectors = await Promise.all(sites.map((site) => vectorOf(site, series)));
  return vectors.reduce((a, b) => a.map((value, i) => value + b[i]!));
}

const progress = async (id: string) => {
  const { task } = await round.platform.data<{
    task: { failure: unknown; declines: { code: string; reason: string }[] };
  }>(
    'query ($id: ID!) { task(id: $id) { failure { code series } declines { code reason } } }',
    { id },
    round.platform.operatorKey,
  );
  return task;
};

describe('a task over several series', () => {
  it(
    'releases in one message the ridge of each, which everybody computes and anybody verifies',
    async () => {
      const task = await round.createTask(round.sites, BOTH);
      expect(task.card.data.series).toEqual(BOTH);
      expect(task.card.encryption.values).toBe(2 * PART);
      expect(await round.run(task, 'released')).toBe('released');
      await round.settle();
      const { release, cohort } = (await round.state(task)).releases[0]!;
      const groups = groupsIn(await round.blob(release.aggregate.blob), task.card);
      const parts = seriesParts(task.card, groups[0]!);
      for (const [series, part] of parts) {
        const [plain, unit] = [await plainSum(round.sites, series), 2 ** -task.card.encryption.fractionBits];
        // Four sites' roundings.
        for (const [i, value] of part.entries()) expect(Math.abs(value - plain[i]!)).toBeLessThan(4 * unit);
      }
      const fits = sharedRidges(task.card, { groups, cohort });
      expect([...fits.keys()]).toEqual(BOTH);
      expect([...fits.values()]).toEqual([...parts.values()].map((part) => fitRidge(part, DAY_AHEAD_RIDGE)));
      expect(fits.get(BOTH[0]!)).not.toEqual(fits.get(BOTH[1]!));

      const models = round.sites.map(({ events }) => events.findLast(({ event }) => event === 'model')!);
      expect(models.map(({ facts }) => facts['modelHash'])).toEqual(models.map(() => release.modelHash));
      for (const { loop } of round.sites) expect(loop.model!.load.shared).toEqual(fits.get(SERIES[0]));
      const file = await round.exportTranscript(task);
      expect(await verifyTranscript(file, { cardHash: task.cardHash, outcomeOf })).toMatchObject({
        verified: true,
      });
    },
    3 * MINUTES,
  );

  it(
    'pins each of them: one alone may be summed again as it was, not otherwise',
    async () => {
      const same = await round.createTask(round.sites, SERIES[0]);
      expect(await round.run(same, 'released')).toBe('released');
      const other = await round.createTask(round.sites, SERIES[1], { ridge: { lookback: 72, horizon: 48 } });
      await round.run(other, 'released');
      expect((await progress(other.id)).declines.map(({ code }) => code)).toEqual(
        round.sites.map(() => 'INPUT_PINNED'),
      );
    },
    3 * MINUTES,
  );

  it(
    'fails, naming the series, where the part of one gives no model',
    async () => {
      const [hostile, ...others] = round.sites as [FederationSite, ...FederationSite[]];
      const task = await round.createTask(round.sites, [SERIES[0], SERIES[2]]);
      expect(await round.run(task, 'uploading')).toBe('uploading');
      const cancelling = (await plainSum(others, SERIES[2])).map((value) => -value);
      const vector = Float64Array.of(...(await vectorOf(hostile, SERIES[0])), ...cancelling);
      const file = hostile.node.directory.file('federation', task.cardHash, 'update-0.bin');
      await writeFile(file, new Uint8Array(vector.buffer));
      expect(await round.run(task, 'failed')).toBe('failed');
      await round.settle();
      expect((await progress(task.id)).failure).toEqual({ code: 'MOMENTS_EMPTY', series: SERIES[2] });
      expect((await round.state(task)).releases).toEqual([]);
      for (const { events } of others) {
        expect(events.findLast(({ event }) => event === 'failed')!.facts).toEqual({
          task: task.id,
          code: 'MOMENTS_EMPTY',
          series: SERIES[2],
        });
      }
    },
    3 * MINUTES,
  );

  it(
    'is declined by who does not consent to one of them, or has not imported it',
    async () => {
      const [careful] = round.sites;
      consentTo(careful!, { series: [SERIES[0], SERIES[2]] });
      const task = await round.createTask(round.sites, [SERIES[2], SERIES[1]]);
      await round.settle();
      expect((await progress(task.id)).declines).toEqual([
        { code: 'CONSENT_SERIES', reason: `expected a series this owner accepts, got ${SERIES[1]}` },
      ]);
      consentTo(careful!, {});
      const unknown = await round.createTask(round.sites, [SERIES[0], 'heat_kwh', 'steam_kwh']);
      await round.settle();
      expect((await progress(unknown.id)).declines.map(({ code }) => code)).toEqual(
        round.sites.map(() => 'SERIES_UNKNOWN'),
      );
      const reasons = round.sites.map(
        ({ events }) => events.findLast(({ event }) => event === 'refused')!.facts['reason'],
      );
      for (const reason of reasons) expect(reason).toMatch(/, got heat_kwh, steam_kwh$/);
    },
    2 * MINUTES,
  );

  it.each([
    ['CARD_SERIES', [], {}],
    ['CARD_SERIES', [SERIES[0], SERIES[1], SERIES[0]], {}],
    ['CARD_SERIES', Array.from({ length: 17 }, (_, i) => `meter_${i}_kwh`), {}],
    ['COLUMNS_SAME_QUANTITY', [SERIES[0], 'load_kw'], {}],
    ['SERIES_SEVERAL', BOTH, { network: {} }],
    ['SERIES_SEVERAL', BOTH, { privacy: { epsilon: 4, clip: 80 } }],
  ])('is refused with %s: %j %j', async (code, series, terms) => {
    await expect(round.createTask(round.sites, series, terms)).rejects.toThrow(code);
  });
});
