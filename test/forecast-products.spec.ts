import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { ZONE } from './harness/demo-world.ts';
import { codeOf, type FederatedTask } from './harness/federation-round.ts';
import {
  CREATE_PRODUCT,
  dateOf,
  dayStart,
  epochsOf,
  ForecastDesk,
  type ModelVersion,
  type Product,
  type Score,
  SET_RETRAINING,
} from './harness/forecast-desk.ts';
import type { TestOrganisation } from './harness/platform.ts';

const MINUTES = 60_000;
/** Days of reports: after the epochs of both models, of which the second ends with day 10. */
const DAYS = [11, 12, 13, 14, 15, 16, 17];
const TERMS = {
  promotion: { level: 0.05, minimumDays: 7 },
  drift: { tolerance: 0.1, threshold: 2, minimumDays: 3 },
};
const RIDGE = { lookback: 24, horizon: 24, cycle: 24 };
const RETRAINING = { onDrift: true, trainDays: 3, validationDays: 2, ridge: RIDGE };

let desk: ForecastDesk;
let north: ModelVersion;
let south: ModelVersion;
let product: Product;
let stranger: TestOrganisation;

/** The champion's errors rise on day 14; the challenger's are lower day after day. */
const championError = (day: number): number => (day < 14 ? 0.6 : 2);
const scoresOf = (day: number) => [
  { modelHash: north.modelHash, mase: championError(day), coverage: 0.75, pinball: 0.3 },
  { modelHash: south.modelHash, mase: championError(day) - 0.2 - day / 100, coverage: 0.8, pinball: 0.25 },
];
const kinds = async (): Promise<string[]> => (await desk.log(product)).map(({ kind }) => kind);

beforeAll(async () => {
  desk = await ForecastDesk.start(dayStart(11));
  ({ version: north } = await desk.trained(1));
  ({ version: south } = await desk.trained(6));
  stranger = await desk.round.platform.createOrganisation('Stranger');
  product = await desk.createProduct(TERMS);
}, 3 * MINUTES);

afterAll(() => desk.stop());

