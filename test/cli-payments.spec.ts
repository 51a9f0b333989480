import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { type PaymentDesk, startPaymentDesk } from './harness/payment-desk.ts';

jest.setTimeout(60_000);

describe('gridcommons wallet and agreement pay', () => {
  let desk: PaymentDesk;
  let directory: string;

  beforeAll(async () => {
    desk = await startPaymentDesk(Date.parse('2026-11-27T12:00Z'));
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-money-'));
    for (const side of ['provider', 'consumer', 'stranger'] as const) {
      await writeFile(join(directory, `${side}.key`), desk[side].apiKey);
    }
    await writeFile(join(directory, 'operator.key'), desk.platform.operatorKey);
  }, 60_000);

  afterAll(async () => {
    await desk.stop();
    await rm(directory, { recursive: true });
  });

  const as = (side: string, ...verb: readonly string[]) =>
    run([...verb, '--platform', desk.platform.url, '--key-file', join(directory, `${side}.key`), '--json']);
  const told = async (side: string, ...verb: readonly string[]) => {
    const { exitCode, stdout, stderr } = await as(side, ...verb);
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Readonly<Record<string, never>>;
  };

  it('go from a deposit over quote and payment to usage, invoice and credit note', async () => {
    const { consumer, provider } = desk;
    const id = await desk.agreed({ kind: 'flat', amountMinor: 1_000, currency: 'EUR' });
    const paid = ['--currency', 'EUR', '--amount', '1500', '--reference', 'bank 1'];
    const deposit = ['wallet', 'deposit', consumer.organisationId, ...paid];
    expect(await told('operator', ...deposit)).toMatchObject({ balanceMinor: 1_500 });
    expect(await told('operator', ...deposit)).toMatchObject({ balanceMinor: 1_500 });
    const refused = await as('consumer', ...deposit);
    expect([refused.exitCode, JSON.parse(refused.stderr)]).toMatchObject([
      1,
      { error: { code: 'ROLE_MISSING' } },
    ]);
    expect(await told('consumer', 'agreement', 'quote', id)).toMatchObject({
      amountMinor: 1_000,
      feeMinor: 25,
    });
    const pay = ['agreement', 'pay', id, '--max', '1000', '--order-key', 'once'];
    const order = await told('consumer', ...pay);
    expect(await told('consumer', ...pay)).toEqual(order);
    expect(await told('consumer', 'wallet', 'show')).toMatchObject({ balances: [{ balanceMinor: 500 }] });
    const { walletEntries } = await told('provider', 'wallet', 'entries');
    expect(walletEntries).toMatchObject([{ type: 'exchange.payment.sold', amountMinor: 975 }]);
    expect(await told('provider', 'agreement', 'usage', id)).toMatchObject({ agreementUsage: [] });
    // Later than the invoice, by which both are listed.
    await desk.setClock(Date.parse('2026-11-27T12:00Z') + 60_000);
    await desk.ask('revoke', { id, code: 'X' }, provider);
    const file = join(directory, 'invoice.pdf');
    const invoice = ['agreement', 'invoice', order['id']!, '--output'];
    expect(await told('consumer', ...invoice, file)).toMatchObject({ number: 1, kind: 'INVOICE' });
    expect((await readFile(file)).subarray(0, 5).toString()).toBe('%PDF-');
    const note = join(directory, 'note.json');
    await told('provider', ...invoice, note, '--format', 'json', '--credit-note');
    expect(JSON.parse(await readFile(note, 'utf8'))).toMatchObject({ corrects: 1, amountMinor: 1_000 });
    expect(await told('provider', 'agreement', 'orders')).toMatchObject({
      agreementOrders: [{ id: order['id'] }],
    });
    expect(await told('provider', 'agreement', 'invoices')).toMatchObject({
      invoices: [{ number: 2 }, { number: 1 }],
    });
    const foreign = await as('stranger', ...invoice, join(directory, 'foreign.pdf'));
    expect([foreign.exitCode, JSON.parse(foreign.stderr)]).toMatchObject([
      1,
      { error: { code: 'INVOICE_NOT_FOUND' } },
    ]);
  });

  it('show either side what a seller owes of a refund', async () => {
    const { consumer, provider } = desk;
    const id = await desk.agreed({ kind: 'flat', amountMinor: 1_000, currency: 'EUR' });
    await told('consumer', 'agreement', 'pay', id);
    const out = ['--currency', 'EUR', '--amount', '900', '--reference', 'bank 2'];
    await told('operator', 'wallet', 'withdraw', provider.organisationId, ...out);
    await told('provider', 'agreement', 'revoke', id, '--code', 'X');
    const shown = await told('consumer', 'wallet', 'show');
    expect(shown).toMatchObject({
      debts: [{ agreementId: id, debtorId: provider.organisationId, amountMinor: 900, openMinor: 900 }],
      hasMoreDebts: false,
    });
    const key = join(directory, 'provider.key');
    const { stdout } = await run(['wallet', 'show', '--platform', desk.platform.url, '--key-file', key]);
    expect(stdout).toContain(
      `0.00 EUR\n9.00 EUR of 9.00 EUR  owed to ${consumer.organisationId}  agreement ${id}`,
    );
    const refused = await as(
      'operator',
      'wallet',
      'withdraw',
      provider.organisationId,
      ...out.slice(0, -1),
      'bank 3',
    );
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'WALLET_DEBT_OPEN' } });
    await told('operator', 'wallet', 'deposit', provider.organisationId, ...out);
    expect(await told('provider', 'wallet', 'show')).toMatchObject({
      balances: [{ balanceMinor: 0 }],
      debts: [],
    });
  });

  it('say who contributed to a data set, and show what each was paid', async () => {
    const { provider, stranger } = desk;
    const id = await desk.agreed({ kind: 'flat', amountMinor: 200, currency: 'EUR' });
    const { dataAgreement } = await desk.platform.data<{ dataAgreement: { dataSetId: string } }>(
      'query ($id: ID!) { dataAgreement(id: $id) { dataSetId } }',
      { id },
      provider.apiKey,
    );
    const verb = ['catalogue', 'contributors', dataAgreement.dataSetId];
    const contributors = [
      { organisationId: stranger.organisationId, weight: 2 },
      { organisationId: provider.organisationId, weight: 1 },
    ];
    const set = contributors.map(({ organisationId, weight }) => `${organisationId}=${weight}`);
    expect(await told('provider', ...verb, '--set', ...set)).toEqual({ contributors });
    await told('consumer', 'agreement', 'pay', id);
    // 200 less 5 of the fee, two thirds of it.
    expect(await told('stranger', 'wallet', 'shares')).toMatchObject({ orderShares: [{ amountMinor: 130 }] });
    expect(await told('consumer', 'wallet', 'shares')).toMatchObject({ orderShares: [] });
    expect(await told('provider', ...verb, '--none')).toEqual({ contributors: [] });
    const wrong = await as('provider', ...verb, '--set', 'nobody');
    expect([wrong.exitCode, JSON.parse(wrong.stderr)]).toMatchObject([
      2,
      { error: { code: expect.any(String) } },
    ]);
    expect((await as('stranger', ...verb, '--none')).exitCode).toBe(1);
  });
});
