import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { codeOf, DAY, type Draft, MarketDay, order, UNKNOWN } from './harness/market-day.ts';
import type { TestOrganisation } from './harness/platform.ts';

jest.setTimeout(30_000);

const bids = (n: number, count: number) =>
  Array.from({ length: count }, (_, i) => order(`b${n}-${i}`, n, 'buy', 1, 1));

const bidAt = (local: string): Draft => ({ ...order('b', 0, 'buy', 1, 1), preferences: { local } });

describe('a session in which partners are chosen', () => {
  let market: MarketDay;
  let bakery: TestOrganisation;
  let school: TestOrganisation;
  let workshop: TestOrganisation;

  beforeAll(async () => {
    market = await MarketDay.start();
    ({ buyer: bakery, seller: school, bystander: workshop } = market.firms);
  }, 60_000);
  afterAll(() => market.stop());

  const opened = async (mechanism = 'p2p-bilateral'): Promise<string> => {
    await market.setClock(DAY.startMs);
    return market.openSession({ mechanism });
  };
  const placed = async (id: string, by: TestOrganisation, drafts: readonly Draft[]) =>
    codeOf(await market.submit(id, by.participant, drafts));

  /** From whom the bakery buys 1 000 Wh: of the school at 10 000 or of the workshop at 15 000. */
  async function sellerOf(bid: object, ofSchool: object, ofWorkshop: object): Promise<string> {
    const id = await opened();
    expect(await placed(id, bakery, [{ ...order('b', 0, 'buy', 1_000, 20_000), ...bid }])).toBeUndefined();
    expect(
      await placed(id, school, [{ ...order('s', 0, 'sell', 1_000, 10_000), ...ofSchool }]),
    ).toBeUndefined();
    expect(
      await placed(id, workshop, [{ ...order('w', 0, 'sell', 1_000, 15_000), ...ofWorkshop }]),
    ).toBeUndefined();
    await market.close(id);
    await market.reached(id, 'CLEARED');
    const trades = await market.trades(id, bakery.apiKey);
    expect(trades).toHaveLength(1);
    // Half-way between the limits of the two.
    const isSchool = trades[0]!.sellerParticipantId === school.participant.id;
    expect(trades[0]!.buyPricePerMwh).toBe(isSchool ? 15_000 : 17_500);
    return isSchool ? 'school' : 'workshop';
  }

  it('lets the cheaper ask trade where nobody prefers anybody', async () => {
    expect(await sellerOf({}, {}, {})).toBe('school');
  });

  it.each([
    ['neighbours', { local: 'quay' }, { local: 'hill' }, { local: 'quay' }],
    ['green energy for who wants it', { green: true }, {}, { green: true }],
    ['neighbours before green energy', { local: 'quay', green: true }, { green: true }, { local: 'quay' }],
  ])('lets %s trade first, the limit being the price cap', async (_, bid, ofSchool, ofWorkshop) => {
    expect(await sellerOf({ preferences: bid }, { preferences: ofSchool }, { preferences: ofWorkshop })).toBe(
      'workshop',
    );
  });

  it('lets trusted partners trade first', async () => {
    const trusted = { preferences: { trusted: [workshop.participant.id] } };
    expect(await sellerOf(trusted, {}, {})).toBe('workshop');
  });

  it('takes the same preferences again, and no others for the same order', async () => {
    const id = await opened();
    expect(await placed(id, bakery, [bidAt('quay')])).toBeUndefined();
    expect((await market.submit(id, bakery.participant, [bidAt('quay')])).data).toEqual({
      submitOrders: { accepted: 0, unchanged: 1 },
    });
    expect(await placed(id, bakery, [bidAt('hill')])).toBe('ORDER_CONFLICT');
  });

  it('refuses preferences where the mechanism takes none, and names the one that does', async () => {
    const id = await opened('uniform-price');
    const bid = { ...order('b', 0, 'buy', 1, 1), preferences: { green: true } };
    const { errors } = await market.submit(id, bakery.participant, [bid]);
    expect(errors).toMatchObject([
      { extensions: { code: 'ORDER_PREFERENCES', data: { order: 'b', mechanisms: ['p2p-bilateral'] } } },
    ]);
  });

  it.each([
    { local: 'the quay' },
    { local: 'x'.repeat(65) },
    { trusted: ['bakery'] },
    { trusted: [UNKNOWN, UNKNOWN] },
  ])('refuses %j', async (preferences) => {
    const id = await opened();
    expect(await placed(id, bakery, [{ ...order('b', 0, 'buy', 1, 1), preferences }])).toBe(
      'ORDER_PREFERENCES',
    );
  });

  it('takes four orders of a participant in a slot, and as many in the next', async () => {
    const id = await opened();
    expect(await placed(id, bakery, [...bids(0, 4), ...bids(1, 3)])).toBeUndefined();
    expect(await placed(id, bakery, bids(1, 4).slice(3))).toBeUndefined();
    expect(await placed(id, bakery, [order('more', 1, 'buy', 1, 1)])).toBe('ORDERS_LIMIT');
  });
});
