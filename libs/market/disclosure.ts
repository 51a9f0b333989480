import { type Json } from '#core';
import { type Certificate, certificateStatement } from './certificate.ts';
import { type SlotReport } from './clearing-report.ts';
import { type Trade } from './mechanism.ts';
import { type Order } from './order.ts';

/** Parties that have to stand on each side of a slot before anything that follows from limits is told of it. */
export const LEAST_PARTIES = 3;

/** Why a certificate or report is not whole. */
export type Withheld = 'FEW_PARTIES';

/**
 * Whether what follows from the limits of a slot is nobody's in particular: at least LEAST_PARTIES buy and as many sell. Where
 * energy is traded, those who trade are counted, because partners know each other; where none is, those who ordered.
 * @param partyOf whose limit a member's is: members of one party know each other's
 */
export function isDisclosable(
  orders: readonly Pick<Order, 'side' | 'member'>[],
  trades: readonly Pick<Trade, 'buyer' | 'seller'>[],
  partyOf: (member: string) => string,
): boolean {
  const traded = trades.length > 0;
  const buyers = traded ? trades.map(({ buyer }) => buyer) : membersOf(orders, 'buy');
  const sellers = traded ? trades.map(({ seller }) => seller) : membersOf(orders, 'sell');
  return [buyers, sellers].every((side) => new Set(side.map(partyOf)).size >= LEAST_PARTIES);
}

const membersOf = (orders: readonly Pick<Order, 'side' | 'member'>[], side: Order['side']): string[] =>
  orders.filter((order) => order.side === side).map(({ member }) => member);

/** What a certificate's details may say in public: nothing that names an order or is one party's. */
const PUBLIC_DETAILS: readonly string[] = ['gap', 'mipGap', 'deficitExact', 'deficitCapMinor'];
/** What follows from no limit. */
const ALWAYS_PUBLIC: readonly string[] = ['forfeited'];

/** A certificate as everybody may read it: without what follows from limits where few have set them. */
export function publicCertificate(
  certificate: Certificate,
  disclosable: boolean,
): Readonly<Record<string, Json>> {
  const { details, network, ...statement } = certificateStatement(certificate);
  const shown = Object.entries((details ?? {}) as Record<string, Json>).filter(
    ([key]) => ALWAYS_PUBLIC.includes(key) || (disclosable && PUBLIC_DETAILS.includes(key)),
  );
  return {
    ...statement,
    ...(disclosable ? {} : WITHHELD_CERTIFICATE),
    ...(shown.length > 0 ? { details: Object.fromEntries(shown) } : {}),
    // What congestion costs is what the last trade gained.
    ...(network === undefined
      ? {}
      : { network: disclosable ? network : { ...(network as Record<string, Json>), prices: [] } }),
  };
}

const NO_INTERVAL = { lowPerMwh: null, highPerMwh: null };

const WITHHELD_CERTIFICATE = {
  efficientPriceInterval: NO_INTERVAL,
  efficientQuantityWh: null,
  welfareExact: null,
  bestWelfareExact: null,
  individualRationality: { buyPerMwh: null, sellPerMwh: null, chargedExact: null },
  // Where a mechanism leaves all gains to the market, or pays them out, it is the welfare.
  budgetResidualExact: null,
  withheld: 'FEW_PARTIES' satisfies Withheld,
};

/** A report as everybody may read it; the rule is that of publicCertificate. */
export type PublicReport = Omit<SlotReport, 'setBy' | 'interval' | 'welfareExact' | 'bestWelfareExact'> & {
  readonly setBy: SlotReport['setBy'] | null;
  readonly welfareExact: string | null;
  readonly bestWelfareExact: string | null;
  readonly withheld: Withheld | null;
};

export function publicReport(
  { interval: _interval, ...report }: SlotReport,
  disclosable: boolean,
): PublicReport {
  if (disclosable) {
    const { welfareExact, bestWelfareExact, ...rest } = report;
    return {
      ...rest,
      welfareExact: welfareExact?.toString() ?? null,
      bestWelfareExact: bestWelfareExact?.toString() ?? null,
      withheld: null,
    };
  }
  const { quantityWh, pricePerMwh, reason } = report;
  return {
    quantityWh,
    pricePerMwh,
    reason,
    setBy: null,
    efficientPriceInterval: NO_INTERVAL,
    oneMoreWh: { supplyPerMwh: null, demandPerMwh: null },
    lastTradePerMwh: null,
    welfareExact: null,
    bestWelfareExact: null,
    unservedDemandWh: null,
    unusedSupplyWh: null,
    withheld: 'FEW_PARTIES',
  };
}

/** What a party's own orders in a slot came to. */
export interface OwnMargin {
  readonly boughtWh: number;
  readonly soldWh: number;
  /**
   * The prices that support it: at least its dearest ask that trades and dearest bid that does not, at most its least bid that
   * trades and least ask that does not; an order filled in part is both. Null where it has no such order.
   */
  readonly supports: { readonly lowPerMwh: number | null; readonly highPerMwh: number | null };
}

/** @param fills Wh traded by order id; from own orders and trades alone, so that it tells a party nothing of others */
export function ownMargin(
  orders: readonly Pick<Order, 'id' | 'side' | 'quantityWh' | 'pricePerMwh'>[],
  fills: ReadonlyMap<string, number>,
): OwnMargin {
  const wh = ({ id }: { readonly id: string }): number => fills.get(id) ?? 0;
  const of = (side: Order['side']) => orders.filter((order) => order.side === side);
  const isIn = (order: { readonly id: string }): boolean => wh(order) > 0;
  const isOut = (order: { readonly id: string; readonly quantityWh: number }): boolean =>
    wh(order) < order.quantityWh;
  const low = [...limits(of('sell').filter(isIn)), ...limits(of('buy').filter(isOut))];
  const high = [...limits(of('buy').filter(isIn)), ...limits(of('sell').filter(isOut))];
  return {
    boughtWh: of('buy').reduce((sum, order) => sum + wh(order), 0),
    soldWh: of('sell').reduce((sum, order) => sum + wh(order), 0),
    supports: {
      lowPerMwh: low.length > 0 ? Math.max(...low) : null,
      highPerMwh: high.length > 0 ? Math.min(...high) : null,
    },
  };
}

const limits = (orders: readonly { readonly pricePerMwh: number }[]): number[] =>
  orders.map(({ pricePerMwh }) => pricePerMwh);
