import { type EntityManager, In } from 'typeorm';
import { DomainError } from '#core';
import { ForecastProductRow, ModelDecisionRow } from './product.entities.ts';
import { type Decided, type Standing, STANDING_KINDS, standingOf } from './standing.ts';
import { isUuid } from '../pipeline/uuid.ts';

/** @throws PRODUCT_UNKNOWN */
export async function requireProductRow(manager: EntityManager, id: string): Promise<ForecastProductRow> {
  const product = isUuid(id) ? await manager.findOneBy(ForecastProductRow, { id }) : null;
  if (product) return product;
  throw new DomainError('PRODUCT_UNKNOWN', 'expected a forecast product, got another id', 'not-found');
}

/** One at a time decides about a product, and reports no score meanwhile; until the transaction ends. @throws PRODUCT_UNKNOWN */
export async function holdProduct(manager: EntityManager, id: string): Promise<ForecastProductRow> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`forecast_product ${id}`]);
  return requireProductRow(manager, id);
}

/** Models of each of the products, as far as the transaction's tenant may see them. */
export async function standings(
  manager: EntityManager,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  const decisions = await manager.find(ModelDecisionRow, {
    where: { productId: In([...productIds]), kind: In([...STANDING_KINDS]) },
    order: { sequence: 'ASC' },
  });
  return new Map(
    productIds.map((id) => [id, standingOf(decisions.filter(({ productId }) => productId === id))]),
  );
}

export async function standing(manager: EntityManager, productId: string): Promise<Standing> {
  return (await standings(manager, [productId])).get(productId)!;
}

export interface Decision extends Decided {
  readonly otherTaskId?: string | null;
  readonly day?: string | null;
  readonly statistics?: object;
}

/** Enters a decision into a product's log. */
export async function decide(
  manager: EntityManager,
  { id, tenantId }: Pick<ForecastProductRow, 'id' | 'tenantId'>,
  { otherTaskId = null, day = null, statistics = {}, ...decision }: Decision,
  nowMs: number,
): Promise<void> {
  const row = {
    tenantId,
    productId: id,
    otherTaskId,
    day,
    statistics,
    decidedAt: new Date(nowMs),
    ...decision,
  };
  await manager.insert(ModelDecisionRow, row);
}
