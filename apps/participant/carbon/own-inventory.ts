import { exactSum, type FactorBasis, localGenerationFactor } from '#carbon';
import { DomainError, energyWhFromKwh, HOUR_MS, type Interval, isoInstant, type Json } from '#core';
import { requireInput } from '#inputs';
import { overSteps } from '#metering';
import { type InventoryResult, inventoryStudy } from '#studies';
import type { SiteNode } from '../node/node.ts';
import { gridOf, LOAD_COLUMN, meteredImports, PV_COLUMN, purchasesOf } from './day-sources.ts';
import { attributedByHour, type LocalPurchase } from './member-day.ts';

/** What of a site this needs. */
export interface InventorySite extends Pick<SiteNode, 'readings' | 'clock' | 'client'> {
  readonly enrolment: Pick<SiteNode['enrolment'], 'participantId'>;
  /** Own sessions of days that reach into it. */
  readonly sessionsWithin: (span: Interval) => readonly string[];
}

/** What the owner says beside the readings: keys of the inventory's input, and what its columns are. */
export type InventoryTerms = Readonly<Record<string, Json>>;

/** What became of a column that was imported. */
export interface CountedColumn {
  readonly column: string;
  /** Of the inventory; null: not counted, for this reason. */
  readonly activity: string | null;
  readonly reason: string | null;
  readonly hours: number;
  readonly hoursWithoutReading: number;
}

export type OwnInventory = InventoryResult & { readonly columns: readonly CountedColumn[] };

const ELECTRICITY = 'electricity';
/** Zone of a series that names none. */
const GRID = 'grid';
const LOCAL_MARKET = 'local-market';
/** Set by the site: what was metered, and by which grid. */
const OWN_KEYS = ['period', 'basis', 'listHours'];
/** Of these the net import is made. */
const NET_COLUMNS: readonly string[] = [LOAD_COLUMN, PV_COLUMN, 'net_kwh'];

/**
 * The inventory of a site's own readings, computed where they are: electricity hour by hour by the platform's grid series and
 * the attributes that its local purchases were delivered with, other columns of energy as the owner's terms say. Nothing leaves.
 * @throws TERMS_RESERVED for terms that the site sets, COLUMN_UNKNOWN for terms of a column that was not imported, SERIES_UNKNOWN
 * without a grid series, ATTRIBUTION_EXCEEDS_PURCHASE, and the codes of the inventory
 */