describe('a forecast product', () => {
  it('is made by the models that its operator names, which its log tells', async () => {
    expect(product).toMatchObject({
      name: 'Day-ahead load',
      series: 'load_kwh',
      zone: ZONE,
      resolution: 'PT1H',
      horizon: 24,
      ...TERMS,
      champion: null,
      challengers: [],
      retraining: null,
    });
    expect((await desk.place('nameChampion', product, north.modelHash)).errors).toBeUndefined();
    const { data } = await desk.place('addChallenger', product, south.cardHash);
    const standing = { champion: { cardHash: north.cardHash }, challengers: [{ cardHash: south.cardHash }] };
    expect(data).toMatchObject({ placed: standing });
    await desk.place('nameChampion', product, north.modelHash);
    await desk.place('addChallenger', product, south.modelHash);
    expect(await desk.product(product)).toMatchObject(standing);
    expect(await kinds()).toEqual(['CHAMPION_NAMED', 'CHALLENGER_ADDED']);
  });

  it('drops a challenger and takes it back', async () => {
    await desk.place('dropChallenger', product, south.cardHash);
    await desk.place('dropChallenger', product, south.cardHash);
    expect((await desk.product(product)).challengers).toEqual([]);
    await desk.place('addChallenger', product, south.cardHash);
    expect((await desk.product(product)).challengers).toEqual([{ cardHash: south.cardHash }]);
    expect((await kinds()).slice(2)).toEqual(['CHALLENGER_DROPPED', 'CHALLENGER_ADDED']);
  });

  it('is refused with a code, and nothing of it is kept', async () => {
    const create = async (change: object, sender: string = desk.operatorKey) => {
      const input = { name: 'Another', zone: ZONE, ...change };
      return codeOf(await desk.round.platform.graphql(CREATE_PRODUCT, { input }, sender));
    };
    expect(await create({ name: 'Day-ahead load' })).toBe('PRODUCT_NAME_TAKEN');
    expect(await create({ resolution: 'PT7M' })).toBe('PRODUCT_RESOLUTION');
    expect(await create({ zone: 'Nowhere' })).toBe('ZONE_UNKNOWN');
    expect(await create({}, stranger.apiKey)).toBe('ROLE_MISSING');
    const quarters = await desk.createProduct({ name: 'Quarters', resolution: 'PT15M' });
    expect(codeOf(await desk.place('nameChampion', quarters, north.cardHash))).toBe('MODEL_UNFIT');
    expect(codeOf(await desk.place('nameChampion', product, 'x'))).toBe('MODEL_UNKNOWN');
    expect(codeOf(await desk.place('addChallenger', product, north.cardHash))).toBe('CHALLENGER_IS_CHAMPION');
    expect(codeOf(await desk.place('nameChampion', { id: 'x' }, north.cardHash))).toBe('PRODUCT_UNKNOWN');
    expect(await desk.product(quarters)).toMatchObject({ champion: null });
  });

  it('shows a stranger what is forecast, and neither models nor log, and lets it change nothing', async () => {
    const { apiKey } = stranger;
    expect(await desk.product(product, apiKey)).toMatchObject({
      name: 'Day-ahead load',
      champion: null,
      challengers: [],
      retraining: null,
    });
    expect(await desk.log(product, apiKey)).toEqual([]);
    expect(codeOf(await desk.place('nameChampion', product, south.cardHash, apiKey))).toBe('ROLE_MISSING');
    expect(codeOf(await desk.report(stranger.participant, product, 10, scoresOf(10)))).toBe(
      'MODEL_NOT_JUDGED',
    );
  });

  it('shows an organisation of its tasks the models and the log', async () => {
    const { apiKey } = desk.round.sites[0]!;
    expect(await desk.product(product, apiKey)).toMatchObject({
      champion: { cardHash: north.cardHash },
      challengers: [{ cardHash: south.cardHash }],
    });
    expect(await desk.log(product, apiKey)).toHaveLength(4);
  });
});

describe('scores of its models', () => {
  it('are reported once, by participants, of days that are over and unknown to the model', async () => {
    const [site] = desk.round.sites;
    await desk.after(11);
    const first = await desk.report(site!.participant, product, 11, scoresOf(11));
    expect(first.data).toEqual({ reportForecastScores: { accepted: 2, unchanged: 0 } });
    const again = await desk.report(site!.participant, product, 11, scoresOf(11));
    expect(again.data).toEqual({ reportForecastScores: { accepted: 0, unchanged: 2 } });
    const other = [{ ...scoresOf(11)[0]!, mase: 0.1 }];
    expect(codeOf(await desk.report(site!.participant, product, 11, other))).toBe('SCORE_CONFLICT');
    expect(codeOf(await desk.report(site!.participant, product, 12, scoresOf(12)))).toBe('SCORE_TOO_EARLY');
    expect(codeOf(await desk.report(site!.participant, product, 10, scoresOf(10)))).toBe('SCORE_IN_EPOCHS');
    expect(codeOf(await desk.report(site!.participant, product, 9, scoresOf(9)))).toBe('SCORE_TOO_LATE');
    expect(codeOf(await desk.report(site!.apiKey, product, 11, scoresOf(11)))).toBe('PARTICIPANT_REQUIRED');
  });
});

