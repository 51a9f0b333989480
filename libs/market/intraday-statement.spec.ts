import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, canonicalJson, generateSigningKey, interval, requireSignature, signJson } from '#core';
import {
  INTRADAY_CANCEL_CONTEXT,
  INTRADAY_ORDER_CONTEXT,
  ORDER_CONTEXT,
  intradayCancelStatement,
  intradayOrderStatement,
  orderStatement,
} from './index.ts';

const order = {
  session: 's1',
  participant: 'p1',
  order: 'o1',
  interval: interval(0, HOUR_MS),
  side: 'sell',
  quantityWh: 1200,
  pricePerMwh: 19_000,
  timeInForce: 'gtd',
  expiresAtMs: null,
} as const;

describe('intraday statements', () => {
  it('have one canonical form', () => {
    expect(canonicalJson(intradayOrderStatement(order))).toBe(
      '{"expires":null,"interval":{"end":"1970-01-01T01:00:00Z","start":"1970-01-01T00:00:00Z"},"order":"o1",' +
        '"participant":"p1","pricePerMwh":19000,"quantityWh":1200,"session":"s1","side":"sell","timeInForce":"gtd"}',
    );
    expect(canonicalJson(intradayOrderStatement({ ...order, expiresAtMs: 0 }))).toContain(
      '"expires":"1970-01-01T00:00:00Z"',
    );
    expect(canonicalJson(intradayCancelStatement(order))).toBe(
      '{"order":"o1","participant":"p1","session":"s1"}',
    );
  });

  it('bind every field and the context: no order of the auction, and no cancellation, is one', async () => {
    const { privateKey, publicKey } = await generateSigningKey();
    const signature = await signJson(privateKey, INTRADAY_ORDER_CONTEXT, intradayOrderStatement(order));
    const requireSigned = (context: string, statement: Parameters<typeof signJson>[2]) =>
      requireSignature(publicKey, context, statement, signature);
    await requireSigned(INTRADAY_ORDER_CONTEXT, intradayOrderStatement(order));
    const altered = [
      { ...order, session: 's2' },
      { ...order, participant: 'p2' },
      { ...order, order: 'o2' },
      { ...order, interval: interval(0, 2 * HOUR_MS) },
      { ...order, side: 'buy' as const },
      { ...order, quantityWh: 1201 },
      { ...order, pricePerMwh: -19_000 },
      { ...order, timeInForce: 'ioc' as const },
      { ...order, expiresAtMs: 1 },
    ];
    for (const other of altered) {
      await expect(
        requireSigned(INTRADAY_ORDER_CONTEXT, intradayOrderStatement(other)),
      ).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    }
    for (const [context, statement] of [
      [ORDER_CONTEXT, intradayOrderStatement(order)],
      [ORDER_CONTEXT, orderStatement(order)],
      [INTRADAY_CANCEL_CONTEXT, intradayCancelStatement(order)],
    ] as const) {
      await expect(requireSigned(context, statement)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    }
  });
});
