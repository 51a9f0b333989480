import type { EntityManager } from 'typeorm';
import { type DeliveryRecord, REPUTATION_SESSIONS, reputationOf } from '#market';
import { MarketReputation } from './settlement.entities.ts';

/** The newest certificates of participants, one a session, oldest first, as many as count. */
const RECORDS = `SELECT participant_id AS participant, traded_wh AS traded, deviation_wh AS deviation FROM (
    SELECT newest.*, row_number() OVER (PARTITION BY participant_id ORDER BY starts_at DESC, session_id DESC) AS age
    FROM (
      SELECT DISTINCT ON (participant_id, session_id) * FROM market_contribution
      WHERE participant_id = ANY($1) AND traded_wh > 0 ORDER BY participant_id, session_id, version DESC
    ) newest
  ) aged WHERE age <= $2 ORDER BY participant_id, age DESC`;

/**
 * Works out the reputations of participants whose deliveries were settled, in the transaction that settles: sessions in
 * the order of delivery, whenever each was settled or corrected.
 */
export async function recomputeReputations(
  manager: EntityManager,
  tenants: ReadonlyMap<string, string>,
): Promise<void> {
  if (tenants.size === 0) return;
  // Two sessions of one participant may be settled at once: the second must see the first one's record.
  await manager.query("SELECT pg_advisory_xact_lock(hashtext('market_reputation'))");
  const rows = await manager.query<{ participant: string; traded: string; deviation: string }[]>(RECORDS, [
    [...tenants.keys()],
    REPUTATION_SESSIONS,
  ]);
  const records = new Map<string, DeliveryRecord[]>([...tenants.keys()].map((id) => [id, []]));
  for (const { participant, traded, deviation } of rows)
    records.get(participant)!.push({ tradedWh: Number(traded), deviationWh: Number(deviation) });
  const reputations = [...tenants].flatMap(([participantId, tenantId]) => {
    const reputation = reputationOf(records.get(participantId)!);
    return reputation === null ? [] : [{ ...reputation, participantId, tenantId }];
  });
  if (reputations.length > 0)
    await manager.upsert(MarketReputation, reputations, ['tenantId', 'participantId']);
}
