import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '#core';
import { type DefaultOrder, isDefaultOrder, standingDefaults } from '#market';
import { Database } from '#persistence';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { declarationsFor, defaultSession, heardOf, timedDeclaration } from './default-placement.ts';
import { MarketDefaultPlacement, MarketDefaultWithdrawal } from './defaults.entities.ts';
import { MarketOrder, type MarketSession, MarketTrade } from './market.entities.ts';
import { phaseOf } from './phases.ts';
import { findSession } from './session-lock.ts';

/**
 * STANDING will be placed at the gate as things are; REPLACED is not, as its participant has orders or lots of its own that
 * day; WITHDRAWN neither. At the gate: PLACED, or REFUSED by a code.
 */
export const DEFAULTS_STATES = ['STANDING', 'REPLACED', 'WITHDRAWN', 'PLACED', 'REFUSED'] as const;
export type DefaultsState = (typeof DEFAULTS_STATES)[number];

export interface SessionDefaultOrder {
  readonly id: string;
  readonly startsAt: Date;
  readonly side: MarketOrder['side'];
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  /** Null until the session is cleared. */
  readonly tradedWh: number | null;
}

export interface SessionDefaults {
  readonly participantId: string;
  readonly declarationId: string;
  readonly state: DefaultsState;
  readonly reason: string | null;
  readonly hash: string | null;
  readonly orders: readonly SessionDefaultOrder[];
}

/** What stands, or was placed, by default for the own organisation's participants in a session; nobody else is told. */
@Injectable()
export class SessionDefaultsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One a participant that declared for the session, in the order of participants. @throws SESSION_UNKNOWN */
  async find({ organisationId }: Principal, sessionId: string): Promise<SessionDefaults[]> {
    return this.database.asTenant(organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      const phase = phaseOf(session, this.clock.nowMs());
      return phase === 'COMMIT' || phase === 'BID'
        ? this.#standing(manager, session)
        : placedDefaults(manager, organisationId, session);
    });
  }

  async #standing(manager: EntityManager, session: MarketSession): Promise<SessionDefaults[]> {
    // The gate is not before now.
    const gateMs = Math.max(this.clock.nowMs() + 1, session.gateClosesAt?.getTime() ?? 0);
    const declarations = await declarationsFor(manager, session, gateMs);
    const standing = standingDefaults(declarations.map(timedDeclaration), defaultSession(session, gateMs));
    const heard = new Set((await heardOf(manager, session.id, declarations)).map((each) => each.participant));
    const withdrawals = await manager.findBy(MarketDefaultWithdrawal, { sessionId: session.id });
    const withdrawn = new Set(withdrawals.map(({ participantId }) => participantId));
    return [...standing].flatMap(([participantId, orders]) => {
      const [first] = orders;
      if (first === undefined) return [];
      const silent = heard.has(participantId) ? 'REPLACED' : 'STANDING';
      const state = withdrawn.has(participantId) ? 'WITHDRAWN' : silent;
      return [{ participantId, declarationId: first.declaration, state, reason: null, hash: null, orders: orders.map(toStanding) }]; // prettier-ignore
    });
  }
}

const toStanding = ({
  order: id,
  interval,
  side,
  quantityWh,
  pricePerMwh,
}: DefaultOrder): SessionDefaultOrder => ({
  id,
  startsAt: new Date(interval.startMs),
  side,
  quantityWh,
  pricePerMwh,
  tradedWh: null,
});

async function placedDefaults(
  manager: EntityManager,
  tenantId: string,
  { id: sessionId, state }: MarketSession,
): Promise<SessionDefaults[]> {
  const placements = await manager.find(MarketDefaultPlacement, {
    where: { tenantId, sessionId },
    order: { participantId: 'ASC' },
  });
  if (placements.length === 0) return [];
  const rows = await manager.find(MarketOrder, {
    where: { tenantId, sessionId },
    order: { startsAt: 'ASC' },
  });
  const traded = state === 'CLOSED' || state === 'CANCELLED' ? null : await tradedBy(manager, sessionId);
  return placements.map(({ participantId, declarationId, hash, reason }) => ({
    participantId,
    declarationId,
    state: reason === null ? 'PLACED' : 'REFUSED',
    reason,
    hash,
    orders: rows
      .filter((row) => row.participantId === participantId && isDefaultOrder(row.orderId))
      .map(({ orderId: id, startsAt, side, quantityWh, pricePerMwh }) => {
        const tradedWh = traded === null ? null : (traded.get(`${participantId} ${side} ${id}`) ?? 0);
        return { id, startsAt, side, quantityWh, pricePerMwh, tradedWh };
      }),
  }));
}

/** Wh by participant, side and order; members see trades that they are a party of. */
async function tradedBy(manager: EntityManager, sessionId: string): Promise<ReadonlyMap<string, number>> {
  const traded = new Map<string, number>();
  for (const trade of await manager.findBy(MarketTrade, { sessionId, venue: 'auction' })) {
    for (const key of [
      `${trade.buyerParticipantId} buy ${trade.buyOrderId}`,
      `${trade.sellerParticipantId} sell ${trade.sellOrderId}`,
    ]) {
      traded.set(key, (traded.get(key) ?? 0) + trade.quantityWh);
    }
  }
  return traded;
}
