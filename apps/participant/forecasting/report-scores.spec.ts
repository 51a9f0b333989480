import { describe, expect, it } from '@jest/globals';
import { DomainError, localDay } from '#core';
import type { SiteNode } from '../node/node.ts';
import type { HomeModel } from './home-model.ts';
import { reportScores } from './report-scores.ts';

const ZONE = 'Europe/Berlin';
const DAY = localDay(ZONE, '2026-01-20');
const card = { data: { series: ['load_kwh'], zone: ZONE }, model: { stepMinutes: 60 } };
const models = new Map(['a', 'b'].map((hash) => [hash, { card, modelHash: hash } as unknown as HomeModel]));
const product = (fields: object = {}) => ({
  id: 'p',
  series: 'load_kwh',
  zone: ZONE,
  stepMinutes: 60,
  horizon: 24,
  champion: { modelHash: 'a' },
  challengers: [{ modelHash: 'b' }, { modelHash: 'unknown here' }],
  ...fields,
});

/** A platform with these products, and what it was told. */
function siteWith(products: unknown, refuse?: DomainError) {
  const [told, said]: [object[], object[]] = [[], []];
  const client = {
    request: async (query: string, variables: { input?: object } = {}) => {
      if (!query.startsWith('mutation')) return { forecastProducts: products };
      if (refuse) throw refuse;
      told.push(variables.input!);
      return {};
    },
  };
  const node = { client, report: (event: string, facts: object) => said.push({ event, ...facts }) };
  return { node: node as unknown as SiteNode, told, said };
}
const page = (...products: object[]) => ({ edges: products.map((node) => ({ node })) });
const half = async () => ({ mase: 0.5, coverage: 0.8, pinball: 0.2 });

describe('reportScores', () => {
  it('says of a product how those of its models did that this site has', async () => {
    const { node, told } = siteWith(page(product()));
    expect(await reportScores(node, models, DAY, half)).toBe(1);
    const scores = ['a', 'b'].map((modelHash) => ({ modelHash, mase: 0.5, coverage: 0.8, pinball: 0.2 }));
    expect(told).toEqual([{ productId: 'p', day: '2026-01-20', scores }]);
  });

  it.each([
    { series: 'pv_kwh' },
    { zone: 'Europe/Lisbon' },
    { stepMinutes: 15 },
    { champion: null, challengers: [] },
  ])('says nothing of a product with %j', async (fields) => {
    const { node, told } = siteWith(page(product(fields)));
    expect(await reportScores(node, models, DAY, half)).toBe(0);
    expect(told).toEqual([]);
  });

  it('says nothing of a model that has no score', async () => {
    const { node, told } = siteWith(page(product()));
    expect(await reportScores(node, models, DAY, async () => null)).toBe(0);
    expect(told).toEqual([]);
  });

  it('tells its owner of a refusal, and goes on', async () => {
    const { node, said } = siteWith(
      page(product(), product({ id: 'q' })),
      new DomainError('SCORE_TOO_LATE', ''),
    );
    expect(await reportScores(node, models, DAY, half)).toBe(0);
    expect(said).toEqual(
      ['p', 'q'].map((id) => ({ event: 'scores-refused', product: id, code: 'SCORE_TOO_LATE' })),
    );
  });

  it('waits for a platform that does not answer, or not with products', async () => {
    const silent = siteWith(page(product()), new DomainError('PLATFORM_UNAVAILABLE', '', 'unavailable'));
    await expect(reportScores(silent.node, models, DAY, half)).rejects.toMatchObject({
      code: 'PLATFORM_UNAVAILABLE',
    });
  });

  it.each([
    { edges: null },
    { edges: [null] },
    { edges: [{ node: null }] },
    page(product({ series: 7 })),
    page(product({ horizon: 0 })),
    page(product({ champion: {} })),
    page(product({ challengers: [null] })),
  ])('refuses an answer that holds no products: %j', async (products) => {
    const { node, told } = siteWith(products);
    await expect(reportScores(node, models, DAY, half)).rejects.toMatchObject({ code: 'ANSWER_MALFORMED' });
    expect(told).toEqual([]);
  });
});
