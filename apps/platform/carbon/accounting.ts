import {
  attributeTrades,
  type EmissionFactor,
  type GridIntensity,
  type MeteredExport,
  scope2Inventory,
  type TradedEnergy,
} from '#carbon';
import { HOUR_MS, type Interval, overlaps } from '#core';

/** A trade with the organisations behind its two participants. */
export interface AccountedTrade extends TradedEnergy {
  readonly sellerTenantId: string;
  readonly buyerTenantId: string;
}

/** A delivery statement: what one participant's meter said of one traded slot. */
export interface MeteredHour {
  readonly participantId: string;
  readonly startMs: number;
  readonly netImportWh: number;
  readonly netExportWh: number;
  /** Attributes of this export that other sessions have given away. */
  readonly givenElsewhereWh: number;
}

/** One participant's slot; `consumedWh` and `coveredWh` are null where the meter did not speak. */
export interface AccountHour {
  readonly participantId: string;
  readonly tenantId: string;
  readonly startMs: number;
  readonly boughtWh: number;
  readonly soldWh: number;
  readonly receivedWh: number;
  readonly givenWh: number;
  readonly consumedWh: number | null;
  readonly coveredWh: number | null;
}

/** Who may claim what of a session's traded energy, for each participant and slot that traded. */
export function accountHours(
  trades: readonly AccountedTrade[],
  metered: readonly MeteredHour[],
): AccountHour[] {
  const { attributions } = attributeTrades(trades, exportsOf(metered));
  const attributedWh = new Map(
    attributions.map((attribution) => [attribution.trade.id, attribution.attributedWh]),
  );
  const hours = new Map<string, Position>();
  for (const trade of trades) {
    const passedOnWh = attributedWh.get(trade.id) ?? 0;
    const { intervalStartMs: startMs, quantityWh } = trade;
    const buyer = positionOf(hours, { participantId: trade.buyerId, tenantId: trade.buyerTenantId, startMs });
    buyer.boughtWh += quantityWh;
    buyer.receivedWh += passedOnWh;
    const seller = positionOf(hours, {
      participantId: trade.sellerId,
      tenantId: trade.sellerTenantId,
      startMs,
    });
    seller.soldWh += quantityWh;
    seller.givenWh += passedOnWh;
  }
  const importWh = new Map(metered.map((hour) => [hourKey(hour), hour.netImportWh]));
  return [...hours.values()].map((hour) => withMeter(hour, importWh.get(hourKey(hour))));
}

export const exportsOf = (metered: readonly MeteredHour[]): MeteredExport[] =>
  metered.map(({ participantId, startMs, netExportWh, givenElsewhereWh }) => ({
    memberId: participantId,
    intervalStartMs: startMs,
    netExportWh,
    alreadyAttributedWh: givenElsewhereWh,
  }));

interface Owner {
  readonly participantId: string;
  readonly tenantId: string;
  readonly startMs: number;
}

interface Position extends Owner {
  boughtWh: number;
  soldWh: number;
  receivedWh: number;
  givenWh: number;
}

const hourKey = ({ participantId, startMs }: Pick<Owner, 'participantId' | 'startMs'>): string =>
  `${startMs} ${participantId}`;

function positionOf(hours: Map<string, Position>, owner: Owner): Position {
  const key = hourKey(owner);
  const position = hours.get(key) ?? { ...owner, boughtWh: 0, soldWh: 0, receivedWh: 0, givenWh: 0 };
  hours.set(key, position);
  return position;
}

const withMeter = (position: Position, importWh: number | undefined): AccountHour => ({
  ...position,
  consumedWh: importWh === undefined ? null : Math.min(position.boughtWh, importWh),
  coveredWh: importWh === undefined ? null : Math.min(position.receivedWh, importWh),
});

/** Attributes of one participant's export that a session has given away. */
export interface Given {
  readonly participantId: string;
  readonly slot: Interval;
  readonly givenWh: number;
}

/**
 * What others have given away of an export, by whatever slots they trade: all of every slot that overlaps this one. Of an hour
 * before its quarters it counts against each quarter, so that no Wh leaves twice, though some may not leave at all.
 */
