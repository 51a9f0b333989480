import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { LedgerService } from '../ledger/ledger.service.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { AGREED_OR_FREE, chargeFor } from './forecast-meter.ts';
import { addAfter, type ForecastFilter, forecastQuery } from './forecast-query.ts';
import { ForecastAgreement } from './forecast-terms.entities.ts';
import { ForecastRow } from './forecast.entity.ts';

/** A part of what a filter finds: rows after a cursor, at most so many, none beyond `through`. */
export interface PageWanted {
  readonly after: string | undefined;
  readonly limit: number;
  readonly through?: string;
}

export interface ForecastRows {
  readonly rows: readonly ForecastRow[];
  readonly hasMore: boolean;
}

/** The one way in which forecasts leave the platform: what is priced is charged for as it is read. */
@Injectable()
export class ForecastReader {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Rows in the order of publication, as row-level security shows them to the organisation: its own, free ones, and those
   * of days it has paid for, which under an agreement it does in the same transaction.
   * @throws ROLE_MISSING and what forecastQuery throws
   */
  async page(principal: Principal, filter: ForecastFilter, wanted: PageWanted): Promise<ForecastRows> {
    requireReader(principal);
    const consumer = principal.organisationId;
    const free = await this.database.asTenant(consumer, async (manager) =>
      (await manager.existsBy(ForecastAgreement, { tenantId: consumer }))
        ? undefined
        : this.#read(manager, consumer, filter, wanted),
    );
    if (free !== undefined) return free;
    return this.database.asSystem(async (manager) => {
      // What is published meanwhile is left to the next page, so that nothing is passed over unpaid.
      const through = wanted.through ?? (await newestSequence(manager));
      const { rows, hasMore } = await this.#read(manager, consumer, filter, { ...wanted, through });
      await chargeFor(manager, this.ledger, { consumer, rows, nowMs: this.clock.nowMs() });
      await this.database.narrow(manager, consumer);
      const paid = await this.#read(manager, consumer, filter, { ...wanted, through });
      // Whether there is more was seen before: what is not paid for is not seen now.
      return { rows: paid.rows, hasMore };
    });
  }

  /** The newest row there is, whoever may read it: nothing that is published later is before it. @throws ROLE_MISSING */
  async lastSequence(principal: Principal): Promise<string> {
    requireReader(principal);
    return this.database.asSystem(newestSequence);
  }

  async #read(
    manager: EntityManager,
    consumer: string,
    filter: ForecastFilter,
    { after, limit, through }: PageWanted,
  ): Promise<ForecastRows> {
    const query = await forecastQuery(manager, filter, this.clock);
    query.andWhere(AGREED_OR_FREE, { consumer }).limit(limit + 1);
    addAfter(query, after);
    if (through !== undefined) query.andWhere('forecast.sequence <= :through', { through });
    const rows = await query.getMany();
    return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
  }
}

async function newestSequence(manager: EntityManager): Promise<string> {
  const last = await manager
    .createQueryBuilder(ForecastRow, 'forecast')
    .orderBy('forecast.sequence', 'DESC')
    .limit(1)
    .getOne();
  return last?.sequence ?? '0';
}

/** Published means shared with the community: every organisation's readers see it, whoever published it. */
const requireReader = (principal: Principal): void => requireRole(principal, 'market', 'analyst', 'firm');