export async function ownInventory(
  site: InventorySite,
  period: Interval,
  { columns: said = {}, ...terms }: InventoryTerms,
): Promise<OwnInventory> {
  requireTerms(terms);
  const { grid, source } = await gridOf(site.client, period);
  const { basis } = grid;
  const region = source.zone ?? GRID;
  const electricity = await electricityActivity(site, period, region);
  const others = await otherColumns(site, period, said as Readonly<Record<string, Json>>);
  const purchases = await localPurchases(site, period);
  const input = {
    ...terms,
    period: { start: isoInstant(period.startMs), end: isoInstant(period.endMs) },
    basis,
    listHours: true,
    grids: withSeries(listOf(terms['grids']), region, { grid, source }),
    activities: [electricity.activity, ...others.activities, ...listOf(terms['activities'])],
    instruments: [
      ...(purchases.size === 0 ? [] : [localInstrument(purchases, region, basis, period.startMs)]),
      ...listOf(terms['instruments']),
    ],
  };
  const context = { progress: () => undefined };
  const result = await inventoryStudy.run(requireInput(input as Json, inventoryStudy.input), {}, context);
  return { ...result, columns: [electricity.counted, ...others.counted] };
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function requireTerms(terms: InventoryTerms): void {
  const reserved = OWN_KEYS.filter((key) => key in terms);
  if (reserved.length === 0) return;
  throw new DomainError('TERMS_RESERVED', `expected terms beside the readings, got ${reserved.join(', ')}`, 'invalid', { keys: reserved }); // prettier-ignore
}

/** The owner's words about the grid, a residual mix above all, with the platform's hours. */
function withSeries(
  said: readonly Json[],
  region: string,
  { grid, source }: Awaited<ReturnType<typeof gridOf>>,
): Json[] {
  const isOwn = (each: Json): boolean => {
    const { zone, carrier = ELECTRICITY } = each as { zone?: string; carrier?: string };
    return zone === region && carrier === ELECTRICITY;
  };
  const hours = [...grid.kgCo2ePerKwhByHour].map(([startMs, factorKgPerKwh]) => ({
    start: isoInstant(startMs),
    factorKgPerKwh,
  }));
  const own = said.find(isOwn) as Readonly<Record<string, Json>> | undefined;
  const series = { zone: region, hours, factorId: grid.id, factorSource: source.source };
  return [{ ...own, ...series }, ...said.filter((each) => !isOwn(each))];
}

const hoursOf = ({ startMs, endMs }: Interval): number[] =>
  Array.from({ length: Math.floor((endMs - startMs) / HOUR_MS) }, (_, hour) => startMs + hour * HOUR_MS);

/** Exact, as the input takes it. */
const kwhText = (wh: number): string => (wh / 1_000).toFixed(3);

async function electricityActivity(site: InventorySite, period: Interval, zone: string) {
  const imports = new Map(
    (await meteredImports(site, period)).map(({ intervalStartMs, importWh }) => [intervalStartMs, importWh]),
  );
  const hours = hoursOf(period).map((startMs) => {
    const wh = imports.get(startMs);
    return { start: isoInstant(startMs), consumptionKwh: wh === undefined ? null : kwhText(wh) };
  });
  return {
    activity: { kind: 'purchased', id: ELECTRICITY, zone, primary: true, hours },
    counted: countedOf(LOAD_COLUMN, ELECTRICITY, hours),
  };
}

const countedOf = (
  column: string,
  activity: string,
  hours: readonly { readonly consumptionKwh: unknown }[],
): CountedColumn => {
  const read = hours.filter(({ consumptionKwh }) => consumptionKwh !== null).length;
  return { column, activity, reason: null, hours: read, hoursWithoutReading: hours.length - read };
};

/** Columns of energy other than electricity, as activities that the terms make of them. */
async function otherColumns(site: InventorySite, period: Interval, said: Readonly<Record<string, Json>>) {
  const imported = await site.readings.columns();
  const unknown = Object.keys(said).find((column) => !imported.includes(column));
  if (unknown !== undefined) {
    throw new DomainError('COLUMN_UNKNOWN', `expected imported columns, got ${JSON.stringify(unknown.slice(0, 64))}`, 'not-found'); // prettier-ignore
  }
  const activities: Json[] = [];
  const counted: CountedColumn[] = [];
  for (const column of imported.filter((name) => overSteps(name) === 'sum' && !NET_COLUMNS.includes(name))) {
    const terms = said[column] as Readonly<Record<string, Json>> | undefined;
    if (terms === undefined) {
      counted.push({ column, activity: null, reason: 'no-terms', hours: 0, hoursWithoutReading: 0 });
      continue;
    }
    // One column after the other: they are read from one database.
    const hours = await columnHours(site, column, period);
    activities.push({ id: column, primary: true, ...terms, ...amountOf(terms, hours) });
    counted.push(countedOf(column, column, hours));
  }
  return { activities, counted };
}

type ColumnHours = readonly { readonly start: string; readonly consumptionKwh: string | null }[];

async function columnHours(
  { readings, clock }: InventorySite,
  column: string,
  period: Interval,
): Promise<ColumnHours> {
  const { startMs, values } = await readings.hourly(column, period, clock.nowMs());
  return hoursOf(period).map((at) => {
    const value = values[(at - startMs) / HOUR_MS] ?? Number.NaN;
    return {
      start: isoInstant(at),
      consumptionKwh: Number.isNaN(value) ? null : kwhText(energyWhFromKwh(value)),
    };
  });
}

/** Fuels are burnt by their sum; what comes ready to use is told by the hour. */
function amountOf(
  { kind }: Readonly<Record<string, Json>>,
  hours: ColumnHours,
): Readonly<Record<string, Json>> {
  if (kind !== 'stationary' && kind !== 'mobile') return { hours: hours.map((hour) => ({ ...hour })) };
  const read = hours.flatMap(({ consumptionKwh }) => consumptionKwh ?? []);
  return { amount: exactSum(read).toFixed(), unit: 'kWh', estimated: read.length < hours.length };
}

/** Wh that came with their seller's attributes, by the hour. */
async function localPurchases(
  { client, enrolment, sessionsWithin }: InventorySite,
  period: Interval,
): Promise<Map<number, number>> {
  const purchases: LocalPurchase[] = [];
  for (const session of sessionsWithin(period)) {
    purchases.push(...(await purchasesOf(client, session, enrolment.participantId, period)));
  }
  const within = purchases.filter(
    ({ intervalStartMs: startMs }) => startMs >= period.startMs && startMs < period.endMs,
  );
  return new Map([...attributedByHour(within)].filter(([, wh]) => wh > 0));
}

/** Locally bought energy as a contract that covers the hours it was delivered in. */
function localInstrument(
  purchases: ReadonlyMap<number, number>,
  market: string,
  basis: FactorBasis,
  atMs: number,
): Json {
  return {
    kind: 'contract',
    id: LOCAL_MARKET,
    market,
    activities: [ELECTRICITY],
    factorId: localGenerationFactor(basis, atMs).id,
    hours: [...purchases].map(([startMs, wh]) => ({ start: isoInstant(startMs), energyKwh: kwhText(wh) })),
  };
}
