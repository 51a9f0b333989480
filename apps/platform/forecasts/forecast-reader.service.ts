import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { addAfter, type ForecastFilter, forecastQuery } from './forecast-query.ts';
import { ForecastRow } from './forecast.entity.ts';

/** A part of what a filter finds: rows after a cursor, at most so many. */
export interface PageWanted {
  readonly after: string | undefined;
  readonly limit: number;
  /** No row beyond this one. */
  readonly through?: string | undefined;
}

/** The one way in which forecasts leave the platform. */
@Injectable()
export class ForecastReader {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Rows in the order of publication. @throws ROLE_MISSING and what forecastQuery throws */
  async page(principal: Principal, filter: ForecastFilter, wanted: PageWanted): Promise<ForecastRow[]> {
    requireReader(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const query = await forecastQuery(manager, filter, this.clock);
      addAfter(query, wanted.after);
      return query.limit(wanted.limit).getMany();
    });
  }

  /** The newest row there is for the principal, '0' for none. @throws ROLE_MISSING */
  async lastSequence(principal: Principal): Promise<string> {
    requireReader(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const last = await manager
        .createQueryBuilder(ForecastRow, 'forecast')
        .orderBy('forecast.sequence', 'DESC')
        .limit(1)
        .getOne();
      return last?.sequence ?? '0';
    });
  }
}

/** Published means shared with the community: every organisation's readers see it, whoever published it. */
const requireReader = (principal: Principal): void => requireRole(principal, 'market', 'analyst', 'firm');
