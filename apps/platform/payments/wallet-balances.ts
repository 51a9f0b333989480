import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { headRow } from '../ledger/head-row.ts';

/** In the ledger; its postings add up to the balance of the same currency. */
export const walletAccount = (organisationId: string): string => `wallet:${organisationId}`;
/** Every payment goes through it and leaves it at zero, so that each entry has one organisation in it and can be shown to it whole. */
export const CLEARING_ACCOUNT = 'exchange:clearing';

export const MAX_BALANCE_MINOR = 9_000_000_000_000_000;

/**
 * Whoever moves money waits here, before any wallet: what then follows from it in other wallets, such as payments of debts, is
 * in no order of wallets that all would keep.
 */
export async function holdWallets(manager: EntityManager): Promise<void> {
  await headRow(manager, true);
}

/** By `holdWallets`' holder; in one order for all. @throws WALLET_INSUFFICIENT, WALLET_LIMIT */
export async function moveWallets(
  manager: EntityManager,
  { currency, atMs }: { readonly currency: string; readonly atMs: number },
  moves: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [tenantId, amountMinor] of [...moves].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (amountMinor === 0) continue;
    await openWallet(manager, tenantId, currency, atMs);
    const [, moved] = await manager.query<[unknown, number]>(
      `UPDATE wallet_balance SET balance_minor = balance_minor + $3, changed_at = $4
       WHERE tenant_id = $1 AND currency = $2 AND balance_minor + $3 BETWEEN 0 AND ${MAX_BALANCE_MINOR}`,
      [tenantId, currency, amountMinor, new Date(atMs)],
    );
    if (moved === 1) continue;
    throw amountMinor < 0 ? insufficient(-amountMinor, currency) : full();
  }
}

/** A balance of 0 where there is none yet. */
async function openWallet(
  manager: EntityManager,
  tenantId: string,
  currency: string,
  atMs: number,
): Promise<void> {
  await manager.query(
    'INSERT INTO wallet_balance (tenant_id, currency, balance_minor, changed_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING',
    [tenantId, currency, new Date(atMs)],
  );
}

const insufficient = (amountMinor: number, currency: string): DomainError =>
  new DomainError(
    'WALLET_INSUFFICIENT',
    `expected a wallet with ${amountMinor} minor units of ${currency}, got one with less`,
    'conflict',
    { amountMinor, currency },
  );

const full = (): DomainError =>
  new DomainError(
    'WALLET_LIMIT',
    `expected a wallet of at most ${MAX_BALANCE_MINOR} minor units, got more`,
    'conflict',
  );
