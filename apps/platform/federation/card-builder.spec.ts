import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval, parseInstant } from '#core';
import { type RosterMember, valueLimit } from '#federation';
import { DAY_AHEAD_MOMENTS, DAY_AHEAD_RIDGE, INPUT_PENALTIES, momentCount, statisticOf } from '#forecasting';
import { DAY_AHEAD_LEARNING, DAY_AHEAD_MLP } from '#learning';
import { buildCard, type CardRequest } from './card-builder.ts';

const START = parseInstant('2026-01-01T00:00:00Z');

function request(members: number, hours = 24 * 90): CardRequest {
  const middle = START + Math.floor(hours * 0.75) * HOUR_MS;
  const roster = Array.from({ length: members }, (_, i): RosterMember => {
    const key = (digit: string) => `${digit}${i}`.padStart(64, '0');
    return { organisation: `org-${i}`, legalId: `LEI-${i}`, signingKey: key('a'), agreementKey: key('b') };
  });
  return {
    taskId: '00000000-0000-4000-8000-000000000001',
    platformKey: 'c'.repeat(64),
    issuedAtMs: START,
    series: ['load_kwh'],
    zone: 'Europe/Berlin',
    train: interval(START, middle),
    validation: interval(middle, START + hours * HOUR_MS),
    windows: { keys: 60, upload: 60, answer: 60 },
    roster,
  };
}

const refusal = (wrong: CardRequest) => buildCard(wrong).catch((error: unknown) => error);

const PRIVACY = { mechanism: 'discrete-gaussian', epsilon: 8, delta: 1e-6, clip: 1 } as const;
const network: NonNullable<CardRequest['network']> = {
  model: { ...DAY_AHEAD_MLP, stepMinutes: 60, cycle: 168, stride: 3 },
  learning: { ...DAY_AHEAD_LEARNING, steps: 5, patience: null, combine: 'mean', vote: null },
};

/** Standard deviation of one site's noise. */
const sigma = async (epsilon: number, steps: number) => {
  const learning = { ...network.learning, steps };
  const privacy = { ...PRIVACY, epsilon };
  const { encryption, privacy: terms } = await buildCard({
    ...request(12),
    network: { ...network, learning },
    privacy,
  });
  return Math.sqrt(terms!.sigmaSquared) * 2 ** -encryption.fractionBits;
};

describe('the card of a one-shot ridge task', () => {
  it('says what is summed: autocovariances, in one lane of one chunk', async () => {
    const { encryption, model, data } = await buildCard(request(4));
    expect(encryption).toMatchObject({ lanes: 1, values: 386, maxSites: 16 });
    expect(model).toMatchObject({ kind: 'one-shot-ridge', ...DAY_AHEAD_RIDGE });
    expect(data.train).toEqual({ start: '2026-01-01T00:00:00Z', end: data.validation.start });
  });

  it('sums a part of each series, and several only where each is a ridge from an exact sum', async () => {
    const series = ['load_kwh', 'pv_kwh', 'price'];
    const { encryption, data } = await buildCard({ ...request(4), series });
    expect(data.series).toEqual(series);
    expect(encryption).toMatchObject({ lanes: 1, values: 3 * 386 });
    const one = await buildCard(request(4));
    expect(encryption.fractionBits).toBe(one.encryption.fractionBits);
    for (const changes of [{ network }, { privacy: PRIVACY }])
      expect(await refusal({ ...request(12), series, ...changes })).toMatchObject({ code: 'SERIES_SEVERAL' });
    for (const wrong of [[], ['load_kwh', 'load_kwh'], Array.from({ length: 17 }, (_, i) => `meter_${i}`)])
      expect(await refusal({ ...request(4), series: wrong })).toMatchObject({ code: 'CARD_SERIES' });
  });

  it('says what was asked for instead, and refuses what noise cannot be told from', async () => {
    const ridge = { ...DAY_AHEAD_MOMENTS, lookback: 48 };
    const { encryption, model } = await buildCard({ ...request(4), ridge });
    expect(model).toMatchObject({ statistic: 'moments', lookback: 48 });
    expect(encryption.values).toBe(momentCount(ridge));
    const { model: noisy } = await buildCard({ ...request(12), privacy: PRIVACY });
    expect(noisy).toMatchObject({ statistic: 'moments' });
    for (const [changes, code] of [
      [{ ridge: { ...DAY_AHEAD_RIDGE, cycle: 100 } }, 'RIDGE_CONFIG_INVALID'],
      [{ ridge: DAY_AHEAD_RIDGE, privacy: PRIVACY }, 'STATISTIC_NOT_PRIVATE'],
    ] as const)
      await expect(buildCard({ ...request(12), ...changes })).rejects.toMatchObject({ code });
  });

  it('names what the model sees beside the look-back, of sites who sent moments and know the region', async () => {
    const inputs = {
      calendar: true,
      holidays: 'DE-BW',
      ahead: ['temperature_c'],
      past: ['wind_mw'],
      issues: 'midnights',
      penalties: INPUT_PENALTIES,
    } as const;
    const ridge = { ...DAY_AHEAD_MOMENTS, lookback: 24, inputs };
    const year = request(12, 24 * 365);
    const { encryption, model } = await buildCard({ ...year, ridge });
    expect(model).toMatchObject({ inputs });
    // 23 of the look-back, its level, 12 of the calendar, 10 of what is known ahead, 2 of the past.
    const p = 23 + 1 + 12 + 10 + 2;
    expect(encryption.values).toBe(2 * ((p * (p + 1)) / 2 + 24 * p + 2));
    for (const [changes, code] of [
      [{ ridge: { ...ridge, inputs: { ...inputs, holidays: 'XX' } } }, 'HOLIDAYS_UNKNOWN'],
      [{ ridge: { ...ridge, statistic: 'autocovariances' } }, 'RIDGE_CONFIG_INVALID'],
      [{ ridge, privacy: PRIVACY }, 'INPUTS_NOT_PRIVATE'],
      [{ ridge: { ...ridge, lookback: 72 } }, 'EPOCH_TOO_SHORT'],
    ] as const)
      await expect(buildCard({ ...year, ...changes })).rejects.toMatchObject({ code });
  });

  it.each([
    { members: 4, hours: 24 * 21 },
    { members: 6, hours: 24 * 90 },
    { members: 16, hours: 24 * 365 },
    { members: 20, hours: 24 * 3_650 },
  ])(
    'has room for the largest autocovariances of $members sites over $hours h, and wastes less than a bit',
    async ({ members, hours }) => {
      const { encryption } = await buildCard(request(members, hours));
      const largest =
        statisticOf(DAY_AHEAD_RIDGE).bound(DAY_AHEAD_RIDGE, hours) * 2 ** encryption.fractionBits;
      expect(largest).toBeLessThanOrEqual(valueLimit(encryption));
      expect(2 * largest).toBeGreaterThan(valueLimit(encryption));
      expect(encryption.maxSites).toBe(Math.max(16, members));
    },
  );

  it.each([
    // n, t, Q, k_min, sizes of the blocks
    { n: 4, t: 2, quorum: 3, minimum: 3, sizes: [4] },
    { n: 6, t: 2, quorum: 4, minimum: 3, sizes: [3, 3] },
    { n: 7, t: 3, quorum: 5, minimum: 4, sizes: [7] },
    { n: 10, t: 4, quorum: 7, minimum: 5, sizes: [5, 5] },
    { n: 20, t: 7, quorum: 14, minimum: 8, sizes: [10, 10] },
  ])(
    'of $n organisations needs $t decryptors, $quorum READY and blocks of $minimum',
    async ({ n, t, quorum, minimum, sizes }) => {
      const { release } = await buildCard(request(n));
      expect(release).toMatchObject({ threshold: t, quorum, minimumOrganisations: minimum });
      expect(release.blocks.map(({ length }) => length)).toEqual(sizes);
    },
  );

  it('is refused where it cannot be kept', async () => {
    expect(await refusal(request(3))).toMatchObject({ code: 'ROSTER_TOO_SMALL' });
    const twice = request(4);
    const roster = [...twice.roster.slice(0, 3), { ...twice.roster[3]!, legalId: 'LEI-0' }];
    expect(await refusal({ ...twice, roster })).toMatchObject({ code: 'ROSTER_NOT_DISTINCT' });
    expect(await refusal({ ...twice, zone: 'Mars/Olympus' })).toMatchObject({ code: 'ZONE_UNKNOWN' });
    const validation = interval(START, START + HOUR_MS);
    expect(await refusal({ ...twice, validation })).toMatchObject({ code: 'CARD_EPOCHS' });
  });
});

