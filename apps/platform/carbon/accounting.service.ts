import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  factorById,
  type GridIntensity,
  localGenerationFactor,
  SCOPE2_DISCLOSURES,
  SCOPE2_METHOD,
} from '#carbon';
import { type Clock, interval } from '#core';
import { DAY_MINUTES } from '#market';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { findSession } from '../market/session-lock.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  isCursorInstant,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { requireKey, requireUuid } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { firstAccounts, NEWEST_ACCOUNT } from './attribute-session.ts';
import { tradedEmissions } from './accounting.ts';
import type { CarbonAccount, CarbonReport } from './accounting.types.ts';
import { CarbonAccountRow, CarbonReportRow, GridSeries } from './carbon.entities.ts';
import { ACCOUNT_JOB, ACCOUNT_KEY } from './carbon.jobs.ts';
import { findSeries, loadGrid, toFactorType, toSeriesType } from './grid.service.ts';

/** Accounts settled sessions, as first settled: a report for each default grid series that covers one. */
@Injectable()
export class AccountingService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly jobs: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: ACCOUNT_JOB,
      handle: () => this.accountAll(),
      unfinished: async () =>
        (await this.unaccounted()).length > 0 ? [{ payload: {}, key: ACCOUNT_KEY }] : [],
    });
  }

  /** Accounts whatever is settled and not accounted yet, a transaction a session. */
  async accountAll(): Promise<void> {
    for (const sessionId of await this.unaccounted()) {
      // Sessions may share exports: each must see the one before.
      await this.database.asSystem((manager) => this.account(manager, sessionId));
    }
  }

  /** The newest report, or null before the session is settled or without a grid series of its day. @throws SESSION_UNKNOWN */
  async report(principal: Principal, sessionId: string): Promise<CarbonReport | null> {
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      const row = await manager
        .createQueryBuilder(CarbonReportRow, 'report')
        .innerJoin(GridSeries, 'series', 'series.id = report.series_id')
        .where('report.sessionId = :id', { id: session.id })
        .orderBy('series.importedAt', 'DESC')
        .addOrderBy('series.id')
        .limit(1)
        .getOne();
      if (row === null) return null;
      const { seriesId, factorId, ...report } = row;
      const series = await manager.findOneByOrFail(GridSeries, { id: seriesId });
      const factor = toFactorType(factorById(factorId));
      return { ...report, disclosures: SCOPE2_DISCLOSURES, series: toSeriesType(series), factor };
    });
  }

  /** The own organisation's traded hours in time order. @throws SESSION_UNKNOWN */
  async accounts(
    principal: Principal,
    sessionId: string,
    { first, after }: PageArgs,
  ): Promise<Connection<CarbonAccount>> {
    const [startsAt, participantId] = decodeCursor(after, 2) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      const query = manager
        .createQueryBuilder(CarbonAccountRow, 'account')
        .where('account.sessionId = :id', { id: session.id })
        .andWhere(NEWEST_ACCOUNT)
        .orderBy('account.startsAt')
        .addOrderBy('account.participantId')
        .limit(pageSize(first) + 1);
      if (startsAt !== undefined && participantId !== undefined) {
        query.andWhere('(account.starts_at, account.participant_id) > (:startsAt, :participantId)', {
          startsAt: requireKey(startsAt, isCursorInstant(startsAt)),
          participantId: requireUuid(participantId),
        });
      }
      return query.getMany();
    });
    return connectionOf(rows.map(toAccount), first, (account) => [
      account.startsAt.toISOString(),
      account.participantId,
    ]);
  }

  private async unaccounted(): Promise<string[]> {
    const rows = await this.database.asSystem((manager) => manager.query<{ id: string }[]>(UNACCOUNTED));
    return rows.map(({ id }) => id);
  }

  private async account(manager: EntityManager, sessionId: string): Promise<void> {
    const session = await findSession(manager, sessionId);
    const day = interval(session.startsAt.getTime(), session.endsAt.getTime());
    const hours = await firstAccounts(manager, session);
    const series = await findSeries(manager, day);
    if (series === null || (await manager.existsBy(CarbonReportRow, { sessionId, seriesId: series.id })))
      return;
    const factor = localGenerationFactor(series.basis, day.startMs);
    const grid = await loadGrid(manager, series, day);
    const { hoursWithoutIntensity, ...totals } = tradedEmissions(
      hours,
      session.resolutionMinutes === DAY_MINUTES ? withoutHours(grid) : grid,
      factor,
      day.startMs,
    );
    await manager.insert(CarbonReportRow, {
      ...totals,
      sessionId,
      seriesId: series.id,
      factorId: factor.id,
      methodVersion: SCOPE2_METHOD,
      hoursWithoutIntensity: hoursWithoutIntensity.map((ms) => new Date(ms)),
      accountedAt: new Date(this.clock.nowMs()),
    });
  }
}

/** Energy settled, and either not attributed or without a report on the default series of its day. */
const UNACCOUNTED = `
  SELECT session.id FROM market_session session
  WHERE session.state = 'SETTLED' AND session.product = 'energy' AND (
    (EXISTS (SELECT FROM market_trade trade WHERE trade.session_id = session.id)
      AND NOT EXISTS (SELECT FROM carbon_account account WHERE account.session_id = session.id))
    OR EXISTS (
      SELECT FROM (
        SELECT series.id FROM grid_series series
        WHERE series.community_default AND series.first_hour < session.ends_at AND series.last_hour >= session.starts_at
        ORDER BY series.imported_at DESC, series.id LIMIT 1
      ) newest
      WHERE NOT EXISTS (
        SELECT FROM carbon_report report WHERE report.session_id = session.id AND report.series_id = newest.id)))
  ORDER BY session.created_at, session.id`;

/** Of energy traded by the day nobody knows the hour, and so no intensity. */
const withoutHours = (grid: GridIntensity): GridIntensity => ({ ...grid, kgCo2ePerKwhByHour: new Map() });

const toAccount = ({
  tenantId: _tenant,
  sessionId: _session,
  version: _version,
  ...account
}: CarbonAccountRow): CarbonAccount => account;
