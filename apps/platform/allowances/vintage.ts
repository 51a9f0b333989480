import type { EntityManager } from 'typeorm';
import { type AllowanceAccount, type RuleSet, ruleSetOf, type Vintage } from '#allowances';
import { DomainError } from '#core';
import { AllowanceAccountRow, AllowanceOrderRow } from './allowances.entities.ts';

/** A vintage that the platform keeps accounts of, with what it is counted and paid in. */
export interface KnownVintage extends Vintage {
  readonly rules: RuleSet;
  readonly codes: { readonly allowance: string; readonly currency: string };
}

/** @throws RULE_SET_MISSING for a scheme or year without rules, RULE_MISSING for one without codes */
export function requireVintage({ scheme, year }: Vintage): KnownVintage {
  const rules = ruleSetOf(scheme, year);
  if (rules.codes !== undefined) return { scheme, year, rules, codes: rules.codes };
  throw new DomainError('RULE_MISSING', `expected codes in ${rules.id}, which states none`, 'not-found');
}

/** Until the transaction ends: one change at a time of a vintage's accounts and orders. */
export async function holdVintage(manager: EntityManager, { scheme, year }: Vintage): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `allowances ${scheme} ${year}`,
  ]);
}

export interface StoredAccount {
  readonly row: AllowanceAccountRow;
  readonly account: AllowanceAccount;
}

/** An organisation's account, an empty one where nothing was ever booked, with what its sell orders wait with. */
export async function accountOf(
  manager: EntityManager,
  tenantId: string,
  { scheme, year }: Vintage,
  nowMs: number,
): Promise<StoredAccount> {
  const key = { tenantId, scheme, year };
  const row =
    (await manager.findOneBy(AllowanceAccountRow, key)) ??
    manager.create(AllowanceAccountRow, {
      ...key,
      heldTonnes: 0,
      issuedTonnes: 0,
      surrenderedTonnes: 0,
      cancelledTonnes: 0,
    });
  const waiting = await waitingOrders(manager, { scheme, year }, nowMs)
    .andWhere("o.tenantId = :tenantId AND o.side = 'sell'", { tenantId })
    .select('coalesce(sum(o.leftTonnes), 0)', 'tonnes')
    .getRawOne<{ tonnes: string }>();
  return { row, account: { heldTonnes: row.heldTonnes, reservedTonnes: Number(waiting!.tonnes) } };
}

/** Orders that neither ended nor expired. */
export const waitingOrders = (manager: EntityManager, { scheme, year }: Vintage, nowMs: number) =>
  manager
    .createQueryBuilder(AllowanceOrderRow, 'o')
    .where(
      'o.scheme = :scheme AND o.year = :year AND o.ended IS NULL AND (o.expiresAt IS NULL OR o.expiresAt > :now)',
      { scheme, year, now: new Date(nowMs) },
    );
