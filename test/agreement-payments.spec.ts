import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DAY_MS, isoInstant } from '#core';
import { Database } from '#persistence';
import {
  type Door,
  type Listed,
  type Order,
  type PaymentDesk,
  startPaymentDesk,
} from './harness/payment-desk.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');

describe('payments of agreements', () => {
  let desk: PaymentDesk;

  beforeAll(async () => {
    desk = await startPaymentDesk(NOW_MS);
  }, 60_000);

  afterAll(() => desk.stop());

  it('open a priced agreement: unpaid is not read; paid it is, and every read is metered', async () => {
    const { consumer, provider, money, moneyRefusal, deposit, balance, pay, read, usageOf, agreed } = desk;
    const price = { kind: 'flat', amountMinor: 1_000, currency: 'EUR' };
    const agreementId = await agreed(price);
    expect(await read(agreementId)).toBe('AGREEMENT_UNPAID');
    expect(await money('quote', { agreementId }, consumer.apiKey)).toEqual({
      priceKind: 'flat',
      currency: 'EUR',
      amountMinor: 1_000,
      feeMinor: 25,
      sellerMinor: 975,
      periods: [],
    });
    const input = { agreementId, idempotencyKey: 'story-1' };
    expect(await moneyRefusal('pay', { input }, consumer.apiKey)).toBe('WALLET_INSUFFICIENT');
    expect(await read(agreementId)).toBe('AGREEMENT_UNPAID');
    await deposit(consumer, 1_500, 'bank 1');
    await deposit(consumer, 1_500, 'bank 1');
    expect(await balance(consumer)).toBe(1_500);
    expect(await moneyRefusal('pay', { input: { ...input, maxMinor: 999 } }, consumer.apiKey)).toBe(
      'ORDER_ABOVE_MAX',
    );
    const order = await money<Order>('pay', { input }, consumer.apiKey);
    expect(order).toMatchObject({
      agreementId,
      period: 0,
      amountMinor: 1_000,
      feeMinor: 25,
      sellerMinor: 975,
    });
    expect(await money('pay', { input }, consumer.apiKey)).toEqual(order);
    expect(await pay(agreementId)).toEqual(order);
    expect([await balance(consumer), await balance(provider)]).toEqual([500, 975]);
    expect(await desk.ask('agreement', { id: agreementId }, consumer)).toMatchObject({
      standing: 'IN_FORCE',
      paidAt: isoInstant(NOW_MS),
    });
    expect(await read(agreementId, { useId: 'version 1' })).toBe('read');
    expect(await read(agreementId, { useId: 'version 1' })).toBe('read');
    expect(await read(agreementId, { useId: 'version 2', readings: 4 })).toBe('read');
    for (const party of [consumer, provider]) {
      expect(await usageOf(agreementId, party)).toEqual(
        expect.arrayContaining([
          { useId: 'version 1', readings: 96, readingsBefore: 0, bytes: 768, amountMinor: 0 },
          { useId: 'version 2', readings: 4, readingsBefore: 96, bytes: 32, amountMinor: 0 },
        ]),
      );
      expect(await usageOf(agreementId, party)).toHaveLength(2);
    }
    await desk.ask('revoke', { id: agreementId, code: 'MISUSE' }, provider);
    expect(await read(agreementId)).toBe('AGREEMENT_REVOKED');
    // It has been read.
    expect([await balance(consumer), await balance(provider)]).toEqual([500, 975]);
    expect(
      await moneyRefusal('pay', { input: { ...input, idempotencyKey: 'story-2' } }, consumer.apiKey),
    ).toBe('AGREEMENT_REVOKED');
  });

  it('take the money once of payments at once, and never more than there is', async () => {
    const { consumer, deposit, balance, pay, agreed } = desk;
    const price = { kind: 'flat', amountMinor: 700, currency: 'EUR' };
    const first = await agreed(price);
    const second = await agreed(price);
    await deposit(consumer, 700 - (await balance(consumer)) + 699);
    const key = randomUUID();
    const orders = await Promise.all(
      Array.from({ length: 6 }, (_, i) => pay(first, i % 2 === 0 ? { idempotencyKey: key } : {})),
    );
    expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
    expect(await balance(consumer)).toBe(699);
    await deposit(consumer, 1);
    const third = await agreed(price);
    const paid = await Promise.allSettled([pay(second), pay(third)]);
    expect(paid.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await balance(consumer)).toBe(0);
  });

  it('charge readings as they are read, by their sum, and what is not covered is not read', async () => {
    const { consumer, provider, deposit, balance, pay, read, usageOf, agreed } = desk;
    const price = { kind: 'perReading', amountMinor: 3, readings: 10, currency: 'EUR' };
    const agreementId = await agreed(price);
    expect(await read(agreementId)).toBe('AGREEMENT_UNPAID');
    expect(await pay(agreementId)).toMatchObject({ amountMinor: 0 });
    await deposit(consumer, 9);
    const before = await balance(provider);
    const reads = await Promise.all(
      Array.from({ length: 5 }, (_, i) => read(agreementId, { readings: 5, useId: `piece ${i}` })),
    );
    expect(reads).toEqual(['read', 'read', 'read', 'read', 'read']);
    // ⌈25 · 3 / 10⌉, not five times ⌈5 · 3 / 10⌉.
    expect(await balance(consumer)).toBe(1);
    expect(await read(agreementId, { readings: 5, useId: 'piece 0' })).toBe('read');
    expect(await read(agreementId, { readings: 40, useId: 'much' })).toBe('WALLET_INSUFFICIENT');
    expect(await usageOf(agreementId, provider)).toHaveLength(5);
    expect(await balance(consumer)).toBe(1);
    expect(await balance(provider)).toBe(before + 8);
    const failing = { readings: 3, useId: 'failing', work: () => Promise.reject(Object.assign(new Error(), { code: 'BROKEN' })) }; // prettier-ignore
    expect(await read(agreementId, failing)).toBe('BROKEN');
    expect(await balance(consumer)).toBe(1);
  });

  it('open a subscription until the end of the period, and give back the time left on revocation', async () => {
    const { consumer, provider, money, deposit, balance, pay, read, agreed } = desk;
    const price = { kind: 'subscription', amountMinor: 300, period: 'P7D', currency: 'EUR' };
    const agreementId = await agreed(price);
    const { periods } = await money<{ periods: { period: number; start: string; end: string }[] }>(
      'quote',
      { agreementId, periods: 2 },
      consumer.apiKey,
    );
    expect(periods).toHaveLength(2);
    await deposit(consumer, 600 - (await balance(consumer)));
    const order = await pay(agreementId);
    expect(order).toMatchObject({ period: periods[0]!.period, amountMinor: 300, periodEnd: periods[0]!.end });
    const endMs = Date.parse(periods[0]!.end);
    expect(await read(agreementId)).toBe('read');
    await desk.setClock(endMs - 1);
    expect(await read(agreementId)).toBe('read');
    await desk.setClock(endMs);
    expect(await read(agreementId)).toBe('AGREEMENT_UNPAID');
    const [next, twice] = [await pay(agreementId), await pay(agreementId)];
    expect(next).toMatchObject({ period: order.period + 1, periodStart: periods[0]!.end });
    expect(twice).toEqual(next);
    expect(await balance(consumer)).toBe(0);
    await desk.setClock(endMs + 3.5 * DAY_MS);
    const before = await balance(provider);
    const id = agreementId;
    await desk.ask('revoke', { id, code: 'MISUSE' }, provider);
    await desk.ask('revoke', { id, code: 'MISUSE' }, provider);
    expect(await balance(consumer)).toBe(150);
    // The fee of the half is given back too.
    expect(before - (await balance(provider))).toBe(146);
    await desk.setClock(NOW_MS);
  });

  it('keep a flat price once a file was handed out, however few readings it says it holds', async () => {
    const { consumer, provider, deposit, balance, pay, agreed, read } = desk;
    const refunded = [];
    for (const bytes of [0, 64]) {
      const agreementId = await agreed({ kind: 'flat', amountMinor: 400, currency: 'EUR' });
      await deposit(consumer, 400);
      await pay(agreementId);
      const before = await balance(consumer);
      expect(await read(agreementId, { readings: 0, bytes })).toBe('read');
      await desk.ask('revoke', { id: agreementId, code: 'X' }, provider);
      refunded.push((await balance(consumer)) - before);
    }
    expect(refunded).toEqual([400, 0]);
  });

  it('take a share of the revenue that the buyer states', async () => {
    const { consumer, provider, money, moneyRefusal, deposit, balance, pay, agreed } = desk;
    const price = { kind: 'revenueShare', basisPoints: 1_000, currency: 'EUR' };
    const agreementId = await agreed(price);
    const input = { agreementId, idempotencyKey: 'november', revenueMinor: 1_005 };
    expect(await moneyRefusal('revenue', { input }, consumer.apiKey)).toBe('AGREEMENT_UNPAID');
    await pay(agreementId);
    await deposit(consumer, 1_000);
    const before = [await balance(consumer), await balance(provider)];
    const order = await money('revenue', { input }, consumer.apiKey);
    expect(order).toMatchObject({
      period: 1,
      amountMinor: 101,
      feeMinor: 3,
      sellerMinor: 98,
      revenueMinor: 1_005,
    });
    expect(await money('revenue', { input }, consumer.apiKey)).toEqual(order);
    const other = { input: { ...input, revenueMinor: 1 } };
    expect(await moneyRefusal('revenue', other, consumer.apiKey)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await moneyRefusal('revenue', { input }, provider.apiKey)).toBe('PARTY_OTHER');
    expect([await balance(consumer), await balance(provider)]).toEqual([before[0]! - 101, before[1]! + 98]);
  });

  it('tell a stranger nothing and let nobody make money', async () => {
    const { consumer, provider, stranger, money, moneyRefusal, deposit, pay, agreed } = desk;
    const price = { kind: 'flat', amountMinor: 400, currency: 'EUR' };
    const agreementId = await agreed(price);
    await deposit(consumer, 400);
    const idempotencyKey = randomUUID();
    await pay(agreementId, { idempotencyKey });
    const input = { agreementId, idempotencyKey };
    expect(await moneyRefusal('pay', { input }, stranger.apiKey)).toBe('AGREEMENT_NOT_FOUND');
    expect(await moneyRefusal('pay', { input }, provider.apiKey)).toBe('PARTY_OTHER');
    const revenue = { input: { ...input, revenueMinor: 1 } };
    expect(await moneyRefusal('revenue', revenue, stranger.apiKey)).toBe('AGREEMENT_NOT_FOUND');
    for (const door of ['quote', 'usage'] as const) {
      expect(await moneyRefusal(door, { agreementId }, stranger.apiKey)).toBe('AGREEMENT_NOT_FOUND');
      expect(await moneyRefusal(door, { agreementId: randomUUID() }, stranger.apiKey)).toBe(
        'AGREEMENT_NOT_FOUND',
      );
    }
    expect(await money('wallet', {}, stranger.apiKey)).toEqual([]);
    for (const door of ['entries', 'orders'] as const) {
      expect(await money(door, {}, stranger.apiKey)).toEqual({ edges: [] });
      expect((await money<Listed<object>>(door, {}, consumer.apiKey)).edges).not.toEqual([]);
    }
    const other = { input: { agreementId: await agreed(price), idempotencyKey } };
    expect(await moneyRefusal('pay', other, consumer.apiKey)).toBe('IDEMPOTENCY_KEY_REUSED');
    const stated = {
      organisationId: consumer.organisationId,
      currency: 'EUR',
      amountMinor: 5,
      reference: 'bank 1',
    };
    for (const door of ['deposit', 'withdraw'] as const) {
      expect(await moneyRefusal(door, { input: stated }, consumer.apiKey)).toBe('ROLE_MISSING');
    }
    const operator = (door: Door, change: object) =>
      moneyRefusal(door, { input: { ...stated, ...change } }, desk.platform.operatorKey);
    expect(await operator('deposit', {})).toBe('WALLET_CONFLICT');
    expect(await operator('deposit', { reference: ' ' })).toBe('WALLET_REFERENCE');
    expect(await operator('deposit', { amountMinor: 0 })).toBe('WALLET_AMOUNT');
    expect(await operator('deposit', { currency: 'XYZ' })).toBe('CURRENCY_UNKNOWN');
    expect(await operator('deposit', { organisationId: randomUUID() })).toBe('ORGANISATION_NOT_FOUND');
    expect(await operator('withdraw', { amountMinor: 1e9, reference: 'all' })).toBe('WALLET_INSUFFICIENT');
    const own = (sql: string) =>
      desk.platform.app.get(Database).asTenant(consumer.organisationId, (manager) => manager.query(sql));
    for (const sql of [
      'UPDATE wallet_balance SET balance_minor = 1000000',
      'INSERT INTO agreement_usage SELECT * FROM agreement_usage',
      'INSERT INTO agreement_orders SELECT * FROM agreement_orders',
      'DELETE FROM invoices',
      'UPDATE wallet_debts SET open_minor = 0',
    ]) {
      await expect(own(sql)).rejects.toThrow('permission denied');
    }
  });

  it('are invoiced, and what is given back credited, by numbers of the seller without a gap', async () => {
    const { consumer, provider, stranger, money, moneyRefusal, deposit, pay, agreed, platform } = desk;
    const agreementId = await agreed({ kind: 'flat', amountMinor: 1_200, currency: 'EUR' });
    await deposit(consumer, 1_200);
    const { id: orderId } = await pay(agreementId);
    await desk.ask('revoke', { id: agreementId, code: 'X' }, provider);
    const listed = await money<Listed<{ number: number }>>('invoices', {}, provider.apiKey);
    const numbers = listed.edges.map(({ node }) => node.number).toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    const last = numbers.length;
    const credit = await money<{ id: string }>('invoice', { orderId, kind: 'CREDIT_NOTE' }, consumer.apiKey);
    expect(credit).toMatchObject({ number: last, amountMinor: 1_200, feeMinor: 30, sellerMinor: 1_170 });
    expect(await money('invoice', { orderId }, consumer.apiKey)).toMatchObject({ number: last - 1 });
    const file = (sender: string, format: string) =>
      platform.request('GET', `/invoices/${credit.id}?format=${format}`, { sender });
    for (const { apiKey } of [consumer, provider]) {
      expect(JSON.parse(await (await file(apiKey, 'json')).text())).toMatchObject({
        kind: 'CREDIT_NOTE',
        corrects: last - 1,
        seller: { name: 'Provider' },
        description: 'Use of data: Load',
        amountMinor: 1_200,
      });
      const pdf = await file(apiKey, 'pdf');
      expect(pdf.headers.get('content-type')).toBe('application/pdf');
      expect((await pdf.text()).slice(0, 5)).toBe('%PDF-');
    }
    expect((await file(consumer.apiKey, 'doc')).status).toBe(400);
    expect((await file(stranger.apiKey, 'json')).status).toBe(404);
    expect(await moneyRefusal('invoice', { orderId }, stranger.apiKey)).toBe('INVOICE_NOT_FOUND');
    expect(await money('invoices', {}, stranger.apiKey)).toEqual({ edges: [] });
  });

  it('leave the ledger balanced: every wallet is the sum of its postings', async () => {
    expect(await desk.unbalanced()).toEqual([]);
  });
});
