import type { EntityManager } from 'typeorm';

/**
 * Until the transaction ends: publishers one at a time, so that sequence numbers become visible in their order and a
 * reader that has seen n never finds a smaller one later; whoever asks what counted at an instant waits for the publisher
 * that read its clock before, so that the answer is final. Read the clock after taking it.
 */
export async function holdPublication(manager: EntityManager, mode: 'shared' | 'exclusive'): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await manager.query(`SELECT ${lock}(hashtext('forecast'))`);
}
