import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, generateSigningKey, isoInstant } from '#core';
import { thresholdParameters } from '#encryption';
import {
  type EncryptionParameters,
  type NetworkModel,
  ridgeTerms,
  type RidgeTerms,
  type RosterMember,
  type TaskCard,
} from '#federation';
import { statisticOf } from '#forecasting';
import { DAY_AHEAD_LEARNING, DAY_AHEAD_MLP } from '#learning';
import { SiteStory } from '../../../test/harness/site-story.ts';
import { setPlace } from '../forecasting/site-place.ts';
import { requireAcceptable } from './card-policy.ts';

describe('a card', () => {
  let story: SiteStory;
  let card: TaskCard;

  beforeAll(async () => {
    story = await SiteStory.start();
    card = story.card();
  });
  afterAll(() => story.stop());

  const refusal = async (other: TaskCard): Promise<unknown> =>
    requireAcceptable(story.node, other).catch((error: unknown) => error);

  /** Its vector holds a part of each series. */
  const onSeries = (...series: string[]): TaskCard => {
    const values = series.length * statisticOf(ridgeTerms(card)).count(ridgeTerms(card));
    const encryption = thresholdParameters({ values, lanes: 1, fractionBits: 24, maxSites: 16 });
    return { ...card, data: { ...card.data, series }, encryption };
  };

  it('of pinned members with the parameters this node derives is accepted, on each imported series', async () => {
    expect(await refusal(card)).toBeUndefined();
    expect(await refusal(onSeries('pv_kwh'))).toBeUndefined();
    expect(await refusal(onSeries('pv_kwh', 'load_kwh'))).toBeUndefined();
    const { values } = card.encryption;
    const narrower = (lanes: 1 | 2, fractionBits: number) =>
      thresholdParameters({ values, lanes, fractionBits, maxSites: 8 });
    expect(await refusal({ ...card, encryption: narrower(1, 4) })).toBeUndefined();
    // Room for most readings but not for all: whether it refuses would tell which these are.
    for (const encryption of [narrower(2, 16), narrower(1, 48)])
      expect(await refusal({ ...card, encryption })).toMatchObject({ code: 'CARD_PARAMETERS' });
  });

  const SEES_HEAT: Partial<RidgeTerms> = {
    statistic: 'moments',
    lookback: 24,
    inputs: {
      calendar: false,
      holidays: null,
      ahead: [],
      past: ['heat_kwh'],
      issues: 'every-step',
      penalties: [1],
    },
  };
  // One window a firm would show in the sum of three; a thousand years, or a day of solving, would end the process.
  it.each<[string, Partial<RidgeTerms>, number, number]>([
    ['EPOCH_TOO_SHORT', { statistic: 'moments', lookback: 24, horizon: 1, cycle: 1 }, 1, 1],
    ['EPOCH_TOO_SHORT', { statistic: 'moments' }, 14, 14],
    ['EPOCH_TOO_SHORT', {}, 14, 0.5],
    ['EPOCH_TOO_LONG', { stepMinutes: 15, cycle: 672 }, 14, 40_000],
    ['CARD_MODEL', { lookback: 1_008, horizon: 1_008 }, 400, 100],
    ['CARD_MODEL', { lookback: 12 }, 60, 60],
    ['RIDGE_CONFIG_INVALID', { stepMinutes: 120 }, 60, 60],
    ['RIDGE_CONFIG_INVALID', { lambdas: [1, 1] }, 60, 60],
    ['SERIES_UNKNOWN', SEES_HEAT, 60, 60],
    ['READINGS_TOO_COARSE', { stepMinutes: 15, cycle: 672 }, 60, 60],
  ])('is refused with %s for %j over %d and %d days', async (code, changes, train, validation) => {
    const model = { ...ridgeTerms(card), ...changes };
    const startMs = Date.UTC(2000, 0, 1);
    const [start, split, end] = [0, train, train + validation].map((days) =>
      isoInstant(startMs + days * DAY_MS),
    );
    const values = statisticOf(model).count(model);
    const encryption = thresholdParameters({ values, lanes: 1, fractionBits: 8, maxSites: 16 });
    const data = {
      ...card.data,
      train: { start: start!, end: split! },
      validation: { start: split!, end: end! },
    };
    expect(await refusal({ ...card, model, data, encryption })).toMatchObject({ code });
  });

  it('on series of which some were not imported is refused, and these are named', async () => {
    expect(await refusal(onSeries('heat_kwh', 'load_kwh', 'steam_kwh'))).toMatchObject({
      code: 'SERIES_UNKNOWN',
      kind: 'forbidden',
      message: 'expected imported series (load_kwh, net_kwh, pv_kwh), got heat_kwh, steam_kwh',
    });
  });

  it('on several series is refused where noise would be sized for one, a network learns one, or inputs would be summed with each', async () => {
    const several = onSeries('load_kwh', 'pv_kwh');
    const privacy = {} as NonNullable<TaskCard['privacy']>;
    const network = { ...several.model, kind: 'network', stride: 1 } as NetworkModel;
    const seeing = { ...ridgeTerms(several), ...SEES_HEAT };
    for (const changes of [{ privacy }, { model: network }, { model: seeing }])
      expect(await refusal({ ...several, ...changes })).toMatchObject({ code: 'SERIES_SEVERAL' });
  });

  it.each([
    ['load_kwh', 'load_kwh', 'SERIES_KNOWN_AHEAD'],
    ['net_kwh', 'pv_kwh', 'SERIES_KNOWN_AHEAD'],
    ['load_kwh', 'net_kwh', 'SERIES_KNOWN_AHEAD'],
    ['load_kwh', 'load_kw', 'COLUMNS_SAME_QUANTITY'],
  ])('on %s with %s known ahead is refused', async (series, ahead, code) => {
    const one = onSeries(series);
    const inputs = { ...SEES_HEAT.inputs!, ahead: [ahead], past: [] };
    const model = { ...ridgeTerms(one), ...SEES_HEAT, inputs };
    const data = { ...one.data, validation: { ...one.data.validation, end: '2026-06-15T00:00:00Z' } };
    expect(await refusal({ ...one, model, data })).toMatchObject({ code });
  });

  it('that sees a clear sky is accepted once the owner has said where the site is', async () => {
    const inputs = { ...SEES_HEAT.inputs!, ahead: ['clear_sky_w_m2'], past: [] };
    const model = { ...ridgeTerms(card), ...SEES_HEAT, inputs };
    const encryption = thresholdParameters({
      values: statisticOf(model).count(model),
      lanes: 1,
      fractionBits: 8,
      maxSites: 16,
    });
    const data = { ...card.data, validation: { ...card.data.validation, end: '2026-06-15T00:00:00Z' } };
    const seeing = { ...card, model, data, encryption };
    expect(await refusal(seeing)).toMatchObject({
      code: 'SERIES_UNKNOWN',
      message: expect.stringMatching(/, got clear_sky_w_m2$/),
    });
    setPlace(story.node.directory, { latitude: 52.5, longitude: 13.4 });
    expect(await refusal(seeing)).toBeUndefined();
  });

  it('of a network whose covariates are not those of its inputs, of more windows than fit a node, or that sees what it forecasts, is refused', async () => {
    const inputs = {
      calendar: true,
      holidays: null,
      ahead: ['pv_kwh'],
      past: [],
      issues: 'every-step',
    } as const;
    const shape = { stepMinutes: 60, cycle: 168, stride: 1 };
    const model = {
      ...DAY_AHEAD_MLP,
      ...shape,
      kind: 'network',
      inputs,
      covariates: 22,
      initial: '',
    } as const;
    const learning = {
      ...DAY_AHEAD_LEARNING,
      steps: 1,
      patience: null,
      combine: 'mean',
      vote: null,
    } as const;
    expect(await refusal({ ...card, model, learning })).toMatchObject({
      code: 'NETWORK_TERMS_INVALID',
      data: { field: 'covariates' },
    });
    // 12 years of hours: 105 000 windows of 1 008 values and more would not fit a node's memory.
    const train = { ...card.data.train, end: '2037-01-01T00:00:00Z' };
    const data = { ...card.data, train, validation: { start: train.end, end: '2038-01-01T00:00:00Z' } };
    const long = { ...model, lookback: 1_008 };
    expect(await refusal({ ...card, data, model: long, learning })).toMatchObject({ code: 'EPOCH_TOO_LONG' });
    for (const fewer of [{ stride: 24 }, { inputs: { ...inputs, issues: 'midnights' } }] as const) {
      const thinned = { ...card, data, model: { ...long, ...fewer }, learning };
      expect(await refusal(thinned)).toMatchObject({ code: 'NETWORK_TERMS_INVALID' });
    }
    const ahead = { ...inputs, ahead: ['load_kwh'] };
    expect(await refusal({ ...card, model: { ...model, inputs: ahead }, learning })).toMatchObject({
      code: 'SERIES_KNOWN_AHEAD',
    });
  });

  it('on so many series that it would be solved for minutes is refused', async () => {
    // 14 · (336³ / 3 + 2 · 336² · 96): 0.48 · 10⁹ multiplications each.
    const model = { ...ridgeTerms(card), lookback: 336, horizon: 96 };
    const on = (count: number) => {
      const series = Array.from({ length: count }, (_, i) => (i === 0 ? 'load_kwh' : `meter_${i}_kwh`));
      const data = {
        ...card.data,
        series,
        validation: { ...card.data.validation, end: '2026-03-15T00:00:00Z' },
      };
      return { ...card, model, data };
    };
    expect(await refusal(on(12))).toMatchObject({ code: 'CARD_PARAMETERS' });
    expect(await refusal(on(13))).toMatchObject({
      code: 'CARD_MODEL',
      message: expect.stringContaining('work'),
    });
  });

  it("of another platform's key is refused", async () => {
    const { publicKey: platformKey } = await generateSigningKey();
    expect(await refusal({ ...card, platformKey })).toMatchObject({ code: 'PLATFORM_KEY_DIFFERS' });
  });

  it.each<[string, (member: RosterMember) => RosterMember]>([
    [
      'an invented organisation',
      () => ({
        organisation: 'org-9',
        legalId: 'LEI-9',
        signingKey: 'a'.repeat(64),
        agreementKey: 'b'.repeat(64),
      }),
    ],
    ['another key to seal shares to', (member) => ({ ...member, agreementKey: 'a'.repeat(64) })],
    ['another key to sign with', (member) => ({ ...member, signingKey: 'a'.repeat(64) })],
    ['pinned keys under another name', (member) => ({ ...member, legalId: 'LEI-9' })],
  ])('with %s is refused: its owner pinned none such', async (_what, change) => {
    const roster = [...card.roster.slice(0, 3), change(card.roster[3]!)];
    const error = await refusal({ ...card, roster });
    expect(error).toMatchObject({
      code: 'MEMBER_NOT_PINNED',
      data: { organisation: roster[3]!.organisation },
    });
  });

  const [first, second] = thresholdParameters({ values: 1, lanes: 1, fractionBits: 1, maxSites: 16 }).primes;
  it.each<[string, Partial<EncryptionParameters>]>([
    ['the plain sum of simulations', { scheme: 'plain/1' }],
    ['fewer primes', { primes: [first!, second!] }],
    ['one prime twice', { primes: [first!, first!, second!] }],
    ['primes in another order', { primes: [second!, first!, '1152921504606830593'] }],
    ['a smaller ring of two lanes', { ringDegree: 4_096, lanes: 2 }],
    ['a larger ring', { ringDegree: 16_384 }],
    ['another plaintext modulus', { plainModulus: '65537' }],
    ['another length', { values: 8 }],
    ['a parameter more', { smudging: 0 } as Partial<EncryptionParameters>],
  ])('with %s is refused', async (_what, change) => {
    const encryption = { ...card.encryption, ...change };
    expect(await refusal({ ...card, encryption })).toMatchObject({
      code: 'CARD_PARAMETERS',
      kind: 'forbidden',
    });
  });

  it('is never refused for the order in which its parameters are written', async () => {
    const encryption = Object.fromEntries(
      Object.entries(card.encryption).toReversed(),
    ) as unknown as EncryptionParameters;
    expect(await refusal({ ...card, encryption })).toBeUndefined();
  });
});
