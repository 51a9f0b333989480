import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, localDate } from '#core';
import type { EntryDraft } from '#ledger';
import {
  type ChargedMember,
  type ChargedSettlement,
  settle,
  settleCharges,
  type Settlement,
  type Trade,
} from '#market';
import { Database, insertRows } from '#persistence';
import { attributeSession } from '../carbon/attribute-session.ts';
import { type Booking, LedgerService } from '../ledger/ledger.service.ts';
import { CLOCK } from '../platform.tokens.ts';
import { settleCapacitySession } from './capacity-settlement.ts';
import { chargesOf } from './charges.ts';
import { CLEARING_ACCOUNT, closingBookings, RETAILER_ACCOUNT, transfer } from './house-accounts.ts';
import { MarketCharge } from './lots.entities.ts';
import { maySettle } from './intraday-gate.ts';
import { MarketDelivery, MarketSession, MarketSettlement, MarketTrade } from './market.entities.ts';
import { slotAt } from './session-slots.ts';
import { holdSession } from './session-lock.ts';

/** The settlement job: settles a session on delivery statements and books it, in one transaction. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Settles a session whose delivery is closed, or whose statements are all in; any other it leaves alone. */
  async settle(sessionId: string): Promise<void> {
    await this.database.asSystem(async (manager) => {
      const session = await holdSession(manager, sessionId, 'exclusive');
      if (session.state !== 'CLEARED' && session.state !== 'DELIVERED') return;
      if (!maySettle(session, this.clock.nowMs())) return;
      const trades = await manager.findBy(MarketTrade, { sessionId });
      const settlement = settleCharges(
        await settleSession(manager, session, trades),
        chargesOf(await manager.findBy(MarketCharge, { sessionId })),
      );
      if (session.state === 'CLEARED' && settlement.missing.length > 0) return;
      const tenants = tenantsOf(trades);
      const rows = settlement.members.map((member) => toRow(session.id, member, settlement, tenants));
      await insertRows(manager, MarketSettlement, rows);
      await this.ledger.append(manager, bookingsOf(session, settlement, tenants, this.clock.nowMs()));
      if (session.product === 'energy') await attributeSession(manager, session);
      await close(manager, session, settlement);
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
        .getMany(),
    );
    return rows.map(({ id }) => id);
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

async function settleSession(
  manager: EntityManager,
  session: MarketSession,
  rows: readonly MarketTrade[],
): Promise<Settlement> {
  const trades = rows.map((row) => toTrade(session, row));
  if (session.product !== 'energy') return settleCapacitySession(manager, session, trades);
  const deliveries = await manager.findBy(MarketDelivery, { sessionId: session.id });
  return settle(
    trades,
    deliveries.map(({ participantId, startsAt, netImportWh, netExportWh }) => ({
      member: participantId,
      interval: slotAt(session, startsAt.getTime()),
      netImportWh,
      netExportWh,
    })),
    session,
  );
}

const toTrade = (session: MarketSession, row: MarketTrade): Trade => ({
  buyOrder: row.buyOrderId,
  sellOrder: row.sellOrderId,
  buyer: row.buyerParticipantId,
  seller: row.sellerParticipantId,
  interval: slotAt(session, row.startsAt.getTime()),
  quantityWh: row.quantityWh,
  buyPricePerMwh: row.buyPricePerMwh,
  sellPricePerMwh: row.sellPricePerMwh,
});

const tenantsOf = (trades: readonly MarketTrade[]): ReadonlyMap<string, string> =>
  new Map(
    trades.flatMap((trade) => [
      [trade.buyerParticipantId, trade.buyerTenantId] as const,
      [trade.sellerParticipantId, trade.sellerTenantId] as const,
    ]),
  );

function toRow(
  sessionId: string,
  { member, ...amounts }: ChargedMember,
  { missing }: ChargedSettlement,
  tenants: ReadonlyMap<string, string>,
): MarketSettlement {
  const missingHours = missing
    .filter((slot) => slot.member === member)
    .map((slot) => new Date(slot.interval.startMs));
  return { ...amounts, tenantId: tenants.get(member)!, sessionId, participantId: member, missingHours };
}

/** Three entries a participant, local trades, charges and deviations, and one of the house; what is zero is not booked. */
function bookingsOf(
  session: MarketSession,
  settlement: ChargedSettlement,
  tenants: ReadonlyMap<string, string>,
  atMs: number,
): Booking[] {
  const day = localDate(session.zone, session.startsAt.getTime());
  const ofMembers = settlement.members.flatMap(({ member, localMinor, chargeMinor, deviationMinor }) => {
    const entry = { reference: `${session.id}/${member}`, currency: session.currency, atMs };
    const drafts: EntryDraft[] = [
      {
        ...entry,
        type: 'market.local',
        memo: `local trades of ${day}`,
        postings: transfer(CLEARING_ACCOUNT, member, localMinor),
      },
      {
        ...entry,
        type: 'market.charge',
        memo: `charges of ${day}`,
        postings: transfer(CLEARING_ACCOUNT, member, chargeMinor),
      },
      {
        ...entry,
        type: 'market.deviation',
        memo: `deviations of ${day}`,
        postings: transfer(RETAILER_ACCOUNT, member, deviationMinor),
      },
    ];
    return drafts
      .filter(({ postings }) => postings[0]!.amountMinor !== 0)
      .map((draft) => ({ draft, holders: [tenants.get(member)!] }));
  });
  return [...ofMembers, ...closingBookings(session, settlement, atMs)];
}

async function close(
  manager: EntityManager,
  session: MarketSession,
  settlement: ChargedSettlement,
): Promise<void> {
  await manager.update(
    MarketSession,
    { id: session.id },
    {
      state: 'SETTLED',
      savingsMinor: settlement.savingsMinor,
      marketMinor: settlement.marketMinor,
      missingDeliveries: settlement.missing.length,
    },
  );
}
