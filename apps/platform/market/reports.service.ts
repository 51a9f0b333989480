import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type OwnMargin, ownMargin, type PublicReport } from '#market';
import { Database } from '#persistence';
import type { Principal } from '../pipeline/principal.ts';
import { bookId } from './books.ts';
import { MarketClearing, MarketOrder, type MarketSession, MarketTrade } from './market.entities.ts';
import { requireCleared } from './session.ts';
import { findSession } from './session-lock.ts';

/** One slot: what everybody is told of it, null before reports were kept, and what the asking organisation's orders came to. */
export interface ReportedSlot {
  readonly startsAt: Date;
  readonly quantityWh: number;
  readonly pricePerMwh: number | null;
  readonly report: PublicReport | null;
  readonly own: OwnMargin | null;
}

export interface SessionReport {
  readonly session: MarketSession;
  readonly slots: readonly ReportedSlot[];
}

/** Why a cleared session's prices are what they are. What is withheld was never stored, and own orders are read as their owner. */
@Injectable()
export class ReportsService {
  constructor(private readonly database: Database) {}

  /** @throws SESSION_UNKNOWN, SESSION_NOT_CLEARED */
  async report(principal: Principal, sessionId: string): Promise<SessionReport> {
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      requireCleared(session.state);
      const clearings = await manager.find(MarketClearing, {
        where: { sessionId: session.id },
        order: { startsAt: 'ASC' },
      });
      const own = await ownMargins(manager, principal, session.id);
      const slots = clearings.map(({ startsAt, quantityWh, pricePerMwh, report }) => ({
        startsAt,
        quantityWh,
        pricePerMwh,
        report: report as PublicReport | null,
        own: own.get(startsAt.getTime()) ?? null,
      }));
      return { session, slots };
    });
  }
}

/** By the start of each slot that the organisation has orders in. */
async function ownMargins(
  manager: EntityManager,
  { organisationId: tenantId }: Principal,
  sessionId: string,
): Promise<ReadonlyMap<number, OwnMargin>> {
  const orders = await manager.findBy(MarketOrder, { tenantId, sessionId });
  const parties = [{ buyerTenantId: tenantId }, { sellerTenantId: tenantId }];
  const trades = await manager.findBy(
    MarketTrade,
    parties.map((party) => ({ sessionId, ...party })),
  );
  const fills = fillsOf(trades);
  const slots = new Map<number, MarketOrder[]>();
  for (const row of orders) {
    const startMs = row.startsAt.getTime();
    slots.set(startMs, [...(slots.get(startMs) ?? []), row]);
  }
  return new Map(
    [...slots].map(([startMs, rows]) => [
      startMs,
      ownMargin(
        rows.map((row) => ({ id: bookId(row), side: row.side, quantityWh: row.quantityWh, pricePerMwh: row.pricePerMwh })), // prettier-ignore
        fills,
      ),
    ]),
  );
}

/** Traded Wh by the name that an order has in the auction's book. */
function fillsOf(trades: readonly MarketTrade[]): ReadonlyMap<string, number> {
  const fills = new Map<string, number>();
  for (const trade of trades.filter(({ venue }) => venue === 'auction')) {
    const sides = [
      { participantId: trade.buyerParticipantId, orderId: trade.buyOrderId },
      { participantId: trade.sellerParticipantId, orderId: trade.sellOrderId },
    ];
    for (const side of sides) fills.set(bookId(side), (fills.get(bookId(side)) ?? 0) + trade.quantityWh);
  }
  return fills;
}
