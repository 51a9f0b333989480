import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { addConditions, requireOrganisationIds } from '../forecasts/published-filter.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { DataOffer, DataSet, DataSetVersion } from './catalogue.entities.ts';
import type { DataSetFacetType, DataSetFilter, DataSetsArgs, OfDataSetArgs } from './catalogue.types.ts';

const MOST_SEARCHED = 200;
const MOST_VALUES = 50;

const FACETS = {
  carrier: 'data.carrier',
  kind: 'data.kind',
  organisationId: 'data.tenant_id::text',
  licence: 'data.licence',
  resolution: 'data.resolution',
  area: 'data.area',
} as const;

export const dataSetNotFound = (): DomainError =>
  new DomainError('DATA_SET_NOT_FOUND', 'expected a data set, got none of this id', 'not-found');

/** @throws DATA_SET_NOT_FOUND also for another's */
export async function requireOwnDataSet(manager: EntityManager, tenantId: string, id: string): Promise<void> {
  if (!isUuid(id) || !(await manager.existsBy(DataSet, { id, tenantId }))) throw dataSetNotFound();
}

/** What is shown of data sets: listed ones to everybody, retired ones to who has an agreement about them, all to their publisher. Row-level security says so. */
@Injectable()
export class CatalogueReader {
  constructor(private readonly database: Database) {}

  /** Listed data sets, newest first. @throws SEARCH_TOO_LONG, ORGANISATION_IDS, PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  list(principal: Principal, args: DataSetsArgs): Promise<Connection<DataSet>> {
    return this.#as(principal, (manager) => pageByCreation(listed(manager, args), args, 'DESC'));
  }

  /** How many of the listed data sets that are asked for have each value; the most frequent of each facet. */
  facets(principal: Principal, filter: DataSetFilter): Promise<DataSetFacetType[]> {
    return this.#as(principal, async (manager) => {
      const found: DataSetFacetType[] = [];
      for (const [facet, column] of Object.entries(FACETS)) {
        const rows = await listed(manager, filter)
          .select(column, 'value')
          .addSelect('count(*)::integer', 'count')
          .andWhere(`${column} IS NOT NULL`)
          .groupBy(column)
          .orderBy('2', 'DESC')
          .addOrderBy('1')
          .limit(MOST_VALUES)
          .getRawMany<{ value: string; count: number }>();
        found.push(...rows.map((row) => ({ facet, ...row })));
      }
      return found;
    });
  }

  /** Drafts and retired ones too. */
  own(principal: Principal, page: PageArgs): Promise<Connection<DataSet>> {
    return this.#as(principal, (manager) => {
      const query = manager.createQueryBuilder(DataSet, 'data');
      query.where('data.tenantId = :tenantId', { tenantId: principal.organisationId });
      return pageByCreation(query, page, 'DESC');
    });
  }

  /** @throws DATA_SET_NOT_FOUND */
  get(principal: Principal, id: string): Promise<DataSet> {
    return this.#as(principal, (manager) => requireReadable(manager, id));
  }

  /** Newest first. @throws DATA_SET_NOT_FOUND */
  versions(principal: Principal, { dataSetId, ...page }: OfDataSetArgs): Promise<Connection<DataSetVersion>> {
    return this.#as(principal, async (manager) => {
      await requireReadable(manager, dataSetId);
      const query = manager.createQueryBuilder(DataSetVersion, 'version');
      return pageByCreation(query.where('version.dataSetId = :dataSetId', { dataSetId }), page, 'DESC');
    });
  }

  /** Listed ones, and those agreed to; its publisher sees all. @throws DATA_SET_NOT_FOUND */
  offers(principal: Principal, { dataSetId, ...page }: OfDataSetArgs): Promise<Connection<DataOffer>> {
    return this.#as(principal, async (manager) => {
      await requireReadable(manager, dataSetId);
      const query = manager.createQueryBuilder(DataOffer, 'offer');
      return pageByCreation(query.where('offer.dataSetId = :dataSetId', { dataSetId }), page, 'ASC');
    });
  }

  #as<T>({ organisationId }: Principal, read: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.asTenant(organisationId, read);
  }
}

/** @throws DATA_SET_NOT_FOUND */
export async function requireReadable(manager: EntityManager, id: string): Promise<DataSet> {
  const found = isUuid(id) ? await manager.findOneBy(DataSet, { id }) : null;
  if (found === null) throw dataSetNotFound();
  return found;
}

function listed(manager: EntityManager, filter: DataSetFilter): SelectQueryBuilder<DataSet> {
  const search = filter.search?.trim();
  if (search !== undefined && search.length > MOST_SEARCHED) {
    throw new DomainError('SEARCH_TOO_LONG', `expected at most ${MOST_SEARCHED} characters, got ${search.length}`, 'limit'); // prettier-ignore
  }
  // Said beside row-level security, which shows a publisher its drafts too.
  const query = manager.createQueryBuilder(DataSet, 'data').where("data.status = 'listed'");
  addConditions(query, {
    search: ["data.search @@ websearch_to_tsquery('simple', :search)", search === '' ? undefined : search],
    carrier: ['data.carrier = :carrier', filter.carrier],
    kind: ['data.kind = :kind', filter.kind],
    tenants: ['data.tenantId = ANY(:tenants)', requireOrganisationIds(filter.organisationIds)],
    licence: ['data.licence = :licence', filter.licence],
    resolution: ['data.resolution = :resolution', filter.resolution],
    area: ['data.area = :area', filter.area],
  });
  return query;
}
