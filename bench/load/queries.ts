/* What consumers ask for, drawn at random over all that there is. */
import { DAY_MS, HOUR_MS, isoInstant } from '#core';
import { type RandomSource, uniform } from '#learning';
import { type Firm, issueMs, SERIES, START_MS } from './community.ts';

const FORECASTS = `query ($organisationIds: [ID!], $series: ForecastSeries, $from: DateTime, $to: DateTime,
    $issuedAfter: DateTime, $latest: Boolean! = false, $version: Int, $asOf: DateTime, $frozen: Boolean! = false,
    $after: String) {
  forecasts(organisationIds: $organisationIds, series: $series, from: $from, to: $to, issuedAfter: $issuedAfter,
      latest: $latest, version: $version, asOf: $asOf, frozen: $frozen, first: 100, after: $after) {
    edges { node { organisationId participantId series intervalStart version p10Wh p50Wh p90Wh issuedAt publishedAt
      modelHash taskCardHash lateFor } }
    pageInfo { hasNextPage endCursor }
    notices { code }
  }
}`;
const AT = `query ($organisationId: ID!, $series: ForecastSeries!, $intervalStart: DateTime!, $asOf: DateTime!) {
  forecastAt(organisationId: $organisationId, series: $series, intervalStart: $intervalStart, asOf: $asOf) {
    version p10Wh p50Wh p90Wh
  }
}`;

interface Page {
  readonly edges: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** What is published, and a consumer's place in it. */
export interface Consumer {
  readonly firms: readonly Firm[];
  readonly days: number;
  readonly next: RandomSource;
  /** Where its walk through all that is published stands. */
  cursor: string | null;
}

const upTo = ({ next }: Consumer, count: number): number => Math.floor(uniform(next) * count);
const anyFirm = (consumer: Consumer): Firm => consumer.firms[upTo(consumer, consumer.firms.length)]!;
const anySeries = (consumer: Consumer) => SERIES[upTo(consumer, SERIES.length)]!;
const span = (day: number, days: number) => ({
  from: isoInstant(START_MS + day * DAY_MS),
  to: isoInstant(START_MS + (day + days) * DAY_MS),
});

/** By kind: the arguments of a page of at most 100 forecasts. */
const PAGES = {
  /** A firm's series for four days, what counts now. */
  series: (of) => ({
    organisationIds: [anyFirm(of).organisationId],
    series: anySeries(of),
    latest: true,
    ...span(upTo(of, of.days - 4), 4),
  }),
  /** A series of everybody for a day, every version. */
  time: (of) => ({ series: anySeries(of), ...span(upTo(of, of.days), 1) }),
  /** A series of everybody for a day, what counts now. */
  latest: (of) => ({ series: anySeries(of), latest: true, ...span(upTo(of, of.days), 1) }),
  /** A firm's first versions of a day. */
  version: (of) => ({
    organisationIds: [anyFirm(of).organisationId],
    version: 1,
    ...span(upTo(of, of.days), 1),
  }),
  /** A series of everybody for a day as it was known when the day's forecasts had just been issued. */
  asOf: (of) => {
    const day = upTo(of, of.days);
    return { series: anySeries(of), asOf: isoInstant(issueMs(day)), ...span(day, 1) };
  },
  /** What counted for everybody's day when the day-ahead gate closed. */
  frozen: (of) => ({ series: anySeries(of), frozen: true, ...span(upTo(of, of.days - 1), 1) }),
  /** The newest issue, as a consumer polls for it. */
  issued: (of) => ({ series: anySeries(of), issuedAfter: isoInstant(issueMs(of.days - 2)) }),
  /** Whatever there is, page after page. */
  pages: (of) => ({ after: of.cursor }),
} satisfies Record<string, (of: Consumer) => Record<string, unknown>>;

export const QUERY_KINDS = [...(Object.keys(PAGES) as (keyof typeof PAGES)[]), 'at'] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** One query by a firm; each finds something. @returns its milliseconds @throws where it is refused or finds nothing */
export async function ask(kind: QueryKind, consumer: Consumer, client: Firm['client']): Promise<number> {
  if (kind === 'at') return askAt(consumer, client);
  const variables = PAGES[kind](consumer);
  const before = performance.now();
  const { forecasts } = await client.request<{ forecasts: Page }>(FORECASTS, variables);
  const ms = performance.now() - before;
  if (forecasts.edges.length === 0)
    throw new Error(`expected forecasts ${JSON.stringify(variables)}, got none`);
  if (kind === 'pages')
    consumer.cursor = forecasts.pageInfo.hasNextPage ? forecasts.pageInfo.endCursor : null;
  return ms;
}

/** One interval as it was known at noon of the day its first forecast was issued. */
async function askAt(consumer: Consumer, client: Firm['client']): Promise<number> {
  const day = upTo(consumer, consumer.days);
  const variables = {
    organisationId: anyFirm(consumer).organisationId,
    series: anySeries(consumer),
    intervalStart: isoInstant(START_MS + day * DAY_MS + upTo(consumer, 24) * HOUR_MS),
    asOf: isoInstant(issueMs(day)),
  };
  const before = performance.now();
  const { forecastAt } = await client.request<{ forecastAt: unknown[] }>(AT, variables);
  const ms = performance.now() - before;
  if (forecastAt.length !== 1) throw new Error(`expected one forecast, got ${forecastAt.length}`);
  return ms;
}
