import type { EntityManager } from 'typeorm';
import type { Head } from '#ledger';
import { LedgerHead } from './ledger.entities.ts';

export const HEAD_ROW = 1;

/** Where the chain ends. Under the lock nothing is appended, nor a day closed, before the caller's transaction ends. */
export async function headRow(manager: EntityManager, lock: boolean): Promise<Head> {
  const { index, hash } = await manager.findOneOrFail(LedgerHead, {
    where: { id: HEAD_ROW },
    ...(lock ? { lock: { mode: 'pessimistic_write' as const } } : {}),
  });
  return { index, hash };
}
