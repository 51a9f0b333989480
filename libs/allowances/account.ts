import { DomainError } from '#core';
import { requireTonnes } from './rule-set.ts';

/**
 * Allowances of one holder and one compliance year, whole. What sell orders wait with is reserved: it is still held, and
 * nothing else may be done with it. Always 0 ≤ reserved ≤ held.
 */
export interface AllowanceAccount {
  readonly heldTonnes: number;
  readonly reservedTonnes: number;
}

export const EMPTY_ACCOUNT: AllowanceAccount = { heldTonnes: 0, reservedTonnes: 0 };

/** Most allowances of one account: every sum over a community stays exact. */
export const MAX_TONNES = 1_000_000_000_000;

export const freeTonnes = ({ heldTonnes, reservedTonnes }: AllowanceAccount): number =>
  heldTonnes - reservedTonnes;

/** Issued to it, or bought. @throws TONNES_INVALID, TONNES_TOO_LARGE */
export function credit(account: AllowanceAccount, tonnes: number): AllowanceAccount {
  requireTonnes(tonnes);
  const heldTonnes = account.heldTonnes + tonnes;
  if (heldTonnes <= MAX_TONNES) return { ...account, heldTonnes };
  throw new DomainError('TONNES_TOO_LARGE', `expected at most ${MAX_TONNES} tonnes in an account`, 'limit');
}

/** Surrendered or cancelled: of what is free. @throws TONNES_INVALID, ALLOWANCES_SHORT */
export function debit(account: AllowanceAccount, tonnes: number): AllowanceAccount {
  requireFree(account, tonnes);
  return { ...account, heldTonnes: account.heldTonnes - tonnes };
}

/** Behind a sell order: nobody else is sold them meanwhile. @throws TONNES_INVALID, ALLOWANCES_SHORT */
export function reserve(account: AllowanceAccount, tonnes: number): AllowanceAccount {
  requireFree(account, tonnes);
  return { ...account, reservedTonnes: account.reservedTonnes + tonnes };
}

/** Of a sell order that ended unfilled. @throws TONNES_INVALID, RESERVATION_SHORT */
export function release(account: AllowanceAccount, tonnes: number): AllowanceAccount {
  requireReserved(account, tonnes);
  return { ...account, reservedTonnes: account.reservedTonnes - tonnes };
}

/** Sold: leaves with its reservation. @throws TONNES_INVALID, RESERVATION_SHORT */
export function deliver(account: AllowanceAccount, tonnes: number): AllowanceAccount {
  requireReserved(account, tonnes);
  const { heldTonnes, reservedTonnes } = account;
  return { heldTonnes: heldTonnes - tonnes, reservedTonnes: reservedTonnes - tonnes };
}

function requireFree(account: AllowanceAccount, tonnes: number): void {
  requireTonnes(tonnes);
  const free = freeTonnes(account);
  if (tonnes <= free) return;
  throw new DomainError(
    'ALLOWANCES_SHORT',
    `expected at most the ${free} allowances that are held and free, got ${tonnes}`,
    'conflict',
    { freeTonnes: free },
  );
}

function requireReserved({ reservedTonnes }: AllowanceAccount, tonnes: number): void {
  requireTonnes(tonnes);
  if (tonnes <= reservedTonnes) return;
  throw new DomainError(
    'RESERVATION_SHORT',
    `expected at most the ${reservedTonnes} reserved allowances, got ${tonnes}`,
    'conflict',
  );
}
