import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '#core';
import { type Delivery, settle, settleCharges, type Settlement, type Trade } from '#market';
import { Database, insertRows } from '#persistence';
import { attributeAndCertify } from '../certificates/certify-session.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { CLOCK } from '../platform.tokens.ts';
import { settleCapacitySession } from './capacity-settlement.ts';
import { chargesOf } from './charges.ts';
import { certify, newContributions } from './contributions.ts';
import { maySettle } from './intraday-gate.ts';
import { MarketCharge } from './lots.entities.ts';
import { MarketSession, MarketSettlement, MarketTrade } from './market.entities.ts';
import { recomputeReputations } from './reputations.ts';
import { holdSession } from './session-lock.ts';
import { settlementBookings, type SettledVersion, settlementRows, tenantsOf } from './settlement-books.ts';
import { newestSettlements, newestStatements, toTrade } from './settlement-facts.ts';
import { MarketDeliveryCorrection, MarketSettlementVersion } from './settlement.entities.ts';

interface Settled extends SettledVersion {
  readonly trades: readonly Trade[];
  readonly deliveries: readonly Delivery[];
  /** How many corrections are among the statements. */
  readonly corrections: number;
}

/** The settlement job: settles a session on delivery statements and books it, in one transaction; again where it was corrected. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Settles a session whose delivery is closed, or whose statements are all in, and one whose statements were corrected
   * since it was settled: anew from the newest statements, booking the difference. Any other it leaves alone.
   */
  async settle(sessionId: string): Promise<void> {
    await this.database.asSystem(async (manager) => {
      const session = await holdSession(manager, sessionId, 'exclusive');
      const corrections = await manager.countBy(MarketDeliveryCorrection, { sessionId });
      if (!maySettle(session, this.clock.nowMs()) || !(await isDue(manager, session, corrections))) return;
      const settled = await this.facts(manager, session, corrections);
      if (session.state === 'CLEARED' && settled.settlement.missing.length > 0) return;
      await this.store(manager, settled);
    });
  }

  /** Sessions that can be settled and are not. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder(MarketSession, 'session')
        .select(['session.id'])
        .where("session.state = 'DELIVERED'")
        .orWhere(`session.state = 'CLEARED' AND ${MAY_SETTLE} AND NOT EXISTS (${OUTSTANDING})`, {
          now: new Date(this.clock.nowMs()),
        })
        .orWhere(`session.state = 'SETTLED' AND session.id IN (${CORRECTED})`)
        .getMany(),
    );
    return rows.map(({ id }) => id);
  }

  private async facts(manager: EntityManager, session: MarketSession, corrections: number): Promise<Settled> {
    const rows = await manager.findBy(MarketTrade, { sessionId: session.id });
    const trades = rows.map((row) => toTrade(session, row));
    const deliveries = await newestStatements(manager, session);
    const charges = chargesOf(await manager.findBy(MarketCharge, { sessionId: session.id }));
    return {
      session,
      version: (session.settlementVersion ?? 0) + 1,
      settlement: settleCharges(await settleSession(manager, session, trades, deliveries), charges),
      before: await newestSettlements(manager, session.id),
      tenants: tenantsOf(rows),
      atMs: this.clock.nowMs(),
      trades,
      deliveries,
      corrections,
    };
  }

  private async store(manager: EntityManager, settled: Settled): Promise<void> {
    const { session } = settled;
    await insertRows(manager, MarketSettlement, settlementRows(settled));
    const { hours, bookings: certified } =
      session.product === 'energy'
        ? await attributeAndCertify(manager, session, settled)
        : { hours: [], bookings: [] };
    const contributions = await newContributions(manager, { ...settled, hours });
    const bookings = [
      ...settlementBookings(settled),
      ...certified,
      ...contributions.map(({ booking }) => booking),
    ];
    const entries = await this.ledger.append(manager, bookings);
    await certify(manager, contributions, entries.slice(entries.length - contributions.length));
    await recomputeReputations(manager, settled.tenants);
    await close(manager, settled);
  }
}

/** As maySettle. */
const MAY_SETTLE = '(session.intraday_lead_minutes IS NULL OR session.ends_at <= :now)';

/** A party of a trade whose statement of that slot has not come: of capacity its seller, of energy both. */
const OUTSTANDING = `SELECT FROM market_trade trade
  CROSS JOIN LATERAL (
    VALUES (trade.buyer_participant_id, session.product = 'energy'), (trade.seller_participant_id, true)
  ) AS party (participant_id, states)
  WHERE trade.session_id = session.id AND party.states AND NOT EXISTS (
    SELECT FROM market_delivery delivery
    WHERE delivery.session_id = trade.session_id AND delivery.starts_at = trade.starts_at
      AND delivery.participant_id = party.participant_id)
    AND NOT EXISTS (
    SELECT FROM market_availability kept
    WHERE kept.session_id = trade.session_id AND kept.starts_at = trade.starts_at
      AND kept.participant_id = party.participant_id)`;

/** Sessions with more corrections than their newest settlement had: corrections are only ever added. */
const CORRECTED = `SELECT correction.session_id FROM market_delivery_correction correction GROUP BY correction.session_id
  HAVING count(*) > (SELECT max(settled.corrections) FROM market_settlement_version settled
    WHERE settled.session_id = correction.session_id)`;

async function settleSession(
  manager: EntityManager,
  session: MarketSession,
  trades: readonly Trade[],
  deliveries: readonly Delivery[],
): Promise<Settlement> {
  return session.product === 'energy'
    ? settle(trades, deliveries, session)
    : settleCapacitySession(manager, session, trades);
}

async function isDue(
  manager: EntityManager,
  { id: sessionId, state }: MarketSession,
  corrections: number,
): Promise<boolean> {
  if (state !== 'SETTLED') return state === 'CLEARED' || state === 'DELIVERED';
  const settled = await manager.maximum(MarketSettlementVersion, 'corrections', { sessionId });
  return corrections > (settled ?? 0);
}

async function close(manager: EntityManager, settled: Settled): Promise<void> {
  const { session, version, settlement, corrections, atMs } = settled;
  const totals = {
    savingsMinor: settlement.savingsMinor,
    marketMinor: settlement.marketMinor,
    missingDeliveries: settlement.missing.length,
  };
  const settledAt = new Date(atMs);
  await manager.insert(MarketSettlementVersion, {
    ...totals,
    tenantId: session.tenantId,
    sessionId: session.id,
    version,
    settledAt,
    corrections,
  });
  await manager.update(
    MarketSession,
    { id: session.id },
    { ...totals, state: 'SETTLED', settlementVersion: version, settledAt: session.settledAt ?? settledAt },
  );
}
