import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError, type Interval } from '#core';
import { slotsOf } from '#market';
import { loadSolver } from '#optimization';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { LedgerService } from '../ledger/ledger.service.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { clearBlockSlots } from './block-clearing.ts';
import { clearsBlocks } from './block-terms.ts';
import { bookOf, type Lots } from './books.ts';
import { carrySlot, type SessionFeeder } from './carriage.ts';
import { MarketClearing, MarketOrder, MarketSession } from './market.entities.ts';
import { placeDefaults } from './default-placement.ts';
import { isDue } from './phases.ts';
import { newestRun, publish, type SlotResult, storeSlots } from './run-store.ts';
import { MarketRun } from './runs.entities.ts';
import { SETTLE_JOB } from './session.ts';
import { sessionFeeder } from './session-feeder.ts';
import { holdSession } from './session-lock.ts';
import { countUnrevealed, REVEALED, revealedLots } from './session-lots.ts';
import { dayOf } from './session-slots.ts';

/** What a run clears next: slots that are cleared together, with all their orders. */
interface Unit {
  readonly session: MarketSession;
  readonly attempt: number;
  readonly slots: readonly Interval[];
  readonly orders: readonly MarketOrder[];
  readonly lots: Lots;
  /** Null where the session honours none. */
  readonly feeder: SessionFeeder | null;
}

/** What became of a unit: its slots' results, or the code by which it was refused. */
interface Outcome {
  readonly unit: Unit;
  readonly results: readonly SlotResult[];
  readonly refusal: string | null;
}

/**
 * The clearing job: a run clears a closed session one unit at a time and stores each in a transaction of its own, together
 * with how far it is. Whoever takes over from a process that died goes on with the first slot not stored; orders are sealed
 * and mechanisms pure, so that it is as if nothing had happened. Members see nothing of it before the last slot is there.
 */
@Injectable()
export class ClearingService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
    private readonly ledger: LedgerService,
  ) {}

  /**
   * Clears a session that is closed, or open past its gate, unless its last run has ended; any other it leaves alone, so
   * that it may run twice.
   */
  async clear(sessionId: string): Promise<void> {
    let next = await this.#advance(sessionId);
    // The solving is done outside of transactions: it may take long.
    while (typeof next === 'object') next = await this.#advance(sessionId, await outcomeOf(next));
    // A session without a trade has nothing to wait for.
    if (next === 'cleared') await this.queue.enqueue(SETTLE_JOB, { sessionId }, { key: sessionId });
  }

  /** Sessions whose clearing is due or under way. */
  async unfinished(): Promise<string[]> {
    const rows = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder(MarketSession, 'session')
        .select(['session.id'])
        .where(
          `((session.state = 'CLOSED' AND NOT EXISTS (${FAILED_LAST}))
            OR (session.state = 'OPEN' AND session.gate_closes_at <= :now))`,
        )
        .andWhere(REVEALED)
        .setParameters({ now: new Date(this.clock.nowMs()) })
        .getMany(),
    );
    return rows.map(({ id }) => id);
  }

  /** Stores an outcome, if it is still wanted, and says what to clear next. */
  #advance(sessionId: string, outcome?: Outcome): Promise<Unit | 'cleared' | 'at rest'> {
    return this.database.asSystem(async (manager) => {
      const session = await holdSession(manager, sessionId, 'exclusive');
      const due = isDue(session, this.clock.nowMs(), await countUnrevealed(manager, sessionId));
      const run = due && (await this.#running(manager, session));
      if (!run) return 'at rest';
      const wanted = outcome?.unit.attempt === run.attempt ? outcome : undefined;
      if (typeof wanted?.refusal === 'string') {
        await this.#end(manager, run, { state: 'FAILED', reason: wanted.refusal });
        return 'at rest';
      }
      const left = await storeOutcome(manager, session, run, wanted);
      if (left.length > 0) return unitOf(manager, session, run.attempt, left);
      await publish(manager, session);
      await this.#end(manager, run, { state: 'DONE' });
      return 'cleared';
    });
  }

  /** The run to go on with, begun if there is none yet, with the orders of who was not heard; null after one that ended. */
  async #running(manager: EntityManager, session: MarketSession): Promise<MarketRun | null> {
    const newest = await newestRun(manager, session.id);
    if (newest !== null) return newest.state === 'RUNNING' ? newest : null;
    await manager.update(MarketSession, { id: session.id }, { state: 'CLOSED' });
    await this.ledger.append(manager, await placeDefaults(manager, session, this.clock.nowMs()));
    const run: MarketRun = {
      tenantId: session.tenantId,
      sessionId: session.id,
      attempt: 1,
      state: 'RUNNING',
      slotsDone: 0,
      slotsTotal: slotsOf(dayOf(session), session.resolutionMinutes).length,
      reason: null,
      startedAt: new Date(this.clock.nowMs()),
      finishedAt: null,
    };
    await manager.insert(MarketRun, run);
    return run;
  }

  async #end(manager: EntityManager, run: MarketRun, end: Pick<MarketRun, 'state'> & Partial<MarketRun>) {
    await manager.update(MarketRun, keyOf(run), { ...end, finishedAt: new Date(this.clock.nowMs()) });
  }
}

