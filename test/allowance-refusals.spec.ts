import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { AllowanceDesk, allowanceOrder as order } from './harness/allowance-desk.ts';
import { codeOf, DAY, MarketDay } from './harness/market-day.ts';
import type { GraphqlAnswer } from './harness/platform.ts';

const code = async (answer: Promise<GraphqlAnswer>): Promise<string | undefined> => codeOf(await answer);

describe('allowances', () => {
  let market: MarketDay;
  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);
  afterAll(() => market.stop());

  it('refuses with codes and books nothing', async () => {
    const desk = new AllowanceDesk(market.platform);
    const { buyer: heavy, seller: lean } = market.firms;
    await desk.issue(lean.organisationId, 100);
    expect((await desk.issue(lean.organisationId, 100)).errors).toBeUndefined();
    const refusals: [Promise<GraphqlAnswer>, string][] = [
      [desk.issue(lean.organisationId, 101), 'ISSUE_CONFLICT'],
      [desk.issue(lean.organisationId, 0, { reference: 'x' }), 'TONNES_INVALID'],
      [desk.issue(lean.organisationId, 5, { reference: ' ' }), 'ISSUE_REFERENCE'],
      [desk.issue(lean.organisationId, 1e13, { reference: 'x' }), 'TONNES_TOO_LARGE'],
      [desk.issue('nobody', 5), 'ORGANISATION_NOT_FOUND'],
      [desk.issue(lean.organisationId, 5, { year: 2031 }), 'RULE_SET_MISSING'],
      [desk.issue(lean.organisationId, 5, {}, lean.apiKey), 'ROLE_MISSING'],
      [desk.state(lean.participant, { kind: 'VERIFIED', tonnes: -1 }), 'EMISSIONS_STATEMENT'],
      [desk.state(lean.participant, { kind: 'VERIFIED', tonnes: 1, lowTonnes: 0 }), 'EMISSIONS_STATEMENT'],
      [desk.state(lean.participant, { kind: 'FORECAST', tonnes: 1 }), 'EMISSIONS_STATEMENT'],
      [desk.state(lean.participant, { kind: 'VERIFIED', tonnes: 1 }, heavy.participant), 'SIGNATURE_INVALID'],
      [desk.retire(lean.participant, 'r', 'SURRENDER', 5), 'VERIFIED_MISSING'],
      [desk.retire(lean.participant, 'r', 'CANCEL', 0), 'TONNES_INVALID'],
      [desk.retire(lean.participant, 'a b', 'CANCEL', 1), 'RETIREMENT_ID'],
      [desk.retire(lean.participant, 'r', 'CANCEL', 5, heavy.participant), 'SIGNATURE_INVALID'],
      [desk.submit(lean.participant, order('o', 'sell', 101, 1)), 'ALLOWANCES_SHORT'],
      [desk.submit(heavy.participant, order('o', 'sell', 1, 1)), 'ALLOWANCES_SHORT'],
      [desk.submit(lean.participant, order('o', 'buy', 0, 1)), 'ORDER_QUANTITY'],
      [desk.submit(lean.participant, order('o', 'buy', 1, -1)), 'ORDER_PRICE'],
      [desk.submit(lean.participant, order('o', 'buy', 1e12 + 1, 1)), 'TONNES_TOO_LARGE'],
      [desk.submit(lean.participant, order('o', 'buy', 9_008, 1e12)), 'AMOUNT_TOO_LARGE'],
      [desk.submit(lean.participant, order('o o', 'buy', 1, 1)), 'ORDER_ID'],
      [
        desk.submit(lean.participant, { ...order('o', 'buy', 1, 1), expiresAt: isoInstant(DAY.startMs) }),
        'ORDER_EXPIRY',
      ],
      [desk.submit(lean.participant, order('o', 'buy', 1, 1), heavy.participant), 'SIGNATURE_INVALID'],
      [desk.cancel(lean.participant, 'o'), 'ORDER_UNKNOWN'],
      [desk.cancel(lean.participant, 'o', 'gridcommons/allowance-order/1'), 'SIGNATURE_INVALID'],
      [desk.ask({ year: 2018 }, lean.apiKey), 'RULE_SET_MISSING'],
      [desk.ask({}, undefined), 'UNAUTHENTICATED'],
    ];
    for (const [answer, expected] of refusals)
      expect([expected, await code(answer)]).toEqual([expected, expected]);

    await desk.state(lean.participant, { kind: 'VERIFIED', tonnes: 50 });
    expect(await code(desk.retire(lean.participant, 'r', 'SURRENDER', 51))).toBe('SURRENDER_EXCESS');
    await desk.retire(lean.participant, 'r', 'SURRENDER', 50);
    expect(await code(desk.retire(lean.participant, 'r', 'CANCEL', 50))).toBe('RETIREMENT_CONFLICT');
    await desk.submit(lean.participant, order('o', 'sell', 10, 1));
    expect((await desk.submit(lean.participant, order('o', 'sell', 10, 1))).errors).toBeUndefined();
    expect(await code(desk.submit(lean.participant, order('o', 'sell', 11, 1)))).toBe('ORDER_CONFLICT');
    expect(await desk.account(lean.apiKey)).toMatchObject({
      issuedTonnes: 100,
      heldTonnes: 50,
      reservedTonnes: 10,
    });
    await desk.cancel(lean.participant, 'o');
  });
});
