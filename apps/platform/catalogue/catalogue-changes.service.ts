import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Database } from '#persistence';
import { addConditions, requireOrganisationIds } from '../forecasts/published-filter.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
} from '../pipeline/connection.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CatalogueChange, DataSet } from './catalogue.entities.ts';
import type { CatalogueChangesArgs, CatalogueChangesFilter } from './catalogue-changes.types.ts';

/** News reach a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;

export interface ShownChange {
  readonly cursor: string;
  readonly change: CatalogueChange;
  /** As it is now; null where it is seen no more. */
  readonly dataSet: DataSet | null;
}

/** What happens to listed data sets, to every member: nothing is recorded of drafts, and row-level security shows what is seen now. */
@Injectable()
export class CatalogueChanges {
  constructor(private readonly database: Database) {}

  /** From the first on, in their order. @throws ORGANISATION_IDS, PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  async list(
    principal: Principal,
    { first, after, ...filter }: CatalogueChangesArgs,
  ): Promise<Connection<ShownChange>> {
    const limit = pageSize(first) + 1;
    const shown = await this.#inTenant(principal, (manager) =>
      changesAfter(manager, filter, placeOf(after), limit),
    );
    return connectionOf(shown, first, ({ change }) => [change.sequence]);
  }

  /** After a cursor or from now on. @throws ORGANISATION_IDS, CURSOR_MALFORMED */
  async follow(
    principal: Principal,
    filter: CatalogueChangesFilter,
    after: string | null,
  ): Promise<AsyncIterableIterator<ShownChange>> {
    placeOf(after);
    requireOrganisationIds(filter.organisationIds);
    const read = (cursor: string): Promise<ShownChange[]> =>
      this.#inTenant(principal, (manager) => changesAfter(manager, filter, placeOf(cursor), FOLLOW_PAGE));
    const start = after ?? (await this.#inTenant(principal, endOfChanges));
    return followCursor({ read, cursorOf: ({ cursor }) => cursor }, start, POLL_MS);
  }

  #inTenant<T>({ organisationId }: Principal, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.asTenant(organisationId, work);
  }
}

/** @throws CURSOR_MALFORMED */
function placeOf(cursor: string | null | undefined): string {
  const [sequence = '0'] = decodeCursor(cursor, 1) ?? [];
  return requireInteger(sequence);
}

async function endOfChanges(manager: EntityManager): Promise<string> {
  const [newest] = await manager.find(CatalogueChange, { order: { sequence: 'DESC' }, take: 1 });
  return encodeCursor([newest?.sequence ?? '0']);
}

async function changesAfter(
  manager: EntityManager,
  { carrier, kind, organisationIds }: CatalogueChangesFilter,
  after: string,
  limit: number,
): Promise<ShownChange[]> {
  const query = manager
    .createQueryBuilder(CatalogueChange, 'change')
    .where('change.sequence > :after', { after });
  addConditions(query, {
    carrier: ['change.carrier = :carrier', carrier],
    kind: ['change.kind = :kind', kind],
    tenants: ['change.tenantId = ANY(:tenants)', requireOrganisationIds(organisationIds)],
  });
  const changes = await query.orderBy('change.sequence').limit(limit).getMany();
  if (changes.length === 0) return [];
  const dataSets = await manager.findBy(DataSet, { id: In(changes.map(({ dataSetId }) => dataSetId)) });
  const byId = new Map(dataSets.map((dataSet) => [dataSet.id, dataSet]));
  return changes.map((change) => ({
    cursor: encodeCursor([change.sequence]),
    change,
    dataSet: byId.get(change.dataSetId) ?? null,
  }));
}
