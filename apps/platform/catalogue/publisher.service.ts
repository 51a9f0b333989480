import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, Not } from 'typeorm';
import { type Clock, DomainError, isoInstant, quoted } from '#core';
import {
  assertSatisfiable,
  parsePolicy,
  parsePriceModel,
  policyHash,
  requirePaidBy,
  toOdrl,
} from '#exchange';
import { Database } from '#persistence';
import { namesOf } from '../agreements/party.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { CatalogueChange, DataOffer, DataSet, DataSetVersion } from './catalogue.entities.ts';
import { dataSetNotFound } from './catalogue-reader.service.ts';
import { type DataSetDraft, requireDraft, requireKey, requireVersion } from './data-set.ts';
import type {
  AddDataSetVersionInput,
  CreateDataSetInput,
  DataSetDraftInput,
  OfferDataSetInput,
} from './catalogue.types.ts';

const MOST_DATA_SETS = 10_000;
const MOST_OFFERS = 100;

/** What an organisation does with its own data sets. Roles: firm. */
@Injectable()
export class PublisherService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DATA_SET_FIELD, DATA_SET_KEY_TAKEN, DATA_SETS_LIMIT, ZONE_UNKNOWN, EIC_INVALID */
  create(principal: Principal, { key, ...input }: CreateDataSetInput): Promise<DataSet> {
    const draft = draftOf(input);
    return this.#asPublisher(principal, async (manager, tenantId) => {
      // One at a time, or two requests of one key would both find it free.
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('data_sets' || $1))", [tenantId]);
      if (await manager.existsBy(DataSet, { tenantId, key: requireKey(key) })) {
        throw new DomainError('DATA_SET_KEY_TAKEN', `expected a key that no own data set has, got ${quoted(key)}`, 'conflict', { key }); // prettier-ignore
      }
      if ((await manager.countBy(DataSet, { tenantId })) >= MOST_DATA_SETS) {
        throw new DomainError('DATA_SETS_LIMIT', `expected at most ${MOST_DATA_SETS} data sets`, 'limit');
      }
      const row = { id: randomUUID(), tenantId, key, ...draft, status: 'draft' as const, createdAt: this.#now(), listedAt: null, retiredAt: null }; // prettier-ignore
      await manager.insert(DataSet, row);
      return manager.findOneByOrFail(DataSet, { id: row.id });
    });
  }

  /** @throws DATA_SET_NOT_FOUND, DATA_SET_FIXED, and as create */
  update(principal: Principal, id: string, input: DataSetDraftInput): Promise<DataSet> {
    const draft = draftOf(input);
    return this.#change(principal, id, 'draft', async (manager) => {
      await manager.update(DataSet, { id }, draft);
    });
  }

  /** A draft that has an offer is shown to everybody from now on. @throws DATA_SET_NOT_FOUND, DATA_SET_FIXED, DATA_SET_WITHOUT_OFFER */
  list(principal: Principal, id: string): Promise<DataSet> {
    return this.#change(principal, id, 'draft', async (manager) => {
      if (!(await manager.existsBy(DataOffer, { dataSetId: id, status: 'LISTED' }))) {
        throw new DomainError('DATA_SET_WITHOUT_OFFER', 'expected an offer of the data set, got none', 'conflict'); // prettier-ignore
      }
      await manager.update(DataSet, { id }, { status: 'listed', listedAt: this.#now() });
      await recordChange(manager, id, { type: 'LISTED', createdAt: this.#now() });
    });
  }

  /** @throws DATA_SET_NOT_FOUND, DATA_SET_FIXED unless it is listed */
  retire(principal: Principal, id: string): Promise<DataSet> {
    return this.#change(principal, id, 'listed', async (manager) => {
      await manager.update(DataSet, { id }, { status: 'retired', retiredAt: this.#now() });
      await recordChange(manager, id, { type: 'RETIRED', createdAt: this.#now() });
    });
  }

  /** @throws DATA_SET_NOT_FOUND, DATA_SET_FIXED once it is retired, DATA_SET_FIELD */
  addVersion(
    principal: Principal,
    { dataSetId, start, end, sample, ...input }: AddDataSetVersionInput,
  ): Promise<DataSetVersion> {
    // A unit left out comes as undefined, whatever the input's type says.
    const columns = input.columns.map(({ unit, ...column }) => ({ ...column, unit: unit ?? null }));
    const { startMs, endMs, ...version } = requireVersion({ ...input, columns, startMs: start, endMs: end, sample: sample ?? [] }); // prettier-ignore
    return this.#asPublisher(principal, async (manager, tenantId) => {
      await requireOwn(manager, tenantId, dataSetId, ['draft', 'listed']);
      const last = await manager.findOne(DataSetVersion, { where: { dataSetId }, order: { number: 'DESC' } });
      const row = {
        id: randomUUID(),
        tenantId,
        dataSetId,
        number: (last?.number ?? 0) + 1,
        previousVersionId: last?.id ?? null,
        ...version,
        startsAt: new Date(startMs),
        endsAt: new Date(endMs),
        createdAt: this.#now(),
      };
      await manager.insert(DataSetVersion, row);
      await recordChange(manager, dataSetId, {
        type: 'VERSION_ADDED',
        versionId: row.id,
        createdAt: row.createdAt,
      });
      return manager.findOneByOrFail(DataSetVersion, { id: row.id });
    });
  }

  /**
   * Terms that can never hold are refused here, before anybody relies on them.
   * @throws DATA_SET_NOT_FOUND, DATA_SET_FIXED once it is retired, DATA_OFFERS_LIMIT, VALIDITY_RANGE, as parsePolicy,
   * POLICY_UNSATISFIABLE, as parsePriceModel, POLICY_PRICE_SHORT where the price does not pay what the policy asks itself
   */
  async offer(principal: Principal, input: OfferDataSetInput): Promise<DataOffer> {
    const policy = parsePolicy(input.policy);
    assertSatisfiable(policy);
    const price = parsePriceModel(input.price);
    requirePaidBy(policy, price, namesOf(principal.organisationId));
    const validFrom = new Date(input.validFrom ?? this.clock.nowMs());
    const validUntil = input.validUntil == null ? null : new Date(input.validUntil);
    if (validUntil !== null && validUntil <= validFrom) {
      throw new DomainError(
        'VALIDITY_RANGE',
        `expected validUntil after ${isoInstant(validFrom.getTime())}, got ${isoInstant(validUntil.getTime())}`,
      );
    }
    const hash = await policyHash(policy);
    return this.#asPublisher(principal, async (manager, tenantId) => {
      const { dataSetId } = input;
      await requireOwn(manager, tenantId, dataSetId, ['draft', 'listed']);
      if ((await manager.countBy(DataOffer, { dataSetId, status: Not('WITHDRAWN') })) >= MOST_OFFERS) {
        throw new DomainError('DATA_OFFERS_LIMIT', `expected at most ${MOST_OFFERS} offers of a data set`, 'limit'); // prettier-ignore
      }
      const row = {
        id: randomUUID(),
        tenantId,
        dataSetId,
        policy: toOdrl(policy),
        policyHash: hash,
        price: price.kind === 'free' ? null : price,
        validFrom,
        validUntil,
        status: input.unlisted ? ('UNLISTED' as const) : ('LISTED' as const),
        createdAt: this.#now(),
      };
      await manager.insert(DataOffer, row);
      const news = { type: 'OFFER_ADDED', offerId: row.id, createdAt: row.createdAt } as const;
      if (row.status === 'LISTED') await recordChange(manager, dataSetId, news);
      return manager.findOneByOrFail(DataOffer, { id: row.id });
    });
  }

  /** Agreements about it stand. @throws OFFER_NOT_FOUND */
  withdraw(principal: Principal, id: string): Promise<DataOffer> {
    return this.#asPublisher(principal, async (manager, tenantId) => {
      const own = isUuid(id) ? { id, tenantId } : null;
      const lock = { mode: 'pessimistic_write' } as const;
      const offer = own === null ? null : await manager.findOne(DataOffer, { where: own, lock });
      if (offer === null) {
        throw new DomainError('OFFER_NOT_FOUND', 'expected an own offer, got none of this id', 'not-found');
      }
      if (offer.status === 'WITHDRAWN') return offer;
      await manager.update(DataOffer, { id }, { status: 'WITHDRAWN' });
      if (offer.status === 'LISTED') {
        await recordChange(manager, offer.dataSetId, { type: 'OFFER_WITHDRAWN', offerId: id, createdAt: this.#now() }); // prettier-ignore
      }
      return Object.assign({}, offer, { status: 'WITHDRAWN' as const });
    });
  }

  #change(
    principal: Principal,
    id: string,
    from: DataSet['status'],
    change: (manager: EntityManager) => Promise<void>,
  ): Promise<DataSet> {
    return this.#asPublisher(principal, async (manager, tenantId) => {
      await requireOwn(manager, tenantId, id, [from]);
      await change(manager);
      return manager.findOneByOrFail(DataSet, { id });
    });
  }

  #asPublisher<T>(
    principal: Principal,
    run: (manager: EntityManager, tenantId: string) => Promise<T>,
  ): Promise<T> {
    requireRole(principal, 'firm');
    const { organisationId } = principal;
    return this.database.asTenant(organisationId, (manager) => run(manager, organisationId));
  }

  #now(): Date {
    return new Date(this.clock.nowMs());
  }
}