export function givenWithin(slot: Interval, participantId: string, given: readonly Given[]): number {
  return given
    .filter((other) => other.participantId === participantId && overlaps(other.slot, slot))
    .reduce((sum, { givenWh }) => sum + givenWh, 0);
}
/** With fewer organisations a member could subtract itself and learn about fewer than three others. */
export const MIN_ORGANISATIONS = 4;

/** Totals over a session's traded energy; null where too few organisations are in them: who only sells consumed nothing of it. */
export interface TradedEmissions {
  readonly organisations: number;
  readonly tradedWh: number;
  /** Traded hours of a participant without a delivery statement: their consumption is in no total. */
  readonly missingDeliveries: number;
  readonly hoursWithoutIntensity: readonly number[];
  readonly attributedWh: number | null;
  readonly consumedWh: number | null;
  readonly coveredWh: number | null;
  readonly locationGrams: number | null;
  readonly marketGrams: number | null;
}

/**
 * Emissions of traded energy that was consumed, both ways. Linear in each hour, so the sum over buyers is exact. What was
 * covered within parts of an hour is covered within it: covered ≤ consumed in each.
 * @param dayStartMs where the hours of the grid series begin to count
 */
export function tradedEmissions(
  hours: readonly AccountHour[],
  grid: GridIntensity,
  factor: EmissionFactor,
  dayStartMs = 0,
): TradedEmissions {
  const inventory = scope2Inventory(consumptionByHour(hours, dayStartMs), grid, factor);
  const consumed = told(hours, ({ boughtWh, consumedWh }) => boughtWh > 0 && consumedWh !== null);
  const received = told(hours, ({ receivedWh }) => receivedWh > 0);
  const given = told(hours, ({ givenWh }) => givenWh > 0);
  return {
    organisations: organisationsOf(hours),
    tradedWh: sum(hours, ({ boughtWh }) => boughtWh),
    missingDeliveries: hours.filter(({ consumedWh }) => consumedWh === null).length,
    hoursWithoutIntensity: inventory.hoursWithoutIntensity,
    attributedWh: received(given(sum(hours, ({ receivedWh }) => receivedWh))),
    consumedWh: consumed(sum(hours, ({ consumedWh }) => consumedWh ?? 0)),
    coveredWh: consumed(sum(hours, ({ coveredWh }) => coveredWh ?? 0)),
    locationGrams: consumed(inventory.locationGrams),
    marketGrams: consumed(inventory.marketGrams),
  };
}

const organisationsOf = (hours: readonly AccountHour[]): number =>
  new Set(hours.map(({ tenantId }) => tenantId)).size;

/** Withholds a total that too few organisations are in. */
function told(
  hours: readonly AccountHour[],
  isIn: (hour: AccountHour) => boolean,
): (value: number | null) => number | null {
  const isTold = organisationsOf(hours.filter(isIn)) >= MIN_ORGANISATIONS;
  return (value) => (isTold ? value : null);
}

interface HourlyConsumption {
  readonly intervalStartMs: number;
  readonly importWh: number;
  readonly attributedWh: number;
}

/** What was consumed and covered in each hour of a day, over all its slots. */
export function consumptionByHour(slots: readonly AccountHour[], dayStartMs: number): HourlyConsumption[] {
  const byStart = new Map<number, HourlyConsumption>();
  for (const { startMs, consumedWh, coveredWh } of slots) {
    const intervalStartMs = hourOfDay(dayStartMs, startMs);
    const hour = byStart.get(intervalStartMs);
    byStart.set(intervalStartMs, {
      intervalStartMs,
      importWh: (hour?.importWh ?? 0) + (consumedWh ?? 0),
      attributedWh: (hour?.attributedWh ?? 0) + (coveredWh ?? 0),
    });
  }
  return [...byStart.values()];
}

/** Start of the hour, counted from the start of the day, in which a slot begins. */
const hourOfDay = (dayStartMs: number, startMs: number): number =>
  startMs - ((((startMs - dayStartMs) % HOUR_MS) + HOUR_MS) % HOUR_MS);

const sum = (hours: readonly AccountHour[], wh: (hour: AccountHour) => number): number =>
  hours.reduce((total, hour) => total + wh(hour), 0);
