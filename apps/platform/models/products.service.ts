import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import { requireSequence } from '../forecasts/published-filter.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageByCreation,
  pageSize,
} from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { ModelVersionRow } from './model-version.entity.ts';
import { ForecastProductRow, ModelDecisionRow } from './product.entities.ts';
import {
  decide,
  type Decision,
  holdProduct,
  requireProductRow,
  standing,
  standings,
} from './product-store.ts';
import { MAX_PRODUCTS, type ProductDraft, requireProduct, requireServes } from './product.ts';
import { requireVersion } from './registry.service.ts';
import { type Contender, contenders, requireChallenger, requireDistinct, type Standing } from './standing.ts';

/** A product and those of its models that the reader may see. */
export interface ProductView extends ForecastProductRow {
  readonly champion: ModelVersionRow | null;
  readonly challengers: readonly ModelVersionRow[];
}

/** Forecast products, and which models make them. Products are the operator's, who alone has the roles; row-level security takes no other's decisions. */
@Injectable()
export class ProductsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws ROLE_MISSING, PRODUCT_NAME_TAKEN, PRODUCTS_TOO_MANY and what requireProduct throws */
  async create(principal: Principal, draft: ProductDraft): Promise<ProductView> {
    requireRole(principal, 'operator', 'market');
    requireProduct(draft);
    const { organisationId: tenantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`forecast_products ${tenantId}`]);
      await requireRoom(manager, tenantId, draft.name);
      const row = manager.create(ForecastProductRow, { id: randomUUID(), tenantId, ...draft });
      return viewOf(manager, await manager.save(row));
    });
  }

  /** Everybody's, newest first. @throws PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  async list(principal: Principal, page: PageArgs): Promise<Connection<ProductView>> {
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const query = manager.createQueryBuilder(ForecastProductRow, 'product');
      const { edges, pageInfo } = await pageByCreation(query, page, 'DESC');
      const views = await viewsOf(
        manager,
        edges.map(({ node }) => node),
      );
      return { pageInfo, edges: edges.map(({ cursor }, i) => ({ cursor, node: views[i]! })) };
    });
  }

  /** @throws PRODUCT_UNKNOWN */
  async find(principal: Principal, id: string): Promise<ProductView> {
    return this.database.asTenant(principal.organisationId, async (manager) =>
      viewOf(manager, await requireProductRow(manager, id)),
    );
  }

  /** Its log, newest first: to its owner, to others what concerns models they may see. @throws PRODUCT_UNKNOWN */
  async decisions(
    principal: Principal,
    id: string,
    { first, after }: PageArgs,
  ): Promise<Connection<ModelDecisionRow>> {
    const before = requireSequence(decodeCursor(after, 1)?.[0]);
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const { id: productId } = await requireProductRow(manager, id);
      const query = manager
        .createQueryBuilder(ModelDecisionRow, 'decision')
        .where('decision.productId = :productId', { productId })
        .orderBy('decision.sequence', 'DESC')
        .limit(pageSize(first) + 1);
      if (before !== undefined) query.andWhere('decision.sequence < :before', { before });
      return query.getMany();
    });
    return connectionOf(rows, first, ({ sequence }) => [sequence]);
  }

  /** From now on the product is made by this model; again it changes nothing. @throws PRODUCT_…, MODEL_… */
  async nameChampion(principal: Principal, id: string, hash: string): Promise<ProductView> {
    return this.#change(principal, { id, hash }, ({ champion, challengers }, model) => {
      if (champion?.taskId === model.taskId) return null;
      requireDistinct({ champion: null, challengers }, model);
      return { kind: 'CHAMPION_NAMED', otherTaskId: champion?.taskId ?? null };
    });
  }

  /** Judges this model beside the champion; again it changes nothing. @throws PRODUCT_…, MODEL_…, CHALLENGER… */
  async addChallenger(principal: Principal, id: string, hash: string): Promise<ProductView> {
    return this.#change(principal, { id, hash }, (current, model) => {
      if (current.challengers.some(({ taskId }) => taskId === model.taskId)) return null;
      requireChallenger(current, model);
      return { kind: 'CHALLENGER_ADDED', otherTaskId: current.champion?.taskId ?? null };
    });
  }

  /** Where the model is no challenger it changes nothing. @throws PRODUCT_…, MODEL_… */
  async dropChallenger(principal: Principal, id: string, hash: string): Promise<ProductView> {
    return this.#change(principal, { id, hash }, ({ challengers }, model) =>
      challengers.some(({ taskId }) => taskId === model.taskId) ? { kind: 'CHALLENGER_DROPPED' } : null,
    );
  }

  async #change(
    principal: Principal,
    { id, hash }: { readonly id: string; readonly hash: string },
    rule: (current: Standing, model: Contender) => Pick<Decision, 'kind' | 'otherTaskId'> | null,
  ): Promise<ProductView> {
    requireRole(principal, 'operator', 'market');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const product = await holdProduct(manager, id);
      const model = await requireVersion(manager, hash);
      requireServes(model, product);
      const { taskId: modelTaskId, modelHash } = model;
      const change = rule(await standing(manager, id), { taskId: modelTaskId, modelHash });
      if (change) await decide(manager, product, { ...change, modelTaskId, modelHash }, this.clock.nowMs());
      return viewOf(manager, product);
    });
  }
}

async function requireRoom(manager: EntityManager, tenantId: string, name: string): Promise<void> {
  if (await manager.existsBy(ForecastProductRow, { tenantId, name }))
    throw new DomainError(
      'PRODUCT_NAME_TAKEN',
      'expected a name of no product yet, got one of another',
      'conflict',
    );
  if ((await manager.countBy(ForecastProductRow, { tenantId })) >= MAX_PRODUCTS)
    throw new DomainError(
      'PRODUCTS_TOO_MANY',
      `expected at most ${MAX_PRODUCTS} products, got one more`,
      'limit',
    );
}

const viewOf = async (manager: EntityManager, product: ForecastProductRow): Promise<ProductView> =>
  (await viewsOf(manager, [product]))[0]!;

async function viewsOf(
  manager: EntityManager,
  products: readonly ForecastProductRow[],
): Promise<ProductView[]> {
  const models = await standings(
    manager,
    products.map(({ id }) => id),
  );
  const taskIds = [...models.values()].flatMap((each) => contenders(each).map(({ taskId }) => taskId));
  const versions = await manager.findBy(ModelVersionRow, { taskId: In(taskIds) });
  const visible = new Map(versions.map((version) => [version.taskId, version]));
  return products.map(({ id, ...product }) => {
    const { champion, challengers } = models.get(id)!;
    return {
      id,
      ...product,
      champion: (champion && visible.get(champion.taskId)) ?? null,
      challengers: challengers.flatMap(({ taskId }) => visible.get(taskId) ?? []),
    };
  });
}
