import type { EntityManager } from 'typeorm';
import { DomainError, type Json } from '#core';
import type { CertificateRow } from './certificates.entities.ts';

/** Whoever receives a certificate reads and keeps all that is behind it. */
const MAX_HISTORY = 1_000;

/** @throws CERTIFICATE_HISTORY for a certificate with more events behind it than are passed on */
export async function requireShortHistory(
  manager: EntityManager,
  { eventHash: hash }: CertificateRow,
): Promise<void> {
  const behind = await manager.query<object[]>(`${BEHIND} SELECT FROM behind LIMIT $2`, [hash, MAX_HISTORY]);
  if (behind.length < MAX_HISTORY) return;
  throw new DomainError(
    'CERTIFICATE_HISTORY',
    `expected fewer than ${MAX_HISTORY} events behind a certificate that is passed on, got more; it can be claimed`,
    'limit',
    { limit: MAX_HISTORY },
  );
}

/** An event and every one behind it, in the order in which they happened; of a member those that it may read. */
export const eventsBehind = (
  manager: EntityManager,
  { eventHash: hash }: CertificateRow,
): Promise<{ hash: string; statement: Json }[]> =>
  manager.query(
    `${BEHIND} SELECT event.hash, event.statement FROM behind JOIN certificate_event event ON event.hash = behind.hash
     ORDER BY event.sequence`,
    [hash],
  );

const BEHIND = `
  WITH RECURSIVE behind(hash) AS (
    SELECT $1::text
    UNION SELECT unnest(event.parents) FROM behind JOIN certificate_event event ON event.hash = behind.hash
  )`;
