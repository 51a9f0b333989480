import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, canonicalJson, generateSigningKey, interval, requireSignature, signJson } from '#core';
import {
  DELIVERY_CONTEXT,
  ORDER_CONTEXT,
  availabilityStatement,
  deliveryStatement,
  orderStatement,
} from './index.ts';

const order = {
  session: 's1',
  participant: 'p1',
  order: 'o1',
  interval: interval(0, HOUR_MS),
  side: 'buy',
  quantityWh: 1200,
  pricePerMwh: 19_000,
} as const;

describe('signed statements', () => {
  it('have one canonical form', () => {
    expect(canonicalJson(orderStatement(order))).toBe(
      '{"interval":{"end":"1970-01-01T01:00:00Z","start":"1970-01-01T00:00:00Z"},"order":"o1","participant":"p1",' +
        '"pricePerMwh":19000,"quantityWh":1200,"session":"s1","side":"buy"}',
    );
    expect(
      canonicalJson(
        deliveryStatement({
          session: 's1',
          participant: 'p1',
          interval: order.interval,
          netImportWh: 5,
          netExportWh: 0,
        }),
      ),
    ).toBe(
      '{"interval":{"end":"1970-01-01T01:00:00Z","start":"1970-01-01T00:00:00Z"},"netExportWh":0,"netImportWh":5,' +
        '"participant":"p1","session":"s1"}',
    );
  });

  it('have terms only where they are said', () => {
    expect(orderStatement({ ...order, baselineWh: -250 })).toEqual({
      ...(orderStatement(order) as object),
      baselineWh: -250,
    });
    const preferences = { local: 'quay', trusted: ['p3', 'p2'] };
    expect(orderStatement({ ...order, preferences })).toEqual({
      ...(orderStatement(order) as object),
      preferences,
    });
    const kept = { session: 's1', participant: 'p1', interval: order.interval, availableWh: 900 };
    expect(canonicalJson(availabilityStatement(kept))).toBe(
      '{"availableWh":900,"interval":{"end":"1970-01-01T01:00:00Z","start":"1970-01-01T00:00:00Z"},' +
        '"participant":"p1","session":"s1"}',
    );
  });

  it('bind every field and the context', async () => {
    const key = await generateSigningKey();
    const signature = await signJson(key.privateKey, ORDER_CONTEXT, orderStatement(order));
    await requireSignature(key.publicKey, ORDER_CONTEXT, orderStatement(order), signature);
    const altered = [
      { ...order, session: 's2' },
      { ...order, participant: 'p2' },
      { ...order, order: 'o2' },
      { ...order, interval: interval(0, 2 * HOUR_MS) },
      { ...order, side: 'sell' as const },
      { ...order, quantityWh: 1201 },
      { ...order, pricePerMwh: -19_000 },
      { ...order, baselineWh: 0 },
      { ...order, preferences: {} },
      { ...order, block: 'night' },
      { ...order, minAcceptance: 0.5 },
      { ...order, linkedTo: 'o0' },
    ];
    for (const other of altered) {
      await expect(
        requireSignature(key.publicKey, ORDER_CONTEXT, orderStatement(other), signature),
      ).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    }
    await expect(
      requireSignature(key.publicKey, DELIVERY_CONTEXT, orderStatement(order), signature),
    ).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});
