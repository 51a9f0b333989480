import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig, testEnvironment } from '#config';
import { divideRefund } from '#exchange';
import type { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { openDatabase } from '../infrastructure.module.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { paymentOf } from './quote.ts';
import { bookOutside, bookPayment } from './wallet-book.ts';

type Step =
  | { readonly kind: 'outside'; readonly who: number; readonly amountMinor: number }
  | { readonly kind: 'pay'; readonly from: number; readonly to: number; readonly amountMinor: number }
  | { readonly kind: 'refund'; readonly share: number };

const party = fc.integer({ min: 0, max: 2 });
const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('outside' as const),
    who: party,
    amountMinor: fc.integer({ min: -500, max: 1_000 }).filter((amount) => amount !== 0),
  }),
  fc
    .record({
      kind: fc.constant('pay' as const),
      from: party,
      to: party,
      amountMinor: fc.integer({ min: 0, max: 700 }),
    })
    .filter(({ from, to }) => from !== to),
  fc.record({ kind: fc.constant('refund' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe('the book of wallets', () => {
  let test: TestDatabase;
  let database: Database;
  let ledger: LedgerService;

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    ledger = new LedgerService(database);
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  async function threeWallets(): Promise<readonly [string, string, string]> {
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
    for (const id of ids) {
      await database.asTenant(id, (manager) =>
        manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $1::uuid::text)", [
          id,
        ]),
      );
    }
    return ids;
  }

  const sums = async (accounts: readonly string[]): Promise<number[]> => {
    const rows = await database.asSystem((manager) =>
      manager.query<{ account: string; booked: string }[]>(
        `SELECT p->>'account' AS account, sum((p->>'amountMinor')::bigint) AS booked
         FROM ledger_entry, json_array_elements(postings) p GROUP BY 1`,
      ),
    );
    return accounts.map((wanted) => Number(rows.find(({ account }) => account === wanted)?.booked ?? 0));
  };
  const balances = async (ids: readonly string[]): Promise<number[]> => {
    const rows = await database.asSystem((manager) =>
      manager.query<{ tenant_id: string; balance_minor: string }[]>('SELECT * FROM wallet_balance'),
    );
    return ids.map((id) => Number(rows.find(({ tenant_id }) => tenant_id === id)?.balance_minor ?? 0));
  };

  it('conserves money to the unit over any sequence: wallets, fees and what is outside sum to nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 12 }), async (steps) => {
        const ids = await threeWallets();
        const expected = [0, 0, 0];
        let fees = (await sums(['exchange:fees']))[0]!;
        const paid: { from: number; to: number; amountMinor: number }[] = [];
        for (const step of steps) {
          const event = { reference: randomUUID(), currency: 'EUR', memo: '', atMs: 0 };
          const move = await moveOf(step, paid, { ids, event });
          if (move === undefined) continue;
          const moved = move.changes.map((change, i) => expected[i]! + change);
          const booked = database.asSystem((manager) => move.book(manager, ledger));
          const isCovered = moved.every((balance) => balance >= 0);
          const outcome = await booked.then(
            () => 'BOOKED',
            (error: { code: string }) => error.code,
          );
          expect(outcome).toBe(isCovered ? 'BOOKED' : 'WALLET_INSUFFICIENT');
          if (!isCovered) continue;
          expected.splice(0, 3, ...moved);
          fees += move.fee;
          if (step.kind === 'pay') paid.push(step);
        }
        expect(await balances(ids)).toEqual(expected);
        expect(await sums(ids.map((id) => `wallet:${id}`))).toEqual(expected);
        expect(await sums(['exchange:fees', 'exchange:clearing'])).toEqual([fees, 0]);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

interface Move {
  readonly changes: readonly number[];
  readonly fee: number;
  readonly book: (
    ...args: [manager: Parameters<typeof bookPayment>[0], ledger: LedgerService]
  ) => Promise<void>;
}

/** What a step should change, and how it is booked; nothing where there is nothing to refund. */
async function moveOf(
  step: Step,
  paid: { from: number; to: number; amountMinor: number }[],
  {
    ids,
    event,
  }: {
    ids: readonly string[];
    event: { reference: string; currency: string; memo: string; atMs: number };
  },
): Promise<Move | undefined> {
  if (step.kind === 'outside') {
    const { who, amountMinor } = step;
    const outside = { ...event, tenantId: ids[who]!, amountMinor, type: 'exchange.deposit' };
    return {
      changes: [0, 1, 2].map((i) => (i === who ? amountMinor : 0)),
      fee: 0,
      book: (manager, ledger) => bookOutside(manager, ledger, outside),
    };
  }
  const order = step.kind === 'pay' ? step : paid.pop();
  if (order === undefined) return undefined;
  const whole = paymentOf(order.amountMinor);
  const payment =
    step.kind === 'pay' ? whole : divideRefund(Math.floor(order.amountMinor * step.share), whole);
  const direction = step.kind === 'pay' ? 'PAYMENT' : 'REFUND';
  const sign = step.kind === 'pay' ? 1 : -1;
  const { from, to } = order;
  const parties = { consumerId: ids[from]!, providerId: ids[to]! };
  const changeOf = (i: number): number => {
    if (i === from) return -sign * payment.paidMinor;
    return i === to ? sign * payment.sellerMinor[0]! : 0;
  };
  return {
    changes: [0, 1, 2].map(changeOf),
    fee: sign * payment.feeMinor,
    book: (manager, ledger) => bookPayment(manager, ledger, { ...event, ...parties, direction }, payment),
  };
}
