import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Interval } from '#core';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { held } from './agreement-ends.ts';
import { ForecastAgreement, ForecastCharge } from './forecast-terms.entities.ts';
import { type ChargedDay, dayAt, draftsOf } from './forecast-terms.ts';
import type { ForecastRow } from './forecast.entity.ts';

/** Of whom to read what, as SQL over `forecast`: own rows, free rows, and priced ones under an agreement or paid before one ended. */
export const AGREED_OR_FREE = `(forecast.tenant_id = :consumer
  OR NOT EXISTS (SELECT FROM forecast_terms t WHERE t.tenant_id = forecast.tenant_id AND t.series = forecast.series
    AND forecast.interval_start >= t.starts_at AND forecast.interval_start < t.ends_at)
  OR EXISTS (SELECT FROM forecast_agreement a WHERE a.tenant_id = :consumer AND a.publisher_id = forecast.tenant_id
    AND a.series = forecast.series
    AND forecast.interval_start >= a.starts_at AND forecast.interval_start < a.ends_at
    AND NOT EXISTS (SELECT FROM forecast_agreement_end e
      WHERE e.agreement_id = a.id AND forecast.interval_start >= e.ends_at))
  OR EXISTS (SELECT FROM forecast_charge c WHERE c.tenant_id = :consumer AND c.publisher_id = forecast.tenant_id
    AND c.series = forecast.series
    AND forecast.interval_start >= c.starts_at AND forecast.interval_start < c.ends_at))`;

/**
 * Charges the consumer for the delivery days of rows that it is about to read under its agreements, and books it, in the
 * caller's system transaction: days it has paid for cost nothing again, and of two readers at once one pays.
 */
export async function chargeFor(
  manager: EntityManager,
  ledger: LedgerService,
  { consumer, rows, nowMs }: { consumer: string; rows: readonly ForecastRow[]; nowMs: number },
): Promise<void> {
  const days = readDays(rows, await agreementsAbout(manager, consumer, rows));
  const cohorts = new Map<string, readonly string[]>();
  const charged: ChargedDay[] = [];
  // In one order for all, so that two readers never wait for each other.
  for (const [, { agreement, day, taskCardHash }] of [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const hash = taskCardHash ?? '';
    if (!cohorts.has(hash)) cohorts.set(hash, await releasedCohort(manager, hash));
    const contributors = cohorts.get(hash)!;
    const { publisherId: publisher, series, zone, pricePerDayMinor: priceMinor, currency } = agreement;
    const charge = {
      id: randomUUID(),
      consumer,
      publisher,
      series,
      zone,
      day,
      priceMinor,
      currency,
      contributors,
    };
    if (await insertCharge(manager, charge, { agreement, taskCardHash, nowMs })) charged.push(charge);
  }
  const bookings = charged
    .flatMap((charge) => draftsOf(charge, nowMs))
    .map(({ holder, draft }) => ({ draft, holders: [holder] }));
  if (bookings.length > 0) await ledger.append(manager, bookings);
}

/** Those that reach into the time the rows span: there may be years of others. */
async function agreementsAbout(
  manager: EntityManager,
  consumer: string,
  rows: readonly ForecastRow[],
): Promise<ForecastAgreement[]> {
  if (rows.length === 0) return [];
  const starts = rows.map(({ intervalStart }) => intervalStart.getTime());
  const [first, last] = [Math.min(...starts), Math.max(...starts)].map((ms) => new Date(ms));
  const agreements = await manager
    .createQueryBuilder(ForecastAgreement, 'agreement')
    .where('agreement.tenantId = :consumer', { consumer })
    .andWhere('agreement.endsAt > :first AND agreement.startsAt <= :last', { first, last })
    .getMany();
  return held(manager, agreements);
}

interface ReadDay {
  readonly agreement: ForecastAgreement;
  readonly day: Interval;
  /** Of the newest row of the day that is read. */
  readonly taskCardHash: string | null;
}

function readDays(
  rows: readonly ForecastRow[],
  agreements: readonly ForecastAgreement[],
): Map<string, ReadDay> {
  const days = new Map<string, ReadDay>();
  for (const { tenantId, series, intervalStart, taskCardHash } of rows) {
    const agreement = agreements.find(
      (each) =>
        each.publisherId === tenantId &&
        each.series === series &&
        each.startsAt <= intervalStart &&
        intervalStart < each.endsAt,
    );
    if (agreement === undefined) continue;
    const day = dayAt(agreement.zone, intervalStart.getTime());
    days.set(`${tenantId} ${series} ${day.startMs}`, { agreement, day, taskCardHash });
  }
  return days;
}

/** False where the day has been paid for. */
async function insertCharge(
  manager: EntityManager,
  { id, consumer, publisher, series, day, priceMinor, currency, contributors }: ChargedDay,
  of: { agreement: ForecastAgreement; taskCardHash: string | null; nowMs: number },
): Promise<boolean> {
  const insert = manager.createQueryBuilder().insert().into(ForecastCharge);
  const inserted = await insert
    .values({
      id,
      tenantId: consumer,
      agreementId: of.agreement.id,
      publisherId: publisher,
      series,
      startsAt: new Date(day.startMs),
      endsAt: new Date(day.endMs),
      priceMinor,
      currency,
      taskCardHash: of.taskCardHash,
      contributors: contributors.length,
      createdAt: new Date(of.nowMs),
    })
    .orIgnore()
    .returning('id')
    .execute();
  return (inserted.raw as readonly unknown[]).length > 0;
}

/** Organisations whose uploads are in a released sum of the task; none for a model of no task, or of one that released nothing. */
async function releasedCohort(manager: EntityManager, cardHash: string): Promise<string[]> {
  const rows = await manager.query<{ organisation: string }[]>(
    `SELECT DISTINCT upload->>'organisation' AS organisation
     FROM federation_task task
     JOIN federation_entry close ON close.task_id = task.id AND close.message->>'kind' = 'close'
     JOIN federation_entry release ON release.task_id = task.id AND release.message->>'kind' = 'release'
       AND release.message->>'round' = close.message->>'round'
     CROSS JOIN LATERAL json_array_elements(close.message->'payload'->'uploads') AS upload
     WHERE task.card_hash = $1 AND task.phase = 'released'
     ORDER BY 1`,
    [cardHash],
  );
  return rows.map(({ organisation }) => organisation);
}
