import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Clock } from '#core';
import { type DcatDataSet, dcatCatalogue, dcatDataSet, parsePolicy, parsePriceModel } from '#exchange';
import { Database } from '#persistence';
import { Organisation } from '../identity/identity.entities.ts';
import { decodeCursor, encodeCursor } from '../pipeline/connection.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { DataOffer, DataSet, DataSetVersion } from './catalogue.entities.ts';
import { requireReadable } from './catalogue-reader.service.ts';

const PAGE = 50;

/** The catalogue in the words of DCAT-AP, for catalogues elsewhere. */
@Injectable()
export class CatalogueDcat {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Listed data sets by their ids, a page with the address of the next. @throws CURSOR_MALFORMED */
  async page(
    { organisationId }: Principal,
    origin: string,
    after: string | null,
  ): Promise<{ readonly document: object; readonly next: string | null }> {
    const [last] = decodeCursor(after, 1) ?? [];
    const beyond = last === undefined ? null : requireUuid(last);
    return this.database.asTenant(organisationId, async (manager) => {
      const query = manager.createQueryBuilder(DataSet, 'data').where("data.status = 'listed'");
      if (beyond !== null) query.andWhere('data.id > :beyond', { beyond });
      const found = await query
        .orderBy('data.id')
        .limit(PAGE + 1)
        .getMany();
      const shown = found.slice(0, PAGE);
      const end = found.length > PAGE ? shown.at(-1) : undefined;
      const next = end === undefined ? null : `${origin}/catalogue.jsonld?after=${encodeCursor([end.id])}`;
      return { document: dcatCatalogue(await this.#described(manager, shown), origin, next), next };
    });
  }

  /** @throws DATA_SET_NOT_FOUND */
  get({ organisationId }: Principal, id: string, origin: string): Promise<object> {
    return this.database.asTenant(organisationId, async (manager) => {
      const [dataSet] = await this.#described(manager, [await requireReadable(manager, id)]);
      return dcatDataSet(dataSet!, origin);
    });
  }

  async #described(manager: EntityManager, dataSets: readonly DataSet[]): Promise<DcatDataSet[]> {
    if (dataSets.length === 0) return [];
    const ids = dataSets.map(({ id }) => id);
    const names = await manager.findBy(Organisation, { id: In(dataSets.map(({ tenantId }) => tenantId)) });
    const nameOf = new Map(names.map(({ id, name }) => [id, name]));
    const versions = await newestVersions(manager, ids);
    const offers = await this.#offers(manager, ids);
    return dataSets.map((dataSet) =>
      Object.assign({}, dataSet, {
        publisher: { id: dataSet.tenantId, name: nameOf.get(dataSet.tenantId)! },
        issuedMs: dataSet.listedAt?.getTime() ?? null,
        version: versions.get(dataSet.id) ?? null,
        offers: offers
          .filter(({ dataSetId }) => dataSetId === dataSet.id)
          .map(({ id, policy, price }) => ({
            id,
            policy: parsePolicy(policy),
            price: parsePriceModel(price),
          })),
      }),
    );
  }

  /** What anybody may ask for now. */
  #offers(manager: EntityManager, ids: readonly string[]): Promise<DataOffer[]> {
    return manager
      .createQueryBuilder(DataOffer, 'offer')
      .where("offer.dataSetId = ANY(:ids) AND offer.status = 'LISTED' AND offer.valid_from <= :now")
      .andWhere('(offer.valid_until IS NULL OR offer.valid_until > :now)')
      .setParameters({ ids, now: new Date(this.clock.nowMs()) })
      .getMany();
  }
}

async function newestVersions(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, DcatDataSet['version']>> {
  const rows = await manager
    .createQueryBuilder(DataSetVersion, 'version')
    .distinctOn(['version.data_set_id'])
    .where('version.dataSetId = ANY(:ids)', { ids })
    .orderBy('version.data_set_id')
    .addOrderBy('version.number', 'DESC')
    .getMany();
  return new Map(
    rows.map(({ dataSetId, startsAt, endsAt, createdAt, ...version }) => [
      dataSetId,
      {
        ...version,
        startMs: startsAt.getTime(),
        endMs: endsAt.getTime(),
        createdMs: createdAt.getTime(),
      },
    ]),
  );
}