/** A failure is not repeated by itself: its organiser looks, and starts another run or cancels. */
const FAILED_LAST = `SELECT FROM market_run run WHERE run.session_id = session.id AND run.state = 'FAILED'
  AND NOT EXISTS (SELECT FROM market_run later WHERE later.session_id = run.session_id AND later.attempt > run.attempt)`;

const keyOf = ({ tenantId, sessionId, attempt }: MarketRun) => ({ tenantId, sessionId, attempt });

/** @returns the slots that are still to be cleared */
async function storeOutcome(
  manager: EntityManager,
  session: MarketSession,
  run: MarketRun,
  outcome: Outcome | undefined,
): Promise<Interval[]> {
  const left = await slotsLeft(manager, session);
  const [first] = outcome?.unit.slots ?? [];
  // Another process may have stored it meanwhile.
  if (outcome === undefined || left[0]?.startMs !== first?.startMs) return left;
  const { results, unit } = outcome;
  await storeSlots(manager, session, results, unit.orders);
  const slotsDone = run.slotsTotal - left.length + results.length;
  await manager.update(MarketRun, keyOf(run), { slotsDone });
  return left.slice(results.length);
}

async function slotsLeft(manager: EntityManager, session: MarketSession): Promise<Interval[]> {
  const stored = await manager.find(MarketClearing, {
    select: { sessionId: true, startsAt: true },
    where: { sessionId: session.id },
  });
  const done = new Set(stored.map(({ startsAt }) => startsAt.getTime()));
  return slotsOf(dayOf(session), session.resolutionMinutes).filter(({ startMs }) => !done.has(startMs));
}

async function unitOf(
  manager: EntityManager,
  session: MarketSession,
  attempt: number,
  left: readonly Interval[],
): Promise<Unit> {
  const slots = clearsBlocks(session) ? left : left.slice(0, 1);
  const orders = await manager.findBy(MarketOrder, {
    sessionId: session.id,
    startsAt: In(slots.map(({ startMs }) => new Date(startMs))),
  });
  const lots = await revealedLots(manager, session);
  return { session, attempt, slots, orders, lots, feeder: await sessionFeeder(manager, session) };
}

async function outcomeOf(unit: Unit): Promise<Outcome> {
  try {
    return { unit, results: await resultsOf(unit), refusal: null };
  } catch (error) {
    // Anything else is a defect or a lost connection: the queue tries again, and the run is still running.
    if (!(error instanceof DomainError)) throw error;
    return { unit, results: [], refusal: error.code };
  }
}

/** The longest an integer program of blocks may take; beyond, the run fails. */
const BLOCKS_SECONDS = 20;

async function resultsOf({ session, slots, orders, lots, feeder }: Unit): Promise<readonly SlotResult[]> {
  if (clearsBlocks(session)) {
    const solver = await loadSolver();
    const limits = { timeLimitSeconds: BLOCKS_SECONDS };
    return clearBlockSlots(session, slots, orders, (program) => solver.solve(program, limits));
  }
  return slots.map((slot) => {
    const book = bookOf(session, slot.startMs, orders, lots);
    const result = book.clear(book.orders);
    return feeder === null
      ? { slot, orders: book.orders, result, carriages: [] }
      : { slot, orders: book.orders, ...carrySlot(feeder, slot, result, book.orders) };
  });
}
