import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DAY_MS, isoInstant } from '#core';
import { gridCsv, importGrid, refusalCode } from './harness/carbon-day.ts';
import { MarketDay, nodes, type Page } from './harness/market-day.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';
import { dayTotals, FIRST_DAY, portraitOf, shareFromNode } from './harness/sector-members.ts';

jest.setTimeout(60_000);

const STATE = 'mutation ($sector: Sector) { stateSector(sector: $sector) }';
const STATED = '{ statedSector }';
const PUBLISH_EMISSIONS =
  'mutation ($input: PublishEmissionsInput!) { publishEmissions(input: $input) { version } }';
const PUBLISH = 'mutation ($input: PublishPortraitInput!) { publishPortrait(input: $input) { version } }';
const SHARED = `{ sharedPortraits(first: 10) {
  edges { node { participantId version labels { label percentOfDays } } } pageInfo { hasNextPage endCursor }
} }`;
const EMISSIONS = `query ($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!, $basis: FactorBasis! = direct) {
  sectorEmissions(from: $from, to: $to, account: $account, basis: $basis) {
    leastOrganisations
    sectors { sector organisations grams meanGrams medianGrams } total { organisations grams meanGrams }
  }
}`;
const PORTRAITS = `{ sectorPortraits {
  sectors { sector organisations labels { label percentOfDays } } total { organisations labels { label percentOfDays } }
} }`;
const TREND = `query ($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!, $zone: String! = "UTC", $leastLength: Int! = 7) {
  emissionsTrend(from: $from, to: $to, account: $account, zone: $zone, leastLength: $leastLength) {
    days { date gramsPerHour } missingDays direction slopePerDay levels { date days gramsPerHour }
  }
}`;

const MARCH = { from: '2026-03-01T00:00Z', to: '2026-04-01T00:00Z' };
const flat = { label: 'flat', percentOfDays: 100 } as const;

const shares = (flatPercent: number, eveningPercent: number) =>
  ['flat', 'morning-peak', 'midday-peak', 'evening-peak', 'night-peak', 'double-peak'].map((label) => ({
    label,
    percentOfDays: label === 'flat' ? flatPercent : label === 'evening-peak' ? eveningPercent : 0,
  }));

/** Four manufacturers and one shop. */
describe('figures by sector', () => {
  let market: MarketDay;
  let seriesId: string;
  let factories: TestOrganisation[];
  let shop: TestOrganisation;

  const data = <T>(query: string, variables: object, sender: Sender): Promise<T> =>
    market.platform.data<T>(query, variables, sender);
  const state = (sector: string | null, { apiKey }: TestOrganisation) => data(STATE, { sector }, apiKey);
  const stated = ({ apiKey }: TestOrganisation) => data(STATED, {}, apiKey);
  const emit = async ({ participant }: TestOrganisation, day: number, grams: number): Promise<void> => {
    const input = await dayTotals(participant, seriesId, day, grams);
    await data(PUBLISH_EMISSIONS, { input }, participant);
  };
  const emissions = async (change: object = {}) =>
    (
      await data<{ sectorEmissions: object }>(
        EMISSIONS,
        { ...MARCH, account: 'location', ...change },
        shop.apiKey,
      )
    ).sectorEmissions;
  const portraits = async () =>
    (await data<{ sectorPortraits: object }>(PORTRAITS, {}, shop.apiKey)).sectorPortraits;

  beforeAll(async () => {
    market = await MarketDay.start();
    ({ id: seriesId } = await importGrid(
      market,
      gridCsv(() => 0.4),
    ));
    await market.setClock(FIRST_DAY + 30 * DAY_MS);
    const made: TestOrganisation[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'shop'])
      made.push(await market.platform.createOrganisation(name));
    factories = made.slice(0, 4);
    shop = made[4]!;
    for (const factory of factories) await state('C', factory);
    await state('G', shop);
    for (const [i, organisation] of made.entries()) await emit(organisation, 0, 1_000 * (i + 1));
  }, 60_000);

  afterAll(() => market.stop());

  it('withhold a row of one, and the row that the total would tell it by', async () => {
    expect(await emissions()).toEqual({
      leastOrganisations: 4,
      sectors: [
        { sector: 'C', organisations: 4, grams: null, meanGrams: null, medianGrams: null },
        { sector: 'G', organisations: 1, grams: null, meanGrams: null, medianGrams: null },
      ],
      total: { organisations: 5, grams: 15_000, meanGrams: 3_000 },
    });
  });

  it('are told where four are in each row, of one account and one basis', async () => {
    await state('C', shop);
    expect(await emissions({ account: 'market' })).toMatchObject({
      sectors: [{ sector: 'C', organisations: 5, grams: 7_500, meanGrams: 1_500, medianGrams: null }],
    });
    expect(await emissions({ basis: 'lifecycle' })).toMatchObject({ sectors: [], total: { grams: null } });
    await state(null, shop);
    expect(await emissions()).toMatchObject({
      sectors: [
        { sector: null, organisations: 1, grams: null },
        { sector: 'C', organisations: 4, grams: null },
      ],
      total: { grams: 15_000 },
    });
  });

  it('are of what an admin states of the own organisation, which nobody else reads', async () => {
    await state('G', shop);
    expect(await stated(shop)).toEqual({ statedSector: 'G' });
    expect(await stated(market.firms.buyer)).toEqual({ statedSector: null });
    expect(await refusalCode(market, STATE, { sector: 'C' }, shop.participant)).toBe('ROLE_MISSING');
    const unknown = await market.platform.graphql(STATE, { sector: 'Z' }, shop.apiKey);
    expect(unknown.errors).toHaveLength(1);
    expect(await stated(shop)).toEqual({ statedSector: 'G' });
  });

  it('of portraits are means of the newest signed labels, withheld alike', async () => {
    const publish = async ({ participant }: TestOrganisation, labels: Parameters<typeof portraitOf>[1]) =>
      data(PUBLISH, { input: await portraitOf(participant, labels) }, participant);
    const mixed = [
      { label: 'flat', percentOfDays: 60 },
      { label: 'evening-peak', percentOfDays: 40 },
    ] as const;
    for (const factory of factories.slice(0, 3)) await publish(factory, [flat]);
    const fromNode = await shareFromNode(market.platform, factories[3]!.participant, 'flat');
    expect(fromNode).toEqual({ version: 1, labels: [flat] });
    expect(await publish(factories[0]!, [flat])).toEqual({ publishPortrait: { version: 1 } });
    expect(await publish(factories[0]!, mixed)).toEqual({ publishPortrait: { version: 2 } });
    expect(await portraits()).toEqual({
      sectors: [{ sector: 'C', organisations: 4, labels: shares(90, 10) }],
      total: { organisations: 4, labels: shares(90, 10) },
    });
    await publish(shop, mixed);
    expect(await portraits()).toMatchObject({
      sectors: [
        { sector: 'C', organisations: 4, labels: null },
        { sector: 'G', organisations: 1, labels: null },
      ],
      total: { organisations: 5, labels: shares(84, 16) },
    });
    const shared = async ({ apiKey }: TestOrganisation) =>
      nodes((await data<{ sharedPortraits: Page<object> }>(SHARED, {}, apiKey)).sharedPortraits);
    expect(await shared(factories[0]!)).toEqual([
      { participantId: factories[0]!.participant.id, version: 1, labels: [flat] },
      { participantId: factories[0]!.participant.id, version: 2, labels: mixed },
    ]);
    const { sharedPortraits } = await data<{ sharedPortraits: { pageInfo: { endCursor: string } } }>(SHARED, {}, factories[0]!.apiKey); // prettier-ignore
    // No number that would tell how many others have shared theirs.
    expect(Buffer.from(sharedPortraits.pageInfo.endCursor, 'base64url').toString()).toMatch(
      /^\["[0-9a-f]{32}"\]$/,
    );
    expect(await shared(market.firms.seller)).toEqual([]);
    expect(
      nodes(
        (await data<{ sharedPortraits: Page<object> }>(SHARED, {}, market.platform.operatorKey))
          .sharedPortraits,
      ),
    ).toEqual([]);
  });

  it('take no labels that their member has not signed, or that say more than they may', async () => {
    const { participant, apiKey } = shop;
    const input = await portraitOf(participant, [flat]);
    const code = (change: object, sender: Sender = participant) =>
      refusalCode(market, PUBLISH, { input: { ...input, ...change } }, sender);
    expect(await code({}, apiKey)).toBe('PARTICIPANT_REQUIRED');
    expect(await code({}, factories[0]!.participant)).toBe('SIGNATURE_INVALID');
    expect(await code({ labels: [{ label: 'night-peak', percentOfDays: 100 }] })).toBe('SIGNATURE_INVALID');
    expect(await code({ labels: [{ label: 'flat', percentOfDays: 99 }] })).toBe('PORTRAIT_LABELS');
    expect(await code({ method: 'mine/1' })).toBe('PORTRAIT_METHOD');
  });
});

