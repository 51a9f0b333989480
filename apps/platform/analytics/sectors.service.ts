import { Inject, Injectable } from '@nestjs/common';
import type { Sector } from '#analytics';
import { type Clock, DAY_MS, DomainError, interval } from '#core';
import { Database } from '#persistence';
import { EmissionsService } from '../carbon/emissions.service.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { OrganisationSector, SharedPortraitRow } from './analytics.entities.ts';
import type { EmissionsTrendArgs, SectorEmissionsArgs } from './analytics.types.ts';
import { type EmissionsTrend, emissionsTrend } from './emissions-trend.ts';
import {
  type BySector,
  emissionsBySector,
  portraitsBySector,
  type SectorGrams,
  type SectorLabels,
  type Sectors,
} from './sector-figures.ts';

/** All pairs of days are looked at. */
const MOST_TREND_DAYS = 400;
const MOST_PORTRAITS = 10_000;

/** Figures by sector of what members publish, and the trend of one's own. */
@Injectable()
export class SectorsService {
  constructor(
    private readonly database: Database,
    private readonly emissions: EmissionsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** States the own organisation's sector; null takes it back. @throws ROLE_MISSING */
  async state(principal: Principal, sector: Sector | null): Promise<Sector | null> {
    requireRole(principal, 'admin');
    const { organisationId } = principal;
    await this.database.asTenant(organisationId, (manager) =>
      // An upsert of the ORM would write the tenant too, which nobody may change.
      manager.query(
        `INSERT INTO organisation_sector (tenant_id, sector, stated_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) DO UPDATE SET sector = excluded.sector, stated_at = excluded.stated_at`,
        [organisationId, sector, new Date(this.clock.nowMs())],
      ),
    );
    return sector;
  }

  /** What the own organisation has stated. */
  async stated({ organisationId: tenantId }: Principal): Promise<Sector | null> {
    const row = await this.database.asTenant(tenantId, (manager) =>
      manager.findOneBy(OrganisationSector, { tenantId }),
    );
    return row?.sector ?? null;
  }

  /** @throws INTERVAL_EMPTY, EMISSIONS_TOO_MANY */
  async sectorEmissions(principal: Principal, args: SectorEmissionsArgs): Promise<BySector<SectorGrams>> {
    const { from, to, account, basis } = args;
    const sums = await this.emissions.of(principal, {
      from,
      to,
      account,
      resolution: 'total',
      zone: 'UTC',
      by: 'organisation',
    });
    return emissionsBySector(
      sums.filter((sum) => sum.basis === basis),
      await this.sectors(),
    );
  }

  /** Of everybody's newest labels. @throws PORTRAITS_TOO_MANY beyond 10 000 members */
  async sectorPortraits(): Promise<BySector<SectorLabels>> {
    const portraits = await this.database.asSystem((manager) =>
      manager
        .createQueryBuilder(SharedPortraitRow, 'shared')
        .where(
          `NOT EXISTS (SELECT FROM shared_portrait newer
             WHERE newer.participant_id = shared.participant_id AND newer.version > shared.version)`,
        )
        .orderBy('shared.sequence', 'ASC')
        .limit(MOST_PORTRAITS + 1)
        .getMany(),
    );
    if (portraits.length > MOST_PORTRAITS) {
      throw new DomainError(
        'PORTRAITS_TOO_MANY',
        `expected at most ${MOST_PORTRAITS} portraits, got more`,
        'limit',
      );
    }
    return portraitsBySector(portraits, await this.sectors());
  }

  /** Of what the own organisation has published. @throws INTERVAL_EMPTY, INTERVAL_TOO_LONG, ZONE_UNKNOWN, TREND_TOO_SHORT */
  async trend(principal: Principal, args: EmissionsTrendArgs): Promise<EmissionsTrend> {
    const { startMs, endMs } = interval(args.from, args.to);
    if (endMs - startMs > MOST_TREND_DAYS * DAY_MS) {
      throw new DomainError(
        'INTERVAL_TOO_LONG',
        `expected at most ${MOST_TREND_DAYS} days, got more`,
        'limit',
      );
    }
    if (args.leastLength < 1 || args.leastLength > MOST_TREND_DAYS) {
      throw new DomainError(
        'TREND_LEAST_LENGTH',
        `expected 1 to ${MOST_TREND_DAYS} days, got ${args.leastLength}`,
      );
    }
    const { from, to, zone, account, basis, leastLength } = args;
    const organisationIds = [principal.organisationId];
    const days = await this.emissions.of(principal, {
      from,
      to,
      zone,
      account,
      organisationIds,
      resolution: 'day',
      by: 'all',
    });
    return emissionsTrend(
      days.filter((day) => day.basis === basis),
      leastLength,
    );
  }

  private async sectors(): Promise<Sectors> {
    const rows = await this.database.asSystem((manager) => manager.find(OrganisationSector));
    return new Map(rows.map(({ tenantId, sector }) => [tenantId, sector]));
  }
}
