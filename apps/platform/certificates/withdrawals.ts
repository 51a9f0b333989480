import { type EntityManager, In } from 'typeorm';
import { type Interval, overlaps } from '#core';
import { givenWithin } from '../carbon/accounting.ts';
import { givenDuring } from '../carbon/attribute-session.ts';
import { type MarketSession, MarketTrade } from '../market/market.entities.ts';
import { dayOf } from '../market/session-slots.ts';
import { newestStatements } from '../market/settlement-facts.ts';
import { CertificateIssue, CertificateRow } from './certificates.entities.ts';
import { mayOverlap, ownIssuedDuring } from './issued-exports.ts';
import { endRow, partOf, whOf } from './registry-store.ts';

interface Withdrawal {
  readonly issues: readonly string[];
  /** Absent: whoever holds them. */
  readonly holderId?: string;
  readonly wh: number;
  readonly atMs: number;
}

/** Withdraws up to `wh` live Wh of issues, and says how many could not be: they are claimed, expired or in other hands. */
export async function withdrawFrom(
  manager: EntityManager,
  { issues, holderId, wh, atMs }: Withdrawal,
): Promise<number> {
  if (wh <= 0 || issues.length === 0) return Math.max(0, wh);
  const live = await manager.find(CertificateRow, {
    where: {
      issueId: In([...issues]),
      standing: true,
      state: 'live',
      ...(holderId === undefined ? {} : { participantId: holderId }),
    },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  let left = wh;
  for (const row of live) {
    const part = Math.min(left, whOf(row));
    if (part === 0) break;
    await endRow(manager, await partOf(manager, row, part, atMs), 'withdraw', atMs);
    left -= part;
  }
  return left;
}

/**
 * After a correction: of what sellers of a session had issued for themselves and still hold, withdraws what their meters do
 * not say any more once their trades are served.
 */
export async function withdrawOwnBeyondExport(
  manager: EntityManager,
  session: MarketSession,
  atMs: number,
): Promise<void> {
  const day = dayOf(session);
  const own = await ownIssuedDuring(manager, day);
  if (own.length === 0) return;
  const elsewhere = await givenDuring(manager, day, session.id);
  const soldWh = await soldBySlot(manager, session.id);
  for (const { member, interval: slot, netExportWh } of await newestStatements(manager, session)) {
    const takenWh = givenWithin(slot, member, elsewhere);
    const forTrades = Math.min(soldWh.get(`${slot.startMs} ${member}`) ?? 0, Math.max(0, netExportWh - takenWh)); // prettier-ignore
    const beyondWh = givenWithin(slot, member, own) - Math.max(0, netExportWh - takenWh - forTrades);
    if (beyondWh <= 0) continue;
    const issues = await ownIssues(manager, member, slot);
    await withdrawFrom(manager, { issues, holderId: member, wh: beyondWh, atMs });
  }
}

async function soldBySlot(manager: EntityManager, sessionId: string): Promise<ReadonlyMap<string, number>> {
  const sold = new Map<string, number>();
  for (const { sellerParticipantId, startsAt, quantityWh } of await manager.findBy(MarketTrade, {
    sessionId,
  })) {
    const key = `${startsAt.getTime()} ${sellerParticipantId}`;
    sold.set(key, (sold.get(key) ?? 0) + quantityWh);
  }
  return sold;
}

async function ownIssues(manager: EntityManager, participantId: string, slot: Interval): Promise<string[]> {
  const issues = await manager.findBy(CertificateIssue, {
    participantId,
    kind: 'production',
    startsAt: mayOverlap(slot),
  });
  return issues
    .filter(({ tradedTo }) => tradedTo === null)
    .filter(({ startsAt, endsAt }) =>
      overlaps({ startMs: startsAt.getTime(), endMs: endsAt.getTime() }, slot),
    )
    .map(({ id }) => id);
}
