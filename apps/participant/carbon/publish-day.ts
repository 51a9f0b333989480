import { type FactorBasis, type GridIntensity, localGenerationFactor } from '#carbon';
import { HOUR_MS, type Interval, isoInstant, parseInstant } from '#core';
import { meterSlot } from '../market/signed-deliveries.ts';
import type { SiteNode } from '../node/node.ts';
import { type LocalPurchase, memberDay, type MeteredImport } from './member-day.ts';
import { type EmissionsPublication, emissionsPublication } from './publication.ts';

/** What of a site's node this needs. */
interface EmissionsNode extends Pick<SiteNode, 'client' | 'readings' | 'clock'> {
  readonly enrolment: Pick<SiteNode['enrolment'], 'participantId'>;
  readonly identity: { readonly signing: Pick<SiteNode['identity']['signing'], 'privateKey'> };
}

const LOAD_COLUMN = 'load_kwh';
const PV_COLUMN = 'pv_kwh';

const GRID = `query Grid($from: DateTime!, $to: DateTime!) {
  gridIntensity(from: $from, to: $to) { series { id basis } hours { start kgCo2ePerKwh } }
}`;
const ACCOUNTS = `query Accounts($sessionId: ID!, $after: String) {
  carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {
    edges { node { participantId startsAt boughtWh receivedWh coveredWh } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const PUBLISH = `mutation Publish($input: PublishEmissionsInput!) { publishEmissions(input: $input) { version } }`;

/** Answers with what was published before, if anything was; else with what it makes. */
type Remembered = (make: () => Promise<EmissionsPublication>) => Promise<EmissionsPublication>;

/**
 * Computes the day's emissions from this site's own readings and publishes their totals. Nothing of a single hour leaves.
 * @throws SERIES_UNKNOWN without a grid series of the day, EMISSIONS_EMPTY without readings.
 */
export async function publishDayEmissions(
  node: EmissionsNode,
  sessionId: string,
  day: Interval,
  remembered: Remembered = (make) => make(),
): Promise<{ locationGrams: number; marketGrams: number; hours: number }> {
  const input = await remembered(() => dayEmissions(node, sessionId, day));
  await node.client.request(PUBLISH, { input }, { purpose: 'emissions' });
  const { locationGrams, marketGrams, hours } = input;
  return { locationGrams, marketGrams, hours };
}

async function dayEmissions(
  node: EmissionsNode,
  sessionId: string,
  day: Interval,
): Promise<EmissionsPublication> {
  const { client, enrolment, identity } = node;
  const grid = await readGrid(client, day);
  const factor = localGenerationFactor(grid.basis, day.startMs);
  const purchases = await readPurchases(client, sessionId, enrolment.participantId, day);
  const result = memberDay(day, await meteredImports(node, day), purchases, { grid, factor });
  const publisher = { participantId: enrolment.participantId, privateKey: identity.signing.privateKey };
  return emissionsPublication(publisher, result);
}

type Client = Pick<SiteNode['client'], 'request'>;

async function readGrid(client: Client, day: Interval): Promise<GridIntensity> {
  const { gridIntensity } = await client.request<{
    gridIntensity: {
      series: { id: string; basis: FactorBasis };
      hours: readonly { start: string; kgCo2ePerKwh: string }[];
    };
  }>(GRID, { from: isoInstant(day.startMs), to: isoInstant(day.endMs) });
  const { series, hours } = gridIntensity;
  return {
    ...series,
    kgCo2ePerKwhByHour: new Map(hours.map(({ start, kgCo2ePerKwh }) => [parseInstant(start), kgCo2ePerKwh])),
  };
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
async function readPurchases(
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
async function meteredImports({ readings, clock }: EmissionsNode, day: Interval): Promise<MeteredImport[]> {
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