describe('the card of a private or a learnt task', () => {
  it('has room for value and noise in every lane, as fine as that allows', async () => {
    for (const mechanism of ['discrete-gaussian', 'skellam'] as const) {
      const privacy = { ...PRIVACY, mechanism, epsilon: mechanism === 'skellam' ? 1 : 8, delta: 1e-5 };
      const { encryption, privacy: terms } = await buildCard({ ...request(12), network, privacy });
      expect(terms).toMatchObject({ ...privacy, unit: 'organisation', honest: 2 });
      const used = 2 ** encryption.fractionBits + terms!.noiseBound;
      expect(used).toBeLessThanOrEqual(valueLimit(encryption));
      expect(4 * used).toBeGreaterThan(valueLimit(encryption));
    }
  });

  it('takes three lanes for exact updates, two with noise', async () => {
    const exact = await buildCard({ ...request(6), network });
    const noisy = await buildCard({ ...request(6), network, privacy: PRIVACY });
    const ridge = await buildCard({ ...request(6), privacy: { ...PRIVACY, clip: 80 } });
    expect([exact, noisy, ridge].map(({ encryption }) => encryption.lanes)).toEqual([3, 2, 2]);
    expect(exact).toMatchObject({ privacy: null, release: { sums: 'cohort' }, learning: { steps: 5 } });
    expect(ridge).toMatchObject({ learning: null, privacy: { clip: 80 } });
  });

  it('sums blocks apart where their median is taken', async () => {
    const learning = { ...network.learning, combine: 'median' } as const;
    const { release } = await buildCard({ ...request(12), network: { ...network, learning } });
    expect(release.sums).toBe('blocks');
  });

  it('costs less noise the more it may reveal, and less with fewer steps', async () => {
    expect(await sigma(8, 5)).toBeLessThan(await sigma(4, 5));
    expect(await sigma(8, 2)).toBeLessThan(await sigma(8, 5));
  });

  it('is refused where noise does not fit, or Skellam noise is not exact enough', async () => {
    const learnt = { ...request(12), network };
    for (const [change, code] of [
      [{ epsilon: 1e-9 }, 'NOISE_TOO_WIDE'],
      [{ mechanism: 'skellam' }, 'SKELLAM_INEXACT'],
      [{ delta: 2 }, 'PRIVACY_PARAMETER'],
    ] as const)
      expect(await refusal({ ...learnt, privacy: { ...PRIVACY, ...change } })).toMatchObject({ code });
  });
});
