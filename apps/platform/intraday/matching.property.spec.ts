import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { OrderBook, type Side, type TimeInForce } from '#market';
import { DAY, IntradayDesk, SLOT, type Trader } from '../../../test/harness/intraday-desk.ts';

interface Insertion {
  readonly kind: 'insert';
  readonly trader: number;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly timeInForce: TimeInForce;
  readonly lifeMs: number | undefined;
}

const codeOf = (error: unknown): string => (error as { code: string }).code;

function levelsOf(book: OrderBook, side: Side) {
  const levels = new Map<number, number>();
  for (const { order, leftWh } of book.open(side))
    levels.set(order.pricePerMwh, (levels.get(order.pricePerMwh) ?? 0) + leftWh);
  return [...levels].map(([pricePerMwh, quantityWh]) => ({ pricePerMwh, quantityWh }));
}

/** The service, and beside it a book in memory that is told the same. */
class TwoBooks {
  readonly #memory = new OrderBook(SLOT, { selfTrade: 'cancel-incoming' });
  readonly #owners = new Map<string, Trader>();
  readonly #cancelled = new Set<string>();
  readonly #traded: string[] = [];

  constructor(private readonly desk: IntradayDesk) {}

  async insert(id: string, { trader, lifeMs, timeInForce, side, quantityWh, pricePerMwh }: Insertion) {
    const { desk } = this;
    const by = desk.traders[trader]!;
    const terms = { side, quantityWh, pricePerMwh };
    const expiry = timeInForce === 'gtd' && lifeMs !== undefined ? { expiresAtMs: desk.nowMs + lifeMs } : {};
    await desk.place(by, id, { ...terms, timeInForce, ...expiry });
    this.#owners.set(id, by);
    const order = { id, member: by.id, interval: SLOT, ...terms, ...expiry };
    for (const each of this.#memory.insert(order, desk.nowMs, timeInForce).executions)
      this.#traded.push(`${each.buyOrder} ${each.sellOrder} ${each.quantityWh} ${each.pricePerMwh}`);
  }

  /** What both say; a second cancellation is none to the service: the order is as it was asked to be. */
  async cancel(id: string): Promise<readonly [stored: string, memory: string]> {
    const owner = this.#owners.get(id);
    if (owner === undefined) return ['', ''];
    const stored = await this.desk.cancel(owner, id).then(({ state }) => state, codeOf);
    if (this.#cancelled.has(id)) return [stored, 'CANCELLED'];
    try {
      this.#memory.cancel(id, owner.id, this.desk.nowMs);
      this.#cancelled.add(id);
      return [stored, 'CANCELLED'];
    } catch (error) {
      return [stored, codeOf(error) === 'BOOK_ORDER_DONE' ? 'ORDER_FINISHED' : codeOf(error)];
    }
  }

  async levels() {
    this.#memory.advance(this.desk.nowMs);
    const { bids, asks } = await this.desk.publicBook();
    return [
      [bids, asks],
      [levelsOf(this.#memory, 'buy'), levelsOf(this.#memory, 'sell')],
    ] as const;
  }

  async trades() {
    const stored = (await this.desk.trades()).map(
      (each) => `${each.buyOrderId} ${each.sellOrderId} ${each.quantityWh} ${each.buyPricePerMwh}`,
    );
    return [stored.toSorted(), this.#traded.toSorted()] as const;
  }
}

describe('order books on random operations', () => {
  let desk: IntradayDesk;

  beforeAll(async () => {
    desk = await IntradayDesk.open();
  }, 60_000);

  afterAll(() => desk.close());

  const insertion = fc.record({
    kind: fc.constant('insert' as const),
    trader: fc.nat({ max: 3 }),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantityWh: fc.integer({ min: 1, max: 20 }),
    pricePerMwh: fc.integer({ min: -4, max: 4 }),
    timeInForce: fc.constantFrom('gtd' as const, 'gtd' as const, 'ioc' as const, 'fok' as const),
    lifeMs: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
  });
  const cancellation = fc.record({ kind: fc.constant('cancel' as const), place: fc.nat({ max: 30 }) });
  const operations = fc.array(fc.oneof({ weight: 4, arbitrary: insertion }, cancellation), {
    minLength: 10,
    maxLength: 30,
  });

  it('come to what one book in memory comes to, from the stored orders alone', async () => {
    await fc.assert(
      fc.asyncProperty(operations, async (all) => {
        await desk.newSession();
        const both = new TwoBooks(desk);
        const cancellations: (readonly [string, string])[] = [];
        for (const [n, operation] of all.entries()) {
          desk.nowMs = DAY.startMs + n;
          if (operation.kind === 'insert') await both.insert(`o${n}`, operation);
          else cancellations.push(await both.cancel(`o${operation.place}`));
          const [stored, memory] = await both.levels();
          expect(stored).toEqual(memory);
        }
        expect(cancellations.map(([stored]) => stored)).toEqual(cancellations.map(([, memory]) => memory));
        const [stored, memory] = await both.trades();
        expect(stored).toEqual(memory);
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