describe('the trend of own published emissions', () => {
  let market: MarketDay;

  beforeAll(async () => {
    market = await MarketDay.start();
    const { id } = await importGrid(
      market,
      gridCsv(() => 0.4),
    );
    await market.setClock(FIRST_DAY + 30 * DAY_MS);
    const { participant } = market.firms.buyer;
    // 100 g an hour, give or take one, and 50 from the eleventh day on; of the sixteenth nothing is published.
    for (let day = 0; day < 24; day += 1) {
      if (day === 15) continue;
      const gramsPerHour = (day < 10 ? 100 : 50) + (day % 3);
      const input = await dayTotals(participant, id, day, 24 * gramsPerHour);
      await market.platform.data(PUBLISH_EMISSIONS, { input }, participant);
    }
  }, 60_000);

  afterAll(() => market.stop());

  it('tells slope, breaks and the days it knows nothing of', async () => {
    const { emissionsTrend: trend } = await market.platform.data<{ emissionsTrend: { days: object[] } }>(
      TREND,
      { ...MARCH, account: 'location' },
      market.firms.buyer.apiKey,
    );
    expect(trend).toMatchObject({
      missingDays: 1,
      direction: 'falling',
      levels: [
        { date: '2026-03-01', days: 10, gramsPerHour: expect.closeTo(100.9, 9) },
        { date: '2026-03-11', days: 13 },
      ],
    });
    expect(trend.days).toHaveLength(23);
    expect(trend.days[1]).toEqual({ date: '2026-03-02', gramsPerHour: 101 });
  });

  it.each([
    ['TREND_TOO_SHORT', { to: isoInstant(FIRST_DAY + 3 * DAY_MS) }],
    ['INTERVAL_TOO_LONG', { from: '2024-01-01T00:00Z' }],
    ['INTERVAL_EMPTY', { to: MARCH.from }],
    ['ZONE_UNKNOWN', { zone: 'Mars/Olympus' }],
    ['TREND_LEAST_LENGTH', { leastLength: 0 }],
  ])('is refused with %s', async (code, change) => {
    const variables = { ...MARCH, account: 'location', ...change };
    expect(await refusalCode(market, TREND, variables, market.firms.buyer.apiKey)).toBe(code);
  });

  it('is nobody else’s', async () => {
    const variables = { ...MARCH, account: 'location' };
    expect(await refusalCode(market, TREND, variables, market.firms.seller.apiKey)).toBe('TREND_TOO_SHORT');
  });
});
