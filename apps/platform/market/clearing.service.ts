import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, type Interval, roundDiv, toSafeInteger, WH_PER_MWH } from '#core';
import { certificateStatement, type ClearingResult } from '#market';
import { Database, insertRows } from '#persistence';
import type { JobQueue } from '#queue';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { bookId, bookOf, booksOf } from './books.ts';
import { MarketClearing, MarketOrder, MarketSession, MarketTrade } from './market.entities.ts';
import { dayOf } from './orders.service.ts';
import { hoursOf, SETTLE_JOB } from './session.ts';
import { holdSession } from './session-lock.ts';

interface HourResult {
  readonly hour: Interval;
  readonly result: ClearingResult;
}

/** The clearing job: loads a closed session's books, clears each hour by the pure auction, stores what came of it. */
@Injectable()
export class ClearingService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /** Clears a session that is closed, or open past its gate; any other it leaves alone, so that it may run twice. */
  async clear(sessionId: string): Promise<void> {
    const cleared = await this.database.asSystem(async (manager) => {
      const session = await holdSession(manager, sessionId, 'exclusive');
      if (!isDue(session, this.clock.nowMs())) return false;
      const orders = await manager.findBy(MarketOrder, { sessionId });
      await store(manager, session, clearHours(session, orders), orders);
      return true;
    });
    // A session without a trade has nothing to wait for.
    if (cleared) await this.queue.enqueue(SETTLE_JOB, { sessionId }, { key: sessionId });
  }

  /** Sessions whose clearing is due and has not happened. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder(MarketSession, 'session')
        .select(['session.id'])
        .where("session.state = 'CLOSED'")
        .orWhere("session.state = 'OPEN' AND session.gate_closes_at <= :now", {
          now: new Date(this.clock.nowMs()),
        })
        .getMany(),
    );
    return rows.map(({ id }) => id);
  }
}

function isDue({ state, gateClosesAt }: MarketSession, nowMs: number): boolean {
  return state === 'CLOSED' || (state === 'OPEN' && gateClosesAt !== null && nowMs >= gateClosesAt.getTime());
}

function clearHours(session: MarketSession, orders: readonly MarketOrder[]): HourResult[] {
  const books = booksOf(session, orders);
  return hoursOf(dayOf(session)).map((hour) => {
    const book = books.get(hour.startMs) ?? bookOf(session, hour.startMs, []);
    return { hour, result: book.clear(book.orders) };
  });
}

async function store(
  manager: EntityManager,
  session: MarketSession,
  hours: readonly HourResult[],
  orders: readonly MarketOrder[],
): Promise<void> {
  const byId = new Map(orders.map((row) => [bookId(row), row]));
  const trades = hours.flatMap(({ result }) =>
    result.trades.map((trade): MarketTrade => {
      const buy = byId.get(trade.buyOrder)!;
      const sell = byId.get(trade.sellOrder)!;
      return {
        id: randomUUID(),
        sessionId: session.id,
        startsAt: buy.startsAt,
        buyerTenantId: buy.tenantId,
        sellerTenantId: sell.tenantId,
        buyerParticipantId: buy.participantId,
        sellerParticipantId: sell.participantId,
        buyOrderId: buy.orderId,
        sellOrderId: sell.orderId,
        quantityWh: trade.quantityWh,
        buyPricePerMwh: trade.buyPricePerMwh,
        sellPricePerMwh: trade.sellPricePerMwh,
      };
    }),
  );
  await manager.insert(
    MarketClearing,
    hours.map((each) => toClearing(session.id, each)),
  );
  await insertRows(manager, MarketTrade, trades);
  const welfareExact = hours.reduce((sum, { result }) => sum + result.certificate.welfareExact, 0n);
  await manager.update(
    MarketSession,
    { id: session.id },
    {
      state: 'CLEARED',
      tradeCount: trades.length,
      tradedWh: trades.reduce((sum, { quantityWh }) => sum + quantityWh, 0),
      welfareMinor: toSafeInteger(roundDiv(welfareExact, WH_PER_MWH)),
    },
  );
}

const toClearing = (sessionId: string, { hour, result }: HourResult): MarketClearing => ({
  sessionId,
  startsAt: new Date(hour.startMs),
  quantityWh: result.quantityWh,
  pricePerMwh: result.pricePerMwh,
  certificate: certificateStatement(result.certificate),
});
