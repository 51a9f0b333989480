import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DomainError, type Interval, toSafeInteger } from '#core';
import type { ClearingResult, Delivery, Order } from '#market';
import { Database, insertRows } from '#persistence';
import {
  type HourShares,
  type SessionShare,
  type TradedSurplus,
  hourShapley,
  shareByBargaining,
  shareByShapley,
} from '#sharing';
import { clearsBlocks } from './block-terms.ts';
import { booksOf, type Lots } from './books.ts';
import { carrySlot, type SessionFeeder } from './carriage.ts';
import { MarketOrder, MarketSession, MarketTrade } from './market.entities.ts';
import { sessionFeeder } from './session-feeder.ts';
import { holdSession } from './session-lock.ts';
import { revealedLots } from './session-lots.ts';
import { slotAt } from './session-slots.ts';
import { newestSettlements, newestStatements } from './settlement-facts.ts';
import { MarketShare, MarketSharing, type SharingMethod } from './shares.entities.ts';

interface Facts {
  readonly session: MarketSession;
  readonly orders: readonly MarketOrder[];
  readonly lots: Lots;
  readonly deliveries: readonly Delivery[];
  readonly surplus: TradedSurplus;
  readonly tenants: ReadonlyMap<string, string>;
  /** Whether anything was traded in an order book. */
  readonly intraday: boolean;
  /** Null where the session honours none. */
  readonly feeder: SessionFeeder | null;
}

/** What a method came to: shares, or the code of why there are none. */
interface Outcome {
  readonly method: SharingMethod;
  readonly shares: readonly SessionShare[];
  readonly refusal: string | null;
}

/** The sharing job: what every member's part of a settled session's surplus is, by each method. It moves no money. */
@Injectable()
export class SharingService {
  constructor(private readonly database: Database) {}

  /** Shares a session that is settled with every statement; any other, or one whose newest settlement is shared, it leaves alone. */
  async share(sessionId: string): Promise<void> {
    const facts = await this.load(sessionId);
    if (facts === null) return;
    // Outside a transaction: many members' coalitions take their time.
    const outcomes = [
      await outcomeOf('SHAPLEY', async () => shareByShapley(facts.surplus, await slotShares(facts))),
      await outcomeOf('NASH', async () => shareByBargaining(facts.surplus, powersOf(facts.session))),
    ];
    await this.save(facts, outcomes);
  }

