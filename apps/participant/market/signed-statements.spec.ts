import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateSigningKey, HOUR_MS, type Interval, interval, parseInstant, requireSignature } from '#core';
import { DELIVERY_CONTEXT, deliveryStatement, ORDER_CONTEXT, orderStatement } from '#market';
import {
  meterSlot,
  ownTrades,
  signedDeliveries,
  submitDeliveries,
  tradedSlots,
} from './signed-deliveries.ts';
import { signedOrders, submitOrders, takesFewOrders } from './signed-orders.ts';
import type { GraphqlClient, Signer } from './signer.ts';

const SESSION = {
  id: 's1',
  mechanism: 'uniform-price',
  unitWh: null,
  retailPerMwh: 30_000,
  feedInPerMwh: 8_000,
};
const hour = (n: number) => interval(n * HOUR_MS, (n + 1) * HOUR_MS);
let signer: Signer;
let publicKey: string;

beforeAll(async () => {
  const key = await generateSigningKey();
  publicKey = key.publicKey;
  signer = { participantId: 'p1', privateKey: key.privateKey };
});

/** A platform that answers from a list and keeps what it was asked. */
function recordingClient(
  ...answers: readonly unknown[]
): GraphqlClient & { readonly asked: Record<string, unknown>[] } {
  const asked: Record<string, unknown>[] = [];
  return {
    asked,
    async request<T>(_query: string, variables: Record<string, unknown>): Promise<T> {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- plays whatever platform the test describes
      return answers[asked.push(variables) - 1] as T;
    },
  };
}

describe('signedOrders', () => {
  it('signs the bid curve of every hour over what it submits', async () => {
    const forecasts = [
      { ...hour(0), p10Wh: 100, p50Wh: 400, p90Wh: 900 },
      { ...hour(1), p10Wh: -50, p50Wh: 30, p90Wh: 30 },
    ];
    const orders = await signedOrders(signer, SESSION, forecasts);
    expect(
      orders.map(({ id, side, quantityWh, pricePerMwh }) => [id, side, quantityWh, pricePerMwh]),
    ).toEqual([
      ['0-0', 'buy', 100, 27_800],
      ['0-1', 'buy', 300, 19_000],
      ['0-2', 'buy', 500, 10_200],
      ['1-0', 'buy', 30, 19_000],
      ['1-1', 'sell', 50, 27_800],
    ]);
    await Promise.all(
      orders.map(({ id, startsAt, signature, ...terms }) => {
        const startMs = parseInstant(startsAt);
        const signed = orderStatement({
          session: 's1',
          participant: 'p1',
          order: id,
          interval: interval(startMs, startMs + HOUR_MS),
          ...terms,
        });
        return requireSignature(publicKey, ORDER_CONTEXT, signed, signature);
      }),
    );
  });

  it('have ids of their own in every slot of a session, whatever its slots', async () => {
    for (const slots of [4, 2, 1]) {
      const minutes = HOUR_MS / slots;
      const forecasts = Array.from({ length: slots * 24 }, (_, n) => ({
        ...interval(n * minutes, (n + 1) * minutes),
        p10Wh: 1,
        p50Wh: 2,
        p90Wh: 3,
      }));
      const orders = await signedOrders(signer, SESSION, forecasts);
      expect(new Set(orders.map(({ id }) => id)).size).toBe(slots * 24 * 3);
    }
  });

  it('are the same for the same forecast: a repeated submission changes nothing', async () => {
    const forecasts = [{ ...hour(0), p10Wh: 1, p50Wh: 2, p90Wh: 3 }];
    expect(await signedOrders(signer, SESSION, forecasts)).toEqual(
      await signedOrders(signer, SESSION, forecasts),
    );
  });

  it('are of the curves given in the stead of the forecast’s, as one order where the mechanism takes one', async () => {
    const forecasts = [{ ...hour(0), p10Wh: 1, p50Wh: 2, p90Wh: 3 }];
    const steps = [
      { side: 'buy', quantityWh: 50, pricePerMwh: 20_000 },
      { side: 'sell', quantityWh: 70, pricePerMwh: 25_000 },
    ] as const;
    const curves = () => steps;
    const orders = await signedOrders(signer, SESSION, forecasts, curves);
    expect(orders).toMatchObject([
      { id: '0-0', ...steps[0] },
      { id: '0-1', ...steps[1] },
    ]);
    const single = await signedOrders(
      signer,
      { ...SESSION, mechanism: 'trade-reduction' },
      forecasts,
      curves,
    );
    expect(single).toHaveLength(1);
  });

  it('are those of the forecast where a session takes few of a participant', async () => {
    const blocks = { ...SESSION, mechanism: 'block-orders' };
    const forecasts = [{ ...hour(0), p10Wh: 100, p50Wh: 400, p90Wh: 900 }];
    expect(await signedOrders(signer, blocks, forecasts)).toHaveLength(3);
    expect(
      ['block-orders', 'p2p-bilateral', 'mcafee'].every((mechanism) => takesFewOrders({ mechanism })),
    ).toBe(true);
    expect(takesFewOrders(SESSION)).toBe(false);
  });

  it('go out in requests of at most 500', async () => {
    const forecasts = Array.from({ length: 501 }, (_, n) => ({
      ...hour(n),
      p10Wh: 1,
      p50Wh: 1,
      p90Wh: 1,
    }));
    const orders = await signedOrders(signer, SESSION, forecasts);
    const client = recordingClient(
      { submitOrders: { accepted: 500, unchanged: 0 } },
      { submitOrders: { accepted: 0, unchanged: 1 } },
    );
    expect(await submitOrders(client, 's1', orders)).toBe(500);
    expect(client.asked).toEqual([
      { input: { sessionId: 's1', orders: orders.slice(0, 500) } },
      { input: { sessionId: 's1', orders: orders.slice(500) } },
    ]);
  });

  it('notice an order the platform did not account for', async () => {
    const orders = await signedOrders(signer, SESSION, [{ ...hour(0), p10Wh: 1, p50Wh: 2, p90Wh: 3 }]);
    const client = recordingClient({ submitOrders: { accepted: 2, unchanged: 0 } });
    await expect(submitOrders(client, 's1', orders)).rejects.toMatchObject({ code: 'ORDERS_LOST' });
  });
});

