import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig, testEnvironment } from '#config';
import type { Payment } from '#exchange';
import type { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import {
  applied,
  type Book,
  downwards,
  passedOf,
  refundOf,
  refunded,
  refusalOf,
  STEP,
  type Step,
  third,
} from '../../../test/harness/wallet-model.ts';
import { openDatabase } from '../infrastructure.module.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { AgreementOrder } from './payments.entities.ts';
import { paymentOf } from './quote.ts';
import { bookOutside, bookPayment, bookRefund } from './wallet-book.ts';

describe('the book of wallets', () => {
  let test: TestDatabase;
  let database: Database;
  let ledger: LedgerService;
  let agreementId: string;
  let orders = 0;

  const system = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    database.asSystem((manager) => manager.query<T[]>(sql, values));

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    ledger = new LedgerService(database);
    agreementId = await agreement();
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function threeWallets(): Promise<readonly string[]> {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of ids) {
      await database.asTenant(id, (manager) =>
        manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $1::uuid::text)", [
          id,
        ]),
      );
    }
    return ids;
  }

  /** One that all orders are of: whose it is does not matter here. */
  async function agreement(): Promise<string> {
    const [consumer, provider] = await threeWallets();
    const id = randomUUID();
    await system(
      `INSERT INTO data_sets (id, tenant_id, key, title, description, keywords, carrier, kind, licence, zone, status, created_at)
       VALUES ($1, $2, 'k', 'Load', '', '{}', 'electricity', 'readings', 'CC-BY-4.0', 'UTC', 'draft', now())`,
      [id, provider],
    );
    await system(
      `INSERT INTO data_offers (id, tenant_id, data_set_id, policy, policy_hash, valid_from, status, created_at)
       VALUES ($1, $2, $1, '{}', 'h', now(), 'LISTED', now())`,
      [id, provider],
    );
    await system(
      `INSERT INTO negotiations (id, consumer_pid, consumer_id, provider_id, offer_id, data_set_id, request_hash, state,
         rounds, opened_by, offered_by, policy, policy_hash, valid_from, expires_at, created_at, changed_at)
       VALUES ($1, 'p', $2, $3, $1, $1, 'h', 'AGREED', 1, 'consumer', 'consumer', '{}', 'h', now(), now(), now(), now())`,
      [id, consumer, provider],
    );
    await system(
      `INSERT INTO data_agreements (id, negotiation_id, consumer_id, provider_id, offer_id, data_set_id, policy,
         policy_hash, valid_from, hash, created_at) VALUES ($1, $1, $2, $3, $1, $1, '{}', 'h', now(), 'h', now())`,
      [id, consumer, provider],
    );
    return id;
  }

  const sums = async (accounts: readonly string[]): Promise<number[]> => {
    const rows = await system<{ account: string; booked: string }>(
      `SELECT p->>'account' AS account, sum((p->>'amountMinor')::bigint) AS booked
       FROM ledger_entry, json_array_elements(postings) p GROUP BY 1`,
    );
    return accounts.map((wanted) => Number(rows.find(({ account }) => account === wanted)?.booked ?? 0));
  };

  async function stored(ids: readonly string[]): Promise<Pick<Book, 'wallets' | 'debts'>> {
    const balances = await system<{ tenant_id: string; balance_minor: string }>(
      'SELECT * FROM wallet_balance',
    );
    const debts = await system<{ provider_id: string; consumer_id: string; open_minor: string }>(
      'SELECT * FROM wallet_debts WHERE provider_id = ANY($1) ORDER BY created_at',
      [ids],
    );
    return {
      wallets: ids.map((id) => Number(balances.find((row) => row.tenant_id === id)?.balance_minor ?? 0)),
      debts: debts.map(({ provider_id, consumer_id, open_minor }) => ({
        debtor: ids.indexOf(provider_id),
        creditor: ids.indexOf(consumer_id),
        open: Number(open_minor),
      })),
    };
  }

  async function pay(
    step: Extract<Step, { kind: 'pay' }>,
    ids: readonly string[],
    atMs: number,
  ): Promise<AgreementOrder> {
    const payment = paymentOf(step.amountMinor);
    const [consumerId, providerId] = [ids[step.from]!, ids[step.to]!];
    const order: AgreementOrder = {
      id: randomUUID(),
      agreementId,
      consumerId,
      providerId,
      period: (orders += 1),
      priceKind: 'flat',
      currency: 'EUR',
      amountMinor: step.amountMinor,
      feeMinor: payment.feeMinor,
      sellerMinor: payment.sellerMinor[0]!,
      revenueMinor: null,
      periodStart: null,
      periodEnd: null,
      idempotencyKey: randomUUID(),
      createdAt: new Date(atMs),
    };
    const event = { consumerId, providerId, currency: 'EUR', memo: '', atMs, reference: order.id };
    const parts = new Map(
      [[ids[third(step)]!, passedOf(step, payment)] as const].filter(([, minor]) => minor > 0),
    );
    await database.asSystem(async (manager) => {
      await manager.insert(AgreementOrder, order);
      await bookPayment(manager, ledger, event, payment, parts);
    });
    return order;
  }

  const bookStated = (
    { who, amountMinor }: Extract<Step, { kind: 'outside' }>,
    ids: readonly string[],
    atMs: number,
  ): Promise<void> => {
    const event = { reference: randomUUID(), currency: 'EUR', memo: '', atMs, type: 'exchange.outside' };
    return database.asSystem((manager) =>
      bookOutside(manager, ledger, { ...event, tenantId: ids[who]!, amountMinor }),
    );
  };

  const revoke = (order: AgreementOrder, refund: Payment, atMs: number): Promise<void> =>
    database.asSystem((manager) =>
      bookRefund(manager, ledger, { order, memo: '', atMs, reference: `refund ${order.id}` }, refund),
    );

  /** Runs the steps, and those that are booked in the model too; each comes out as what is stored before it says. */
  async function run(steps: readonly Step[], ids: readonly string[]): Promise<Book> {
    const book: Book = { wallets: [0, 0, 0], debts: [], fees: 0 };
    const paid: { step: Extract<Step, { kind: 'pay' }>; order: AgreementOrder }[] = [];
    const bookStep = async (step: Step, atMs: number): Promise<void> => {
      if (step.kind === 'outside') {
        await bookStated(step, ids, atMs);
        applied(book, step);
      } else if (step.kind === 'pay') {
        paid.push({ step, order: await pay(step, ids, atMs) });
        applied(book, step);
      } else {
        const last = paid.pop();
        if (last === undefined) return;
        const refund = refundOf(last.step, step.share);
        await revoke(last.order, refund, atMs);
        refunded(book, last.step, refund);
      }
    };
    for (const [atMs, step] of steps.entries()) {
      const expected = refusalOf(step, await stored(ids));
      expect(await outcomeOf(bookStep(step, atMs))).toBe(expected);
    }
    return book;
  }

  /** Whatever the steps were. */
  async function requireConserved(ids: readonly string[], before: readonly number[]): Promise<void> {
    const { wallets } = await stored(ids);
    expect(await sums(ids.map((id) => `wallet:${id}`))).toEqual(wallets);
    const [clearing, fees, outside] = await sums(['exchange:clearing', 'exchange:fees', 'exchange:outside']);
    expect(clearing).toBe(0);
    expect(wallets.reduce((sum, each) => sum + each, 0)).toBe(before[0]! + before[1]! - fees! - outside!);
    // What was paid of a debt is what both sides’ entries say, and no later debt was paid before an earlier one.
    const uneven = await system(
      `SELECT FROM wallet_debts d CROSS JOIN (VALUES ('paid', -1), ('received', 1)) AS side (name, sign)
       LEFT JOIN LATERAL (SELECT sum((p->>'amountMinor')::bigint) * sign AS minor
         FROM ledger_entry e, json_array_elements(e.postings) p
         WHERE e.type = 'exchange.debt.' || name AND e.reference LIKE 'debt ' || d.id || ' of %'
           AND p->>'account' LIKE 'wallet:%') booked ON true
       WHERE d.provider_id = ANY($1) AND coalesce(booked.minor, 0) <> amount_minor - open_minor
       UNION ALL
       SELECT FROM wallet_debts d JOIN wallet_debts older USING (provider_id)
       WHERE d.provider_id = ANY($1) AND older.created_at < d.created_at AND older.open_minor > 0
         AND d.open_minor < d.amount_minor`,
      [ids],
    );
    expect(uneven).toEqual([]);
  }

  it('conserves money to the unit over any sequence of sales, revocations, deposits and withdrawals; none is revoked in vain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 12 }), fc.boolean(), async (steps, isAcyclic) => {
        const ids = await threeWallets();
        const before = await sums(['exchange:fees', 'exchange:outside']);
        const book = await run(isAcyclic ? steps.map(downwards) : steps, ids);
        await requireConserved(ids, before);
        // Where nobody owes in a circle, to the unit what the model says, and who owes has nothing left.
        if (!isAcyclic) return;
        expect(await stored(ids)).toEqual({ wallets: book.wallets, debts: book.debts });
        expect((await sums(['exchange:fees']))[0]).toBe(before[0]! + book.fees);
        expect(book.debts.every(({ debtor, open }) => open === 0 || book.wallets[debtor] === 0)).toBe(true);
      }),
      {
        numRuns: 25,
        examples: [
          [
            [
              { kind: 'outside', who: 0, amountMinor: 900 },
              { kind: 'pay', from: 0, to: 1, amountMinor: 600, passed: 0 },
              { kind: 'pay', from: 1, to: 2, amountMinor: 500, passed: 0 },
              { kind: 'outside', who: 2, amountMinor: -487 },
              { kind: 'revoke', share: 1 },
              { kind: 'revoke', share: 1 },
              { kind: 'outside', who: 1, amountMinor: -1 },
              { kind: 'outside', who: 2, amountMinor: 600 },
            ],
            true,
          ],
        ],
      },
    );
  }, 120_000);
});

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'BOOKED',
    (error: { code: string }) => error.code,
  );