  /** Sessions that can be shared and are not. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder(MarketSession, 'session')
        .select(['session.id'])
        .where("session.state = 'SETTLED' AND session.missing_deliveries = 0")
        .andWhere(
          `NOT EXISTS (SELECT FROM market_sharing sharing
            WHERE sharing.session_id = session.id AND sharing.settlement_version = session.settlement_version)`,
        )
        .getMany(),
    );
    return rows.map(({ id }) => id);
  }

  private load(sessionId: string): Promise<Facts | null> {
    return this.database.asSystem(async (manager) => {
      // Held: else a re-settlement could come between what is read of the session and of its members.
      const session = await holdSession(manager, sessionId, 'shared');
      if (session.state !== 'SETTLED' || session.missingDeliveries !== 0) return null;
      const settlementVersion = session.settlementVersion!;
      if (await manager.existsBy(MarketSharing, { sessionId, settlementVersion })) return null;
      const settlements = await newestSettlements(manager, sessionId);
      const orders = await manager.findBy(MarketOrder, { sessionId });
      return {
        session,
        orders,
        lots: await revealedLots(manager, session),
        feeder: await sessionFeeder(manager, session),
        tenants: new Map(
          [...orders, ...settlements].map(({ participantId, tenantId }) => [participantId, tenantId]),
        ),
        intraday: await manager.existsBy(MarketTrade, { sessionId, venue: 'intraday' }),
        deliveries: await newestStatements(manager, session),
        surplus: {
          marketMinor: BigInt(session.marketMinor ?? 0),
          saved: settlements.map(({ participantId, savingsMinor }) => ({
            member: participantId,
            savedMinor: BigInt(savingsMinor),
          })),
        },
      };
    });
  }

  private async save({ session, tenants, surplus }: Facts, outcomes: readonly Outcome[]): Promise<void> {
    const sessionId = session.id;
    const settlementVersion = session.settlementVersion!;
    const surplusMinor = toSafeInteger(
      surplus.saved.reduce((sum, { savedMinor }) => sum + savedMinor, surplus.marketMinor),
    );
    await this.database.asSystem(async (manager) => {
      await holdSession(manager, sessionId, 'exclusive');
      if (await manager.existsBy(MarketSharing, { sessionId, settlementVersion })) return;
      const sharings = outcomes.map(({ method, refusal }) => ({ sessionId, method, settlementVersion, tenantId: session.tenantId, surplusMinor, refusal })); // prettier-ignore
      await manager.insert(MarketSharing, sharings);
      const rows = outcomes.flatMap(({ method, shares }) =>
        shares.map(({ member, savedMinor, shareMinor, standardErrorMinor }) => ({
          sessionId,
          method,
          settlementVersion,
          participantId: member,
          tenantId: tenants.get(member)!,
          organiserId: session.tenantId,
          savedMinor: toSafeInteger(savedMinor),
          shareMinor: toSafeInteger(shareMinor),
          standardErrorMinor,
        })),
      );
      await insertRows(manager, MarketShare, rows);
    });
  }
}

async function slotShares({
  session,
  orders,
  lots,
  deliveries,
  intraday,
  feeder,
}: Facts): Promise<HourShares[]> {
  if (session.product !== 'energy') {
    throw new DomainError(
      'SHARES_PRODUCT',
      `expected a session of energy, got ${session.product}`,
      'conflict',
    );
  }
  if (clearsBlocks(session)) {
    throw new DomainError('SHARES_MECHANISM', 'expected slots that clear one by one, got blocks', 'conflict');
  }
  if (intraday) {
    // What members would have traded without some of them hangs on who came when: there is no game to share by.
    throw new DomainError('SHARES_INTRADAY', 'expected trades of the auction only, got some of order books');
  }
  const shares: HourShares[] = [];
  const carried = carriedTrades();
  for (const [startMs, { orders: book, clear }] of booksOf(session, orders, lots)) {
    const delivered = deliveries.filter(({ interval }) => interval.startMs === startMs);
    const hour = { orders: book, deliveries: delivered };
    const tradesOf = (some: readonly Order[]) => {
      const result = clear(some);
      return feeder === null ? result.trades : carried(feeder, slotAt(session, startMs), result, some);
    };
    shares.push(hourShapley(hour, tradesOf, session, shares.length + 1));
    // A slot of sixteen members clears 65 535 books: others get their turn in between.
    await turn();
  }
  return shares;
}

/** Power flows of coalitions a session: a minute or two of the process that serves everybody. */
const MAX_CARRIAGES = 200_000;
/** A coalition whose trades the feeder does not carry whole takes an optimum rather than one power flow. */
const CARRIAGES_OF_OPTIMUM = 30;

/** Trades of coalitions as the feeder carries them. @throws SHARES_FEEDER when these get too many */
function carriedTrades() {
  let left = MAX_CARRIAGES;
  return (feeder: SessionFeeder, slot: Interval, result: ClearingResult, orders: readonly Order[]) => {
    const { result: admitted, carriages } = carrySlot(feeder, slot, result, orders);
    const whole = carriages.every(({ admittedWh, trade }) => admittedWh === trade.quantityWh);
    left -= whole ? 1 : CARRIAGES_OF_OPTIMUM;
    if (left >= 0) return admitted.trades;
    throw new DomainError(
      'SHARES_FEEDER',
      `expected at most ${MAX_CARRIAGES} power flows for a session's coalitions, got more`,
      'limit',
    );
  };
}

async function outcomeOf(
  method: SharingMethod,
  work: () => Promise<{ readonly shares: readonly SessionShare[] }>,
): Promise<Outcome> {
  try {
    const { shares } = await work();
    return { method, shares, refusal: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { method, shares: [], refusal: error.code };
  }
}

const powersOf = ({ powers }: MarketSession): ReadonlyMap<string, number> =>
  new Map(powers.map(({ participantId, alpha }) => [participantId, alpha]));