describe('after a restart, from what was reported before it', () => {
  let opened: FederatedTask;
  let few: Product;
  let atHome: Product;
  const taken: number[] = [];

  beforeAll(async () => {
    for (const day of DAYS) {
      await desk.after(day);
      // Of day 11 the first site's report is there already.
      for (const site of desk.round.sites) await desk.report(site.participant, product, day, scoresOf(day));
    }
    atHome = await desk.createProduct({ name: 'Judged at home' });
    await desk.place('nameChampion', atHome, north.cardHash);
    await desk.place('addChallenger', atHome, south.cardHash);
    for (const site of desk.round.sites) taken.push(await desk.reportAtHome(site, 17));
    for (const site of desk.round.sites) taken.push(await desk.reportAtHome(site, 17));
    few = await desk.createProduct({ name: 'Few' });
    await desk.place('nameChampion', few, north.cardHash);
    for (const site of desk.round.sites.slice(1))
      await desk.report(site.participant, few, 17, [scoresOf(17)[0]!]);
    const organisationIds = desk.round.sites.map(({ organisationId }) => organisationId);
    const windows = { keys: 86_400, upload: 86_400, answer: 86_400 };
    const variables = { id: product.id, input: { ...RETRAINING, organisationIds, windows } };
    await desk.round.platform.data(SET_RETRAINING, variables, desk.operatorKey);
    await desk.after(19);
    await desk.round.platform.restart();
    const { modelTaskId } = await desk.decided(product, 'RETRAINING_OPENED');
    const { task } = await desk.round.platform.data<{ task: FederatedTask }>(
      'query ($id: ID!) { task(id: $id) { id cardHash card } }',
      { id: modelTaskId },
      desk.operatorKey,
    );
    opened = task;
  }, 3 * MINUTES);

  it('the figures of every day are made, to those who may see the models', async () => {
    const figures = await desk.figures(product);
    expect(figures).toHaveLength(2 * DAYS.length);
    const newest = figures.filter((figure) => (figure as { day: string }).day === dateOf(17));
    expect(newest).toContainEqual({
      day: dateOf(17),
      modelHash: south.modelHash,
      organisations: 4,
      mase: expect.closeTo(2 - 0.2 - 0.17, 12),
      // Beside the mean of four it would tell a sum of two.
      typicalMase: null,
      coverage: expect.closeTo(0.8, 12),
      pinball: expect.closeTo(0.25, 12),
      againstHash: north.modelHash,
      lossDifference: expect.closeTo(-0.37, 12),
    });
    expect(await desk.figures(product, desk.round.sites[1]!.apiKey)).toEqual(figures);
    expect(await desk.figures(product, stranger.apiKey)).toEqual([]);
    const page = await desk.figurePage(product.id, 5, null);
    const rest = await desk.figurePage(product.id, 100, page.pageInfo.endCursor);
    expect([...page.edges, ...rest.edges].map(({ node }) => node)).toEqual(figures);
  });

  it('of three organisations no figure is told, only how many they were', async () => {
    const told = async (): Promise<object[]> => {
      const figures = await desk.figures(few);
      return figures.length > 0 ? figures : told();
    };
    expect(await told()).toEqual([
      {
        day: dateOf(17),
        modelHash: north.modelHash,
        organisations: 3,
        mase: null,
        typicalMase: null,
        coverage: null,
        pinball: null,
        againstHash: null,
        lossDifference: null,
      },
    ]);
  });

  it('sites compute the scores themselves, and say the same again', async () => {
    // Of the other product they said something else before.
    expect(taken).toEqual(Array.from({ length: 8 }, () => 1));
    const figures = await desk.figures(atHome);
    expect(figures.map((figure) => (figure as { modelHash: string }).modelHash).toSorted()).toEqual(
      [north.modelHash, south.modelHash].toSorted(),
    );
    for (const figure of figures as (Required<Score> & { readonly organisations: number })[]) {
      expect(figure.organisations).toBe(4);
      expect(figure.mase).toBeGreaterThan(0);
      // Three days to learn from show a daily cycle alone: no better than yesterday's values, which have 1, and half more for one day's chance.
      expect(figure.mase).toBeLessThan(1.5);
      expect(figure.coverage).toBeGreaterThan(0.4);
      expect(figure.pinball).toBeGreaterThan(0);
      expect(figure.pinball).toBeLessThan(figure.mase / 2);
    }
  });

  it('the drift of the champion is seen on the day that its excess passes the threshold', async () => {
    // x̄: .95, 1.16, 1.3; m: −.3, then + 2 − x̄ − .1 = .95, .74, .6: m − min m = 2.29 on the third day
    expect(await desk.decided(product, 'DRIFT_DETECTED')).toMatchObject({
      day: dateOf(16),
      modelHash: north.modelHash,
      statistics: { days: 6, mean: expect.closeTo(1.3, 12), excess: expect.closeTo(2.29, 12), threshold: 2 },
    });
  });

  it('the challenger that was better on seven days is champion', async () => {
    const { statistics, day } = await desk.decided(product, 'CHAMPION_REPLACED');
    expect(day).toBe(dateOf(17));
    // −.2 − .11 … −.2 − .17
    expect(statistics).toMatchObject({
      days: 7,
      look: 1,
      level: 0.025,
      meanDifference: expect.closeTo(-0.34, 12),
    });
    expect(statistics['pValue']).toBeLessThan(1e-6);
    expect(await desk.product(product)).toMatchObject({
      champion: { cardHash: south.cardHash },
      challengers: [],
    });
  });

  it('one training is open, over readings after those that were summed before', async () => {
    expect(opened.card.data).toMatchObject({ series: ['load_kwh'], zone: ZONE, ...epochsOf(14) });
    expect(opened.card.roster.map(({ organisation }) => organisation)).toEqual(north.cohort);
    await desk.round.platform.restart();
    await desk.wake();
    expect((await kinds()).filter((kind) => kind === 'RETRAINING_OPENED')).toHaveLength(1);
    expect((await desk.product(product)).retraining).toEqual({
      everyDays: null,
      onDrift: true,
      leastGapDays: 7,
      trainDays: 3,
      validationDays: 2,
      lagDays: 1,
      nextAt: null,
    });
    expect((await desk.product(product, desk.round.sites[0]!.apiKey)).retraining).toBeNull();
  });

  it(
    'its model is trained by the sites and becomes a challenger',
    async () => {
      const { cardHash } = await desk.release(opened);
      expect(await desk.product(product)).toMatchObject({
        champion: { cardHash: south.cardHash },
        challengers: [{ cardHash }],
      });
      expect(await kinds()).toEqual([
        'CHAMPION_NAMED',
        'CHALLENGER_ADDED',
        'CHALLENGER_DROPPED',
        'CHALLENGER_ADDED',
        'DRIFT_DETECTED',
        'CHAMPION_REPLACED',
        'RETRAINING_OPENED',
        'CHALLENGER_ADDED',
      ]);
    },
    2 * MINUTES,
  );

  it('a schedule waits for readings that were not summed, and says why it cannot open a task', async () => {
    const set = (input: object | null) =>
      desk.round.platform.graphql(SET_RETRAINING, { id: product.id, input }, desk.operatorKey);
    expect(codeOf(await set({ ...RETRAINING, everyDays: 4 }))).toBe('RETRAINING_OVERLAPS');
    expect(codeOf(await set({ ...RETRAINING, onDrift: false }))).toBe('RETRAINING_NEVER');
    expect(codeOf(await set({ ...RETRAINING, ridge: { horizon: 12 } }))).toBe('MODEL_UNFIT');
    expect(
      (await set({ ...RETRAINING, everyDays: 5, organisationIds: [stranger.organisationId] })).data,
    ).toMatchObject({
      setRetraining: { retraining: { nextAt: isoInstant(dayStart(25)) } },
    });
    // The readings up to day 18 are summed: five new whole days, without the newest, are there from day 25 on.
    await desk.after(23);
    await desk.wake();
    expect(await kinds()).not.toContain('RETRAINING_REFUSED');
    await desk.after(24);
    await desk.wake();
    expect((await desk.decided(product, 'RETRAINING_REFUSED')).statistics).toMatchObject({
      reason: 'schedule',
      code: expect.stringMatching(/^ROSTER_|^CARD_/),
    });
    expect((await set(null)).data).toMatchObject({ setRetraining: { retraining: null } });
  });
});
