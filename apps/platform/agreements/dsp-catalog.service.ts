import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import { DataOffer, DataSet } from '../catalogue/catalogue.entities.ts';
import { decodeCursor, encodeCursor } from '../pipeline/connection.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { requireConsumer } from './party.ts';

const PAGE = 50;
const LISTED = `offer.status = 'LISTED' AND offer.valid_from <= :now AND (offer.valid_until IS NULL OR offer.valid_until > :now)`;

export interface OfferedDataSet {
  readonly dataSet: DataSet;
  readonly offers: readonly DataOffer[];
}

/** What a connector finds in the catalogue: data sets with a listed offer that it may see. */
@Injectable()
export class DspCatalog {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns a page and where the next one begins. @throws CURSOR_MALFORMED */
  async page(
    principal: Principal,
    after: string | null,
  ): Promise<{ found: readonly OfferedDataSet[]; next: string | null }> {
    requireConsumer(principal);
    const [last] = decodeCursor(after, 1) ?? [];
    const beyond = last === undefined ? null : requireUuid(last);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const query = this.#offered(manager)
        .orderBy('data_set.id')
        .limit(PAGE + 1);
      if (beyond !== null) query.andWhere('data_set.id > :beyond', { beyond });
      const dataSets = await query.getMany();
      const found = await this.#withOffers(manager, dataSets.slice(0, PAGE));
      const end = found.at(-1);
      const next = dataSets.length > PAGE && end !== undefined ? encodeCursor([end.dataSet.id]) : null;
      return { found, next };
    });
  }

  /** @throws DATA_SET_NOT_FOUND */
  async get(principal: Principal, id: string): Promise<OfferedDataSet> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const dataSets =
        id === '' ? [] : await this.#offered(manager).andWhere('data_set.id = :id', { id }).getMany();
      const [found] = await this.#withOffers(manager, dataSets);
      if (found !== undefined) return found;
      throw new DomainError(
        'DATA_SET_NOT_FOUND',
        'expected an offered data set, got none of this id',
        'not-found',
      );
    });
  }

  #offered(manager: EntityManager) {
    return manager
      .createQueryBuilder(DataSet, 'data_set')
      .where("data_set.status = 'listed'")
      .andWhere(
        `EXISTS (SELECT FROM data_offers offer WHERE offer.data_set_id = data_set.id AND ${LISTED})`,
        {
          now: this.#now(),
        },
      );
  }

  async #withOffers(manager: EntityManager, dataSets: readonly DataSet[]): Promise<OfferedDataSet[]> {
    if (dataSets.length === 0) return [];
    const offers = await manager
      .createQueryBuilder(DataOffer, 'offer')
      .where(LISTED, { now: this.#now() })
      .andWhere({ dataSetId: In(dataSets.map(({ id }) => id)) })
      .orderBy('offer.id')
      .getMany();
    return dataSets.map((dataSet) => ({
      dataSet,
      offers: offers.filter(({ dataSetId }) => dataSetId === dataSet.id),
    }));
  }

  #now(): Date {
    return new Date(this.clock.nowMs());
  }
}
