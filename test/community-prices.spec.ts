import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from './harness/market-day.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

const PRICES = `query ($input: CommunityPricesInput!) {
  communityPrices(input: $input) {
    poolPricePerMwh buyPricePerMwh sellPricePerMwh sharedWh shareableWh retailerMinor operatorMinor
    bills { id billMinor aloneMinor boughtWh soldWh }
  }
}`;
const RULES = '{ communityPriceRules { rule individuallyRational budgetBalance efficient source } }';

const INPUT = {
  rule: 'MID_MARKET_RATE',
  retailPerMwh: 30_000,
  feedInPerMwh: 8_000,
  members: [
    { id: 'roof', netExportWh: 1_500 },
    { id: 'home', netImportWh: 3_000 },
  ],
};

describe('prices of a community without orders', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform();
    firm = await platform.createOrganisation('Community');
  }, 60_000);

  afterAll(() => platform.stop());

  const prices = (input: object) => platform.graphql(PRICES, { input }, firm.apiKey);

  it('are computed on what is sent, bills in whole minor units', async () => {
    // Mid 19 000: half of the load at it; 28.5 ct, 73.5 ct and 45 ct are rounded to conserve
    expect((await prices(INPUT)).data).toEqual({
      communityPrices: {
        poolPricePerMwh: 19_000,
        buyPricePerMwh: 24_500,
        sellPricePerMwh: 19_000,
        sharedWh: 1_500,
        shareableWh: 1_500,
        retailerMinor: 45,
        operatorMinor: 0,
        bills: [
          { id: 'home', billMinor: 74, aloneMinor: 90, boughtWh: 1_500, soldWh: 0 },
          { id: 'roof', billMinor: -29, aloneMinor: -12, boughtWh: 0, soldWh: 1_500 },
        ],
      },
    });
  });

  it.each([
    ['CURVE_POINTS', { ...INPUT, rule: 'CURVE' }],
    ['PRICE_RULE_TERMS', { ...INPUT, rule: 'KEYS' }],
    ['COMMUNITY_MEMBERS', { ...INPUT, members: [] }],
    ['MEMBER_DUPLICATE', { ...INPUT, members: [{ id: 'a' }, { id: 'a' }] }],
    ['READING_ENERGY', { ...INPUT, members: [{ id: 'a', netImportWh: -1 }] }],
    ['PRICE_RULE', { ...INPUT, rule: 'SUPPLY_DEMAND_RATIO_COMPENSATED', compensation: 2 }],
  ])('%s', async (code, input) => {
    expect(codeOf(await prices(input))).toBe(code);
  });

  it('are for organisations with a key', async () => {
    expect(codeOf(await platform.graphql(PRICES, { input: INPUT }))).toBe('UNAUTHENTICATED');
  });

  it('say what each rule promises', async () => {
    const { communityPriceRules } = await platform.data<{ communityPriceRules: { rule: string }[] }>(
      RULES,
      {},
      firm.apiKey,
    );
    expect(communityPriceRules.find(({ rule }) => rule === 'BILL_SHARING')).toMatchObject({
      individuallyRational: false,
      budgetBalance: 'strong',
    });
  });
});
