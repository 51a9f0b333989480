import type { PriceSetter, SlotReport } from '#market';
import { type DecimalScale, fromProduct } from './decimal-scale.ts';

/** Why a book's price is what it is, in the caller's unit; prices per that unit. */
export interface ReportedBook {
  /** Of several intervals. */
  readonly interval?: string | number;
  readonly quantity: number;
  readonly price: number | null;
  readonly setBy: PriceSetter;
  readonly reason: string | null;
  readonly efficientPriceInterval: { readonly low: number | null; readonly high: number | null };
  /** What the best welfare gains by a unit given away, and loses by a unit taken. */
  readonly oneMore: { readonly supply: number | null; readonly demand: number | null };
  readonly lastTrade: number | null;
  readonly welfare: number | null;
  readonly bestWelfare: number | null;
  readonly unservedDemand: number | null;
  readonly unusedSupply: number | null;
}

export function reportInUnits(report: SlotReport, quantity: DecimalScale, price: DecimalScale): ReportedBook {
  const priced = (value: number | null) => (value === null ? null : price.fromInteger(value));
  const counted = (value: number | null) => (value === null ? null : quantity.fromInteger(value));
  const worth = (value: bigint | null) => (value === null ? null : fromProduct(value, quantity, price));
  const { efficientPriceInterval, oneMoreWh } = report;
  return {
    quantity: quantity.fromInteger(report.quantityWh),
    price: priced(report.pricePerMwh),
    setBy: report.setBy,
    reason: report.reason,
    efficientPriceInterval: {
      low: priced(efficientPriceInterval.lowPerMwh),
      high: priced(efficientPriceInterval.highPerMwh),
    },
    oneMore: { supply: priced(oneMoreWh.supplyPerMwh), demand: priced(oneMoreWh.demandPerMwh) },
    lastTrade: priced(report.lastTradePerMwh),
    welfare: worth(report.welfareExact),
    bestWelfare: worth(report.bestWelfareExact),
    unservedDemand: counted(report.unservedDemandWh),
    unusedSupply: counted(report.unusedSupplyWh),
  };
}
