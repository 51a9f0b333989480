import type { GridIntensity, GridSource } from '#carbon';
import { HOUR_MS, type Interval, interval, isoInstant, parseInstant } from '#core';
import { meterSlot } from '../market/signed-deliveries.ts';
import type { SiteNode } from '../node/node.ts';
import type { LocalPurchase, MeteredImport } from './member-day.ts';

export const LOAD_COLUMN = 'load_kwh';
export const PV_COLUMN = 'pv_kwh';

const GRID = `query Grid($from: DateTime!, $to: DateTime!, $seriesId: ID) {
  gridIntensity(from: $from, to: $to, seriesId: $seriesId) {
    series { id basis region source } hours { start kgCo2ePerKwh }
  }
}`;
const ACCOUNTS = `query Accounts($sessionId: ID!, $after: String) {
  carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {
    edges { node { participantId startsAt boughtWh receivedWh coveredWh } }
    pageInfo { hasNextPage endCursor }
  }
}`;

type Client = Pick<SiteNode['client'], 'request'>;

/** What the platform tells at once. */
const MOST_HOURS = 31 * 24;

interface GridAnswer {
  readonly gridIntensity: {
    readonly series: Omit<GridSource, 'zone'> & { readonly region: string };
    readonly hours: readonly { readonly start: string; readonly kgCo2ePerKwh: string }[];
  };
}

/** The community's grid series, one throughout, and its hours within `span`. @throws SERIES_UNKNOWN */
export async function gridOf(
  client: Client,
  span: Interval,
): Promise<{ readonly grid: GridIntensity; readonly source: GridSource }> {
  const kgCo2ePerKwhByHour = new Map<number, string>();
  let source: GridSource | undefined;
  for (let fromMs = span.startMs; fromMs < span.endMs; fromMs += MOST_HOURS * HOUR_MS) {
    const part = interval(fromMs, Math.min(span.endMs, fromMs + MOST_HOURS * HOUR_MS));
    // Each part asks for the series of the first.
    const { gridIntensity }: GridAnswer = await client.request(GRID, {
      from: isoInstant(part.startMs),
      to: isoInstant(part.endMs),
      seriesId: source?.id ?? null,
    });
    const { region, ...series } = gridIntensity.series;
    source ??= { ...series, zone: region };
    for (const { start, kgCo2ePerKwh } of gridIntensity.hours)
      kgCo2ePerKwhByHour.set(parseInstant(start), kgCo2ePerKwh);
  }
  const { id, basis } = source!;
  return { grid: { id, basis, kgCo2ePerKwhByHour }, source: source! };
}

interface AccountsPage {
  readonly edges: readonly {
    readonly node: {
      readonly participantId: string;
      readonly startsAt: string;
      readonly boughtWh: number;
      readonly receivedWh: number;
      readonly coveredWh: number | null;
    };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * What this participant bought in the session, by the hour, and what of it was delivered with its attributes and, within the
 * session's slots, imported.
 */
export async function purchasesOf(
  client: Client,
  sessionId: string,
  participantId: string,
  day: Interval,
): Promise<LocalPurchase[]> {
  const purchases: LocalPurchase[] = [];
  let after: string | null = null;
  do {
    // Each page names the next.
    const { carbonAccounts }: { carbonAccounts: AccountsPage } = await client.request(ACCOUNTS, {
      sessionId,
      after,
    });
    for (const { node } of carbonAccounts.edges) {
      if (node.participantId !== participantId) continue;
      const { boughtWh, receivedWh, coveredWh } = node;
      const startMs = parseInstant(node.startsAt);
      purchases.push({
        intervalStartMs: startMs - ((startMs - day.startMs) % HOUR_MS),
        boughtWh,
        attributedWh: coveredWh ?? receivedWh,
      });
    }
    after = carbonAccounts.pageInfo.hasNextPage ? carbonAccounts.pageInfo.endCursor : null;
  } while (after !== null);
  return purchases;
}

/** Net imports of the day's hours that have both readings; a site without a PV column has no PV. */
export async function meteredImports(
  { readings, clock }: Pick<SiteNode, 'readings' | 'clock'>,
  day: Interval,
): Promise<MeteredImport[]> {
  const knownMs = clock.nowMs();
  const load = await readings.hourly(LOAD_COLUMN, day, knownMs);
  const hasPv = (await readings.columns()).includes(PV_COLUMN);
  const pv = hasPv ? await readings.hourly(PV_COLUMN, day, knownMs) : undefined;
  const imports: MeteredImport[] = [];
  for (let startMs = day.startMs; startMs < day.endMs; startMs += HOUR_MS) {
    const pvKwh = pv === undefined ? 0 : valueAt(pv, startMs);
    const hour = meterSlot(valueAt(load, startMs), pvKwh);
    if (hour !== undefined) imports.push({ intervalStartMs: startMs, importWh: hour.netImportWh });
  }
  return imports;
}

/** kWh of the hour, NaN where the series does not reach. */
const valueAt = (
  series: { readonly startMs: number; readonly values: Float64Array },
  startMs: number,
): number => series.values[(startMs - series.startMs) / HOUR_MS] ?? Number.NaN;
