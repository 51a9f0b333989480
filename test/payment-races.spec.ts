import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isoInstant } from '#core';
import { type Listed, type PaymentDesk, startPaymentDesk } from './harness/payment-desk.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const FLAT = { kind: 'flat', amountMinor: 100, currency: 'EUR' };

describe('payments, reads and revocations', () => {
  let desk: PaymentDesk;

  beforeAll(async () => {
    desk = await startPaymentDesk(NOW_MS);
  }, 60_000);

  afterAll(() => desk.stop());

  it('at once leave either a read and no refund, or a refund and no read', async () => {
    const { agreed, deposit, pay, read, balance, consumer, provider } = desk;
    await deposit(consumer, 400);
    for (let round = 0; round < 4; round += 1) {
      const id = await agreed({ kind: 'flat', amountMinor: 100, currency: 'EUR' });
      const before = await balance(consumer);
      await pay(id);
      const [outcome] = await Promise.all([read(id), desk.ask('revoke', { id, code: 'X' }, provider)]);
      const given = before - (await balance(consumer));
      expect([outcome, given]).toEqual(outcome === 'read' ? ['read', 100] : ['AGREEMENT_REVOKED', 0]);
    }
  });

  it('pay and revoke at once: paid and given back, or not paid', async () => {
    const { agreed, deposit, pay, balance, consumer, provider } = desk;
    await deposit(consumer, 100);
    for (let round = 0; round < 4; round += 1) {
      const id = await agreed({ kind: 'flat', amountMinor: 100, currency: 'EUR' });
      const before = [await balance(consumer), await balance(provider)];
      await Promise.allSettled([pay(id), desk.ask('revoke', { id, code: 'X' }, provider)]);
      expect(await desk.ask('agreement', { id }, consumer)).toMatchObject({ standing: 'REVOKED' });
      expect([await balance(consumer), await balance(provider)]).toEqual(before);
    }
  });

  it('revoke, sell and pay out at once: what the seller had left is given back, the rest owed and paid by the sale', async () => {
    const { agreed, deposit, pay, balance, money, unbalanced, consumer, provider, platform } = desk;
    await deposit(consumer, 300);
    for (let round = 0; round < 3; round += 1) {
      const [id, next] = [await agreed(FLAT), await agreed(FLAT)];
      const before = (await balance(consumer)) + (await balance(provider));
      await pay(id);
      const { organisationId } = provider;
      const stated = { organisationId, currency: 'EUR', amountMinor: 80, reference: `race ${round}` };
      const [paidOut] = await Promise.allSettled([
        money('withdraw', { input: stated }, platform.operatorKey),
        desk.ask('revoke', { id, code: 'X' }, provider),
        pay(next),
      ]);
      const out = paidOut.status === 'fulfilled' ? 80 : 0;
      // Of the sale alone a fee is left.
      expect((await balance(consumer)) + (await balance(provider))).toBe(before - out - 3);
      const { edges } = await money<Listed<{ openMinor: number }>>('debts', {}, consumer.apiKey);
      expect(edges.every(({ node }) => node.openMinor === 0)).toBe(true);
    }
    expect(await unbalanced()).toEqual([]);
  });

  it('give a flat price back where nothing was read; what the seller has spent it owes, and pays before anything else', async () => {
    const { consumer, provider, stranger, money, moneyRefusal, deposit, balance, pay, agreed, read } = desk;
    const agreementId = await agreed({ kind: 'flat', amountMinor: 400, currency: 'EUR' });
    await deposit(consumer, 400);
    const before = await balance(consumer);
    const { id: orderId } = await pay(agreementId);
    const { organisationId } = provider;
    const out = (reference: string, amountMinor: number) => ({
      input: { organisationId, currency: 'EUR', amountMinor, reference },
    });
    await money('withdraw', out('out 1', (await balance(provider)) - 100), desk.platform.operatorKey);
    await desk.ask('revoke', { id: agreementId, code: 'X' }, provider);
    expect(await read(agreementId)).toBe('AGREEMENT_REVOKED');
    // The fee and what was there; again it gives nothing.
    await desk.ask('revoke', { id: agreementId, code: 'X' }, provider);
    expect([await balance(consumer), await balance(provider)]).toEqual([before - 290, 0]);
    expect(await money('invoice', { orderId, kind: 'CREDIT_NOTE' }, consumer.apiKey)).toMatchObject({
      amountMinor: 400,
      feeMinor: 10,
      sellerMinor: 390,
    });
    const debt = {
      agreementId,
      orderId,
      creditorId: consumer.organisationId,
      debtorId: organisationId,
      currency: 'EUR',
      amountMinor: 290,
      openMinor: 290,
      createdAt: isoInstant(NOW_MS),
    };
    for (const { apiKey } of [consumer, provider]) {
      expect(await money('debts', { openOnly: true }, apiKey)).toEqual({ edges: [{ node: debt }] });
    }
    expect(await money('debts', {}, stranger.apiKey)).toEqual({ edges: [] });
    const refused = await desk.platform.graphql(
      'mutation ($input: OutsideMoneyInput!) { withdrawFromWallet(input: $input) { balanceMinor } }',
      out('out 2', 1),
      desk.platform.operatorKey,
    );
    expect(refused.errors![0]!.extensions).toMatchObject({
      code: 'WALLET_DEBT_OPEN',
      data: { open: ['290 EUR'] },
    });
    await deposit(provider, 190);
    expect([await balance(consumer), await balance(provider)]).toEqual([before - 100, 0]);
    // The next sale pays the rest first.
    await pay(await agreed({ kind: 'flat', amountMinor: 200, currency: 'EUR' }));
    expect([await balance(consumer), await balance(provider)]).toEqual([before - 200, 95]);
    expect(await money('debts', { openOnly: true }, provider.apiKey)).toEqual({ edges: [] });
    expect(await money('debts', {}, consumer.apiKey)).toEqual({
      edges: [{ node: { ...debt, openMinor: 0 } }],
    });
    const { edges } = await money<Listed<object>>('entries', {}, consumer.apiKey);
    expect(edges.map(({ node }) => node)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'exchange.debt.received', amountMinor: 190 }),
        expect.objectContaining({ type: 'exchange.debt.received', amountMinor: 100 }),
      ]),
    );
    expect(await moneyRefusal('withdraw', out('out 3', 95), desk.platform.operatorKey)).toBeUndefined();
  });

  it('meter many agreements of the same two parties without waiting in a circle', async () => {
    const { agreed, deposit, pay, read, balance, usageOf, unbalanced, consumer } = desk;
    const price = { kind: 'perReading', amountMinor: 1, readings: 10, currency: 'EUR' };
    const ids = [await agreed(price), await agreed(price), await agreed(price)];
    await Promise.all(ids.map((id) => pay(id)));
    await deposit(consumer, 30);
    const before = await balance(consumer);
    const outcomes = await Promise.all(
      ids.flatMap((id) => [1, 2, 3, 4].map(() => read(id, { readings: 5 }))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['read']));
    expect(before - (await balance(consumer))).toBe(6);
    expect(await usageOf(ids[0]!, consumer)).toHaveLength(4);
    expect(await unbalanced()).toEqual([]);
  });
});