const draftOf = ({ resolution, eic, area, ...input }: DataSetDraftInput): DataSetDraft =>
  requireDraft({ ...input, resolution: resolution ?? null, eic: eic ?? null, area: area ?? null });

/** Locks it until the transaction ends, so that it does not change meanwhile. @throws DATA_SET_NOT_FOUND, DATA_SET_FIXED */
async function requireOwn(
  manager: EntityManager,
  tenantId: string,
  id: string,
  states: readonly DataSet['status'][],
): Promise<void> {
  const own = isUuid(id)
    ? await manager.findOne(DataSet, { where: { id, tenantId }, lock: { mode: 'pessimistic_write' } })
    : null;
  if (own === null) throw dataSetNotFound();
  if (states.includes(own.status)) return;
  throw new DomainError('DATA_SET_FIXED', `expected a data set that is ${states.join(' or ')}, got ${own.status}`, 'conflict'); // prettier-ignore
}

/**
 * For who follows the catalogue; of a draft there is nothing to tell. One transaction at a time, and as its last step, so that
 * changes are read in the order of their commits: whoever has read one misses none before it.
 */
async function recordChange(
  manager: EntityManager,
  dataSetId: string,
  change: Pick<CatalogueChange, 'type' | 'createdAt'> &
    Partial<Pick<CatalogueChange, 'versionId' | 'offerId'>>,
): Promise<void> {
  const { tenantId, carrier, kind, status } = await manager.findOneByOrFail(DataSet, { id: dataSetId });
  if (status === 'draft') return;
  await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('catalogue changes', 0))");
  await manager.insert(CatalogueChange, { tenantId, dataSetId, carrier, kind, ...change });
}
