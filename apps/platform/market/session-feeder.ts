import type { EntityManager } from 'typeorm';
import { DomainError, type Interval, type LpSolve } from '#core';
import { blockOrders, mechanismNamed } from '#market';
import { busNamed } from '#network';
import { loadSolver } from '#optimization';
import { insertRows } from '#persistence';
import { bookId } from './books.ts';
import type { Carriage, SessionFeeder } from './carriage.ts';
import { storedFeeder } from './feeder.ts';
import { MarketCarriage, MarketConnection, MarketFeeder } from './feeders.entities.ts';
import type { MarketOrder, MarketSession } from './market.entities.ts';
import type { SessionDraft } from './session.ts';
import { isUuid } from '../pipeline/uuid.ts';

/** Flows in Wh need more than the solver's defaults. */
const TOLERANCES = { primalTolerance: 1e-9, dualTolerance: 1e-9 };

/** @throws FEEDER_UNKNOWN */
export async function findFeeder(manager: EntityManager, id: string): Promise<MarketFeeder> {
  const isId = isUuid(id);
  const feeder = isId ? await manager.findOneBy(MarketFeeder, { id }) : null;
  if (feeder !== null) return feeder;
  throw new DomainError(
    'FEEDER_UNKNOWN',
    'expected a feeder of this organisation, got none of this id',
    'not-found',
    {
      feeder: id.slice(0, 64),
    },
  );
}

/**
 * A session may honour a feeder of its organiser if it trades energy slot by slot in the auction alone, and nobody is charged
 * for the whole of what clears.
 * @throws SESSION_FEEDER, FEEDER_UNKNOWN
 */
export async function requireSessionFeeder(
  manager: EntityManager,
  { product, mechanism, intradayLeadMinutes }: SessionDraft,
  feederId: string,
): Promise<void> {
  await findFeeder(manager, feederId);
  const bySlot = mechanism !== blockOrders.name && mechanismNamed(mechanism).charges !== true;
  if (product === 'energy' && bySlot && intradayLeadMinutes === null) return;
  throw new DomainError(
    'SESSION_FEEDER',
    `expected energy, a mechanism of slots without charges and no order book on a feeder, got ${product} by ${mechanism}`,
    'invalid',
    { product, mechanism },
  );
}

/** Orders of a session with a feeder are those of participants connected to it. @throws PARTICIPANT_UNCONNECTED */
export async function requireConnected(
  manager: EntityManager,
  { feederId }: MarketSession,
  participantId: string,
): Promise<void> {
  if (feederId === null || (await manager.existsBy(MarketConnection, { feederId, participantId }))) return;
  throw new DomainError(
    'PARTICIPANT_UNCONNECTED',
    "expected a participant at a bus of the session's feeder, got one at none",
    'conflict',
    { feeder: feederId, participant: participantId },
  );
}

/** The feeder that a session honours, for the system; null for one without. */
export async function sessionFeeder(
  manager: EntityManager,
  { feederId }: MarketSession,
): Promise<SessionFeeder | null> {
  if (feederId === null) return null;
  const { network } = await findFeeder(manager, feederId);
  const feeder = storedFeeder(network);
  const connections = await manager.findBy(MarketConnection, { feederId });
  const solver = await loadSolver();
  const solve: LpSolve = (problem) => solver.solve(problem, TOLERANCES);
  const busOf = new Map(connections.map(({ participantId, bus }) => [participantId, busNamed(feeder, bus)]));
  return { feeder, busOf, solve };
}

/** Stores what became of each trade of a slot on the feeder: one row a party. `tradeIdOf` names the n-th that is carried. */
export async function storeCarriages(
  manager: EntityManager,
  place: { readonly sessionId: string; readonly slot: Interval; readonly tradeIdOf: (n: number) => string },
  { carriages, disclosable }: { readonly carriages: readonly Carriage[]; readonly disclosable: boolean },
  orders: readonly MarketOrder[],
): Promise<void> {
  const { sessionId, slot, tradeIdOf } = place;
  const byId = new Map(orders.map((row) => [bookId(row), row]));
  let carried = 0;
  const rows = carriages.flatMap((carriage, n): MarketCarriage[] => {
    const { trade, admittedWh, limits } = carriage;
    // What congestion costs is what the last trade gained: between few, or of that trade itself, the other's limit.
    const isLast = admittedWh > 0 && admittedWh < trade.quantityWh;
    const networkChargeMinor = disclosable && !isLast ? carriage.networkChargeMinor : null;
    const tradeId = admittedWh > 0 ? tradeIdOf(carried++) : null;
    return (['buy', 'sell'] as const).map((side) => {
      const order = byId.get(side === 'buy' ? trade.buyOrder : trade.sellOrder)!;
      const { tenantId, participantId, orderId } = order;
      const { bus, voltage } = side === 'buy' ? carriage.buyer : carriage.seller;
      const amounts = { proposedWh: trade.quantityWh, admittedWh, networkChargeMinor };
      const key = { tenantId, sessionId, startsAt: new Date(slot.startMs), place: n, side };
      return { ...key, participantId, orderId, tradeId, ...amounts, bus, voltage, limits: [...limits] };
    });
  });
  await insertRows(manager, MarketCarriage, rows);
}