describe('signedDeliveries', () => {
  it('asks the meter for the given slots only, signs what it says and names what it does not know', async () => {
    const asked: number[] = [];
    const metered = ({ startMs }: Interval) => {
      asked.push(startMs);
      return startMs === 0 ? { netImportWh: 0, netExportWh: 250 } : undefined;
    };
    const { statements, slotsWithoutReading } = await signedDeliveries(
      signer,
      's1',
      [hour(0), hour(1)],
      metered,
    );
    expect(asked).toEqual([0, HOUR_MS]);
    expect(slotsWithoutReading).toEqual([HOUR_MS]);
    const [{ signature, ...statement }] = statements as [(typeof statements)[0]]; // prettier-ignore
    expect(statement).toEqual({ startsAt: '1970-01-01T00:00:00Z', netImportWh: 0, netExportWh: 250 });
    const signed = deliveryStatement({
      session: 's1',
      participant: 'p1',
      interval: interval(0, HOUR_MS),
      netImportWh: 0,
      netExportWh: 250,
    });
    await expect(requireSignature(publicKey, DELIVERY_CONTEXT, signed, signature)).resolves.toBeUndefined();
  });

  it('go out in requests of at most 100', async () => {
    const quarter = HOUR_MS / 4;
    const slots = Array.from({ length: 101 }, (_, n) => interval(n * quarter, (n + 1) * quarter));
    const { statements } = await signedDeliveries(signer, 's1', slots, () => ({
      netImportWh: 1,
      netExportWh: 0,
    }));
    const client = recordingClient(
      { submitDeliveryStatements: { accepted: 100 } },
      { submitDeliveryStatements: { accepted: 1 } },
    );
    expect(await submitDeliveries(client, 's1', statements)).toBe(101);
    expect(client.asked).toHaveLength(2);
  });
});

describe('meterSlot', () => {
  it('nets PV against load and keeps import and export apart', () => {
    expect(meterSlot(1.25, 0.5)).toEqual({ netImportWh: 750, netExportWh: 0 });
    expect(meterSlot(0.5, 1.25)).toEqual({ netImportWh: 0, netExportWh: 750 });
    expect(meterSlot(0.5, 0.5)).toEqual({ netImportWh: 0, netExportWh: 0 });
  });

  it('knows nothing where a reading is missing', () => {
    expect(meterSlot(Number.NaN, 0)).toBeUndefined();
    expect(meterSlot(1, Number.NaN)).toBeUndefined();
  });
});

const node = (startsAt: string, buyerParticipantId: string, sellerParticipantId: string) => ({
  node: {
    startsAt,
    buyerParticipantId,
    sellerParticipantId,
    quantityWh: 1,
    buyPricePerMwh: 1,
    sellPricePerMwh: 1,
  },
});

describe('traded slots', () => {
  it('are those this participant traded in, on either side, once each, over all pages', async () => {
    const client = recordingClient(
      {
        marketTrades: {
          edges: [node('1970-01-01T02:00:00Z', 'p1', 'x'), node('1970-01-01T01:00:00Z', 'x', 'p1')],
          pageInfo: { hasNextPage: true, endCursor: 'c' },
        },
      },
      {
        marketTrades: {
          edges: [node('1970-01-01T02:00:00Z', 'p1', 'y'), node('1970-01-01T03:00:00Z', 'p2', 'x')],
          pageInfo: { hasNextPage: false, endCursor: 'd' },
        },
      },
    );
    const trades = await ownTrades(client, 's1');
    expect(client.asked).toEqual([
      { sessionId: 's1', after: null },
      { sessionId: 's1', after: 'c' },
    ]);
    expect(tradedSlots(trades, 'p1')).toEqual([HOUR_MS, 2 * HOUR_MS]);
  });
});
