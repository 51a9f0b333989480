import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Change,
  DELIVERY,
  dumpTables,
  enrolmentOf,
  rowsIn,
  runDemo,
  startKeptPlatform,
  writeFirms,
} from './harness/demo-world.ts';

const STORY_MS = 600_000;

/** What a platform was told of the delivery day; firms by name, because every run draws new keys and ids. */
interface Day {
  readonly forecasts: readonly object[];
  readonly clearings: readonly object[];
  readonly orders: readonly object[];
  readonly statements: readonly object[];
  readonly savingsMinor: number;
}

interface Forecast {
  readonly organisationId: string;
  readonly intervalStart: string;
  readonly series: string;
  readonly issuedAt: string;
  readonly p10Wh: number;
  readonly p50Wh: number;
  readonly p90Wh: number;
}

const SESSIONS = `query { marketSessions(first: 1) { edges { node { id state savingsMinor } } } }`;
const PUBLISHED = `query ($id: ID!) {
  forecasts(first: 100) {
    edges { node { organisationId intervalStart series issuedAt p10Wh p50Wh p90Wh } } pageInfo { hasNextPage }
  }
  marketClearings(sessionId: $id, first: 100) { edges { node { startsAt quantityWh pricePerMwh certificate } } }
}`;

interface Connection<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo?: { readonly hasNextPage: boolean };
}

const nodes = <T>({ edges }: Connection<T>): T[] => edges.map(({ node }) => node);

/** The files as they are, and as they are but for every reading from the delivery day's 00:00 on. */
const asItWas: Change = (_, row) => row;
const otherFuture: Change = (_, row) => {
  if (row.startMs < DELIVERY.startMs) return row;
  const load = (11.25 + 1.7 * Number(row.load)).toFixed(3);
  return { ...row, load, pv: row.pv === null ? null : (0.4 * Number(row.pv)).toFixed(3) };
};

describe('what is read only after delivery', () => {
  let world: string;
  let first: Day;
  let second: Day;

  const live = async (name: string, change: Change): Promise<Day> => {
    const [data, keep] = [join(world, `${name}-data`), join(world, name)];
    const firms = await writeFirms(data, change);
    await runDemo(data, keep);
    return readDay(keep, [...firms.keys()]);
  };

  beforeAll(async () => {
    world = await mkdtemp(join(tmpdir(), 'gridcommons-future-'));
    [first, second] = await Promise.all([live('first', asItWas), live('second', otherFuture)]);
  }, STORY_MS);

  afterAll(() => rm(world, { recursive: true, force: true }));

  it('changes no forecast by a single Wh', () => {
    expect(first.forecasts).toHaveLength(4 * 24);
    expect(second.forecasts).toEqual(first.forecasts);
  });

  it('changes no order, no price and no traded quantity', () => {
    expect(first.orders.length).toBeGreaterThan(4 * 24);
    expect(second.orders).toEqual(first.orders);
    expect(first.clearings).toHaveLength(24);
    expect(second.clearings).toEqual(first.clearings);
  });

  it('changes the statements of what was delivered, and the settlement', () => {
    expect(first.statements.length).toBeGreaterThan(0);
    expect(second.statements).toHaveLength(first.statements.length);
    expect(second.statements).not.toEqual(first.statements);
    expect(second.savingsMinor).not.toBe(first.savingsMinor);
  });
});

async function readDay(keep: string, firms: readonly string[]): Promise<Day> {
  const organisations = new Map<string, string>();
  const participants = new Map<string, string>();
  for (const firm of firms) {
    const { organisationId, participantId } = await enrolmentOf(keep, firm);
    organisations.set(organisationId, firm);
    participants.set(participantId, firm);
  }
  const platform = await startKeptPlatform(keep);
  const { marketSessions } = await platform.api.request<{
    marketSessions: Connection<{ id: string; state: string; savingsMinor: number }>;
  }>(SESSIONS);
  const [session] = nodes(marketSessions);
  const { forecasts, marketClearings } = await platform.api.request<{
    forecasts: Connection<Forecast>;
    marketClearings: Connection<object>;
  }>(PUBLISHED, { id: session!.id });
  await platform.stop();
  expect(forecasts.pageInfo).toEqual({ hasNextPage: false });
  const dump = await dumpTables(join(keep, 'platform'));
  return {
    forecasts: inOrder(
      nodes(forecasts).map(({ organisationId, ...rest }) => ({
        firm: organisations.get(organisationId),
        ...rest,
      })),
    ),
    clearings: nodes(marketClearings),
    orders: rowsOfFirms(dump, 'market_order', participants, ORDER_COLUMNS),
    statements: rowsOfFirms(dump, 'market_delivery', participants, STATEMENT_COLUMNS),
    savingsMinor: session!.savingsMinor,
  };
}

const ORDER_COLUMNS = ['order_id', 'starts_at', 'side', 'quantity_wh', 'price_per_mwh'];
const STATEMENT_COLUMNS = ['starts_at', 'net_import_wh', 'net_export_wh'];

type Row = Readonly<Record<string, string | number>>;

function rowsOfFirms(
  dump: ReadonlyMap<string, Buffer>,
  table: string,
  firms: ReadonlyMap<string, string>,
  columns: readonly string[],
): object[] {
  const rows = rowsIn<Row>(dump, table).map((row) => ({
    firm: firms.get(String(row['participant_id'])),
    ...Object.fromEntries(columns.map((column) => [column, row[column]])),
  }));
  expect(rows.filter((row) => Object.values(row).includes(undefined))).toEqual([]);
  return inOrder(rows);
}

const inOrder = <T extends object>(rows: readonly T[]): T[] => {
  const keyed = rows.map((row) => [JSON.stringify(row), row] as const);
  return keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
};
