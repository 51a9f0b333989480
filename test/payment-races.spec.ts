import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type PaymentDesk, startPaymentDesk } from './harness/payment-desk.ts';

jest.setTimeout(60_000);

describe('payments, reads and revocations at once', () => {
  let desk: PaymentDesk;

  beforeAll(async () => {
    desk = await startPaymentDesk(Date.parse('2026-11-27T12:00Z'));
  }, 60_000);

  afterAll(() => desk.stop());

  it('leave either a read and no refund, or a refund and no read', async () => {
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
