import { Brackets, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { type Clock, DAY_MS, DomainError, type Interval } from '#core';
import { requireProductRow } from '../models/product-store.ts';
import { closedSpans } from './forecast-gate.ts';
import { ForecastRow } from './forecast.entity.ts';
import type { ForecastSeries } from './forecast-series.ts';
import { gateRules } from './gates.service.ts';
import { addConditions, requireOrganisationIds, requireSequence, toDate } from './published-filter.ts';
import { holdPublication } from './publication-lock.ts';

/** Which forecasts, and of each interval which versions: all, or what one of the last four chooses. */
export interface ForecastFilter {
  readonly organisationIds?: readonly string[] | null | undefined;
  readonly series?: ForecastSeries | null | undefined;
  readonly productId?: string | null | undefined;
  readonly from?: number | null | undefined;
  readonly to?: number | null | undefined;
  readonly issuedAfter?: number | null | undefined;
  readonly latest?: boolean | null | undefined;
  readonly version?: number | null | undefined;
  readonly asOf?: number | null | undefined;
  readonly frozen?: boolean | null | undefined;
  /** Of `frozen`. */
  readonly gate?: string | null | undefined;
}

export const DEFAULT_GATE = 'day-ahead';

/** @throws FORECAST_SELECTION where a filter chooses versions in two ways, FORECAST_VERSION unless it is ≥ 1. */
export function requireSelection({ latest, version, asOf, frozen, gate }: ForecastFilter): void {
  const chosen = [latest === true, isGiven(version), isGiven(asOf), frozen === true].filter(Boolean).length;
  if (chosen > 1 || (isGiven(gate) && frozen !== true)) {
    throw new DomainError(
      'FORECAST_SELECTION',
      'expected one of latest, version, asOf and frozen, a gate with frozen only, got another choice',
    );
  }
  if (isGiven(version) && !(Number.isInteger(version) && version >= 1)) {
    throw new DomainError('FORECAST_VERSION', 'expected a version of 1 or more, got another');
  }
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/**
 * The filter as a query in the order of publication. What it answers for an instant that has passed never changes.
 * @throws FORECAST_SELECTION, FORECAST_VERSION, FORECAST_AS_OF_LATER, FORECAST_GATE_UNKNOWN, PRODUCT_UNKNOWN, ORGANISATION_IDS
 */
export async function forecastQuery(
  manager: EntityManager,
  filter: ForecastFilter,
  clock: Clock,
): Promise<SelectQueryBuilder<ForecastRow>> {
  requireSelection(filter);
  const query = manager.createQueryBuilder(ForecastRow, 'forecast').orderBy(orderOf(filter), 'ASC');
  addConditions(query, {
    tenants: ['forecast.tenantId = ANY(:tenants)', requireOrganisationIds(filter.organisationIds)],
    series: ['forecast.series = :series', filter.series],
    product: ['forecast.productId = :product', await productOf(manager, filter.productId)],
    from: ['forecast.intervalStart >= :from', toDate(filter.from)],
    to: ['forecast.intervalStart < :to', toDate(filter.to)],
    issuedAfter: ['forecast.issuedAt > :issuedAfter', toDate(filter.issuedAfter)],
    version: ['forecast.version = :version', filter.version],
  });
  if (filter.latest === true) query.andWhere(noNewer());
  if (isGiven(filter.asOf) || filter.frozen === true) {
    await holdPublication(manager, 'shared');
    const nowMs = clock.nowMs();
    if (isGiven(filter.asOf)) addAsOf(query, filter.asOf, nowMs);
    else
      addFrozen(
        query,
        filter.gate ?? DEFAULT_GATE,
        await requireClosed(manager, filter.gate ?? DEFAULT_GATE, nowMs),
      );
  }
  return query;
}

/** The longest local days are 25 hours. */
const NARROW_MS = 2 * DAY_MS;

/**
 * The order of publication. A page of a day is found by its time and sorted: read off the key that has this order it
 * would cost all that was ever published before it, which the planner does not see, because it takes times and keys for
 * independent. A sum is no key.
 */
function orderOf({ from, to }: ForecastFilter): string {
  const narrow = isGiven(from) && isGiven(to) && to - from <= NARROW_MS;
  return narrow ? 'forecast.sequence + 0' : 'forecast.sequence';
}
/** @throws PRODUCT_UNKNOWN */
const productOf = async (
  manager: EntityManager,
  id: string | null | undefined,
): Promise<string | undefined> => (isGiven(id) ? (await requireProductRow(manager, id)).id : undefined);

/** @throws FORECAST_GATE_UNKNOWN */
async function requireClosed(manager: EntityManager, gate: string, nowMs: number): Promise<Interval[]> {
  const rules = await gateRules(manager);
  if (rules.some(({ name }) => name === gate)) return closedSpans(rules, gate, nowMs);
  throw new DomainError(
    'FORECAST_GATE_UNKNOWN',
    'expected a gate that has a rule, got none of this name',
    'not-found',
    {
      gate: gate.slice(0, 32),
    },
  );
}

/** Rows after a cursor of the list. @throws CURSOR_MALFORMED */
export const addAfter = (query: SelectQueryBuilder<ForecastRow>, after: string | undefined): void =>
  addConditions(query, { after: ['forecast.sequence > :after', requireSequence(after)] });

/**
 * No newer version for which the condition holds. OFFSET keeps it a look into the key of versions for each row found: as
 * the join that the planner would make of it, it reads the newer versions of all there is.
 */
const noNewer = (condition = 'true'): string => `NOT EXISTS (SELECT FROM forecast newer
  WHERE newer.participant_id = forecast.participant_id AND newer.series = forecast.series
    AND newer.interval_start = forecast.interval_start AND newer.version > forecast.version AND ${condition} OFFSET 0)`;

/** Issued and arrived by then, and no newer version had. */
function addAsOf(query: SelectQueryBuilder<ForecastRow>, asOfMs: number, nowMs: number): void {
  if (asOfMs > nowMs) {
    throw new DomainError('FORECAST_AS_OF_LATER', 'expected an instant that has come, got a later one');
  }
  query
    .andWhere('forecast.issuedAt <= :asOf AND forecast.publishedAt <= :asOf', { asOf: new Date(asOfMs) })
    .andWhere(noNewer('newer.issued_at <= :asOf AND newer.published_at <= :asOf'));
}

/** The last version that was not late, of intervals whose gate has closed. */
function addFrozen(query: SelectQueryBuilder<ForecastRow>, gate: string, closed: readonly Interval[]): void {
  query
    .andWhere('NOT (:gate = ANY(forecast.lateFor))', { gate })
    .andWhere(noNewer('NOT (:gate = ANY(newer.late_for))'))
    .andWhere(
      new Brackets((within) => {
        within.where('false');
        closed.forEach(({ startMs, endMs }, i) => {
          within.orWhere(`forecast.intervalStart >= :start${i} AND forecast.intervalStart < :end${i}`, {
            [`start${i}`]: new Date(startMs),
            [`end${i}`]: new Date(endMs),
          });
        });
      }),
    );
}
