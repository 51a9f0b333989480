import {
  attributeTrades,
  type EmissionFactor,
  type GridIntensity,
  scope2Inventory,
  type TradedEnergy,
} from '#carbon';

/** A trade with the organisations behind its two participants. */
export interface AccountedTrade extends TradedEnergy {
  readonly sellerTenantId: string;
  readonly buyerTenantId: string;
}

/** A delivery statement: what one participant's meter said of one traded hour. */
export interface MeteredHour {
  readonly participantId: string;
  readonly startMs: number;
  readonly netImportWh: number;
  readonly netExportWh: number;
  /** Attributes of this export that other sessions have given away. */
  readonly givenElsewhereWh: number;
}

/** One participant's hour; `consumedWh` and `coveredWh` are null where the meter did not speak. */
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

/** Who may claim what of a session's traded energy, for each participant and hour that traded. */
export function accountHours(
  trades: readonly AccountedTrade[],
  metered: readonly MeteredHour[],
): AccountHour[] {
  const exports = metered.map(({ participantId, startMs, netExportWh, givenElsewhereWh }) => ({
    memberId: participantId,
    intervalStartMs: startMs,
    netExportWh,
    alreadyAttributedWh: givenElsewhereWh,
  }));
  const { attributions } = attributeTrades(trades, exports);
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

/** With fewer organisations a member could subtract itself and learn about fewer than three others. */
export const MIN_ORGANISATIONS = 4;

/** Totals over a session's traded energy; null where too few organisations are in them. */
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

/** Emissions of traded energy that was consumed, both ways. Linear in each hour, so the sum over buyers is exact. */
export function tradedEmissions(
  hours: readonly AccountHour[],
  grid: GridIntensity,
  factor: EmissionFactor,
): TradedEmissions {
  const byStart = new Map<number, { intervalStartMs: number; importWh: number; attributedWh: number }>();
  for (const { startMs, consumedWh, coveredWh } of hours) {
    const hour = byStart.get(startMs) ?? { intervalStartMs: startMs, importWh: 0, attributedWh: 0 };
    hour.importWh += consumedWh ?? 0;
    hour.attributedWh += coveredWh ?? 0;
    byStart.set(startMs, hour);
  }
  const inventory = scope2Inventory([...byStart.values()], grid, factor);
  const organisations = new Set(hours.map(({ tenantId }) => tenantId)).size;
  const told = (value: number): number | null => (organisations < MIN_ORGANISATIONS ? null : value);
  return {
    organisations,
    tradedWh: sum(hours, ({ boughtWh }) => boughtWh),
    missingDeliveries: hours.filter(({ consumedWh }) => consumedWh === null).length,
    hoursWithoutIntensity: inventory.hoursWithoutIntensity,
    attributedWh: told(sum(hours, ({ receivedWh }) => receivedWh)),
    consumedWh: told(sum(hours, ({ consumedWh }) => consumedWh ?? 0)),
    coveredWh: told(sum(hours, ({ coveredWh }) => coveredWh ?? 0)),
    locationGrams: told(inventory.locationGrams),
    marketGrams: told(inventory.marketGrams),
  };
}

const sum = (hours: readonly AccountHour[], wh: (hour: AccountHour) => number): number =>
  hours.reduce((total, hour) => total + wh(hour), 0);
