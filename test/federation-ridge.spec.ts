import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { FederationRound } from './harness/federation-round.ts';
import { SERIES, WEATHER } from './harness/site-readings.ts';

const MINUTES = 60_000;

let round: FederationRound;

beforeAll(async () => {
  round = await FederationRound.start(4);
}, 2 * MINUTES);

afterAll(() => round.stop());

const declines = async (id: string): Promise<string[]> => {
  const { task } = await round.platform.data<{ task: { declines: { code: string }[] } }>(
    'query ($id: ID!) { task(id: $id) { declines { code } } }',
    { id },
    round.platform.operatorKey,
  );
  return task.declines.map(({ code }) => code);
};

describe('a ridge of another shape', () => {
  it.each([
    { series: SERIES[0], ridge: { lookback: 72, horizon: 48 }, values: 2 * (72 + 48 + 1) },
    {
      series: SERIES[1],
      ridge: { lookback: 30, horizon: 6, cycle: 24, statistic: 'moments' },
      values: 2 * ((29 * 30) / 2 + 29 * 6 + 2),
    },
    {
      series: SERIES[2],
      ridge: {
        lookback: 24,
        horizon: 6,
        cycle: 24,
        inputs: { calendar: true, holidays: 'DE', ahead: [WEATHER] },
      },
      // 23 of the look-back, its level, 12 of the calendar, the block of six hours and the day before it, twice.
      values: 2 * ((40 * 41) / 2 + 40 * 6 + 2),
    },
  ])(
    'is solved by everybody from one sum: $ridge',
    async ({ series, ridge, values }) => {
      const task = await round.createTask(round.sites, series, { ridge });
      expect(task.card.model).toMatchObject({ stepMinutes: 60, cycle: 168, ...ridge });
      expect(task.card.encryption.values).toBe(values);
      expect(await round.run(task, 'released')).toBe('released');
      await round.settle();
      const { modelHash } = (await round.state(task)).releases[0]!.release;
      const own = round.sites.map(({ events }) => events.findLast(({ event }) => event === 'model')!.facts);
      expect(own.map((facts) => facts['modelHash'])).toEqual(own.map(() => modelHash));
      const file = await round.exportTranscript(task);
      expect(await verifyTranscript(file, { cardHash: task.cardHash, outcomeOf })).toMatchObject({
        verified: true,
      });
    },
    2 * MINUTES,
  );

  it.each([
    ['READINGS_TOO_COARSE', { stepMinutes: 15, lookback: 96, horizon: 96 }],
    ['CARD_MODEL', { lookback: 12, horizon: 6 }],
  ])(
    'is declined with %s by every node that does not take part in %j',
    async (code, ridge) => {
      const task = await round.createTask(round.sites, SERIES[2], { ridge });
      await round.settle();
      expect(await declines(task.id)).toEqual(round.sites.map(() => code));
      expect((await round.status(task)).phase).toBe('dealing');
    },
    2 * MINUTES,
  );

  it.each([
    ['RIDGE_CONFIG_INVALID', { ridge: { cycle: 100 } }],
    ['RIDGE_CONFIG_INVALID', { ridge: { stepMinutes: 7 } }],
    ['RIDGE_CONFIG_INVALID', { ridge: { statistic: 'means' } }],
    ['RIDGE_CONFIG_INVALID', { ridge: { inputs: { holidays: 'DE' } } }],
    ['HOLIDAYS_UNKNOWN', { ridge: { lookback: 24, horizon: 6, inputs: { calendar: true, holidays: 'XX' } } }],
    ['INPUTS_NOT_PRIVATE', { ridge: { inputs: { calendar: true } }, privacy: { epsilon: 4, clip: 80 } }],
    ['MODEL_AMBIGUOUS', { ridge: {}, network: {} }],
    ['EPOCH_TOO_SHORT', { ridge: { statistic: 'moments', lookback: 168, horizon: 24 } }],
    ['EPOCH_TOO_SHORT', { ridge: { lookback: 336, horizon: 48 } }],
    ['RIDGE_CONFIG_INVALID', { network: { stepMinutes: 120 } }],
    ['STATISTIC_NOT_PRIVATE', { ridge: { statistic: 'autocovariances' }, privacy: { epsilon: 4, clip: 80 } }],
  ])('is refused with %s: %j', async (code, terms) => {
    await expect(round.createTask(round.sites, SERIES[2], terms)).rejects.toThrow(code);
  });
});
