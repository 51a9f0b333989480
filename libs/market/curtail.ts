import { DomainError, exactAmount } from '#core';
import { type Certificate } from './certificate.ts';
import { type ClearingResult, type Trade } from './mechanism.ts';
import { type Order } from './order.ts';

/** Limits of the two orders of a trade, in minor units per MWh. */
export interface TradeLimits {
  readonly bidPerMwh: number;
  readonly askPerMwh: number;
}

/** The limits behind each trade of a clearing, in its order. */
export function limitsOf(trades: readonly Trade[], orders: readonly Order[]): TradeLimits[] {
  const prices = new Map(orders.map(({ id, pricePerMwh }) => [id, pricePerMwh]));
  return trades.map(({ buyOrder, sellOrder }) => ({
    bidPerMwh: prices.get(buyOrder)!,
    askPerMwh: prices.get(sellOrder)!,
  }));
}

/**
 * A clearing of which less is carried out: trade by trade `admittedWh`, at the prices it had. What the certificate says of
 * energy, welfare, rationality and budget is said of what is left; prices within limits stay so. Externalities were
 * computed for the whole and cannot be cut.
 * @throws CURTAILMENT unless whole Wh within 0 and each trade's energy are given, and nobody is charged
 */
export function curtailed(
  result: ClearingResult,
  orders: readonly Order[],
  admittedWh: readonly number[],
): ClearingResult {
  const { trades, certificate } = result;
  requireCurtailment(result, admittedWh);
  if (trades.every(({ quantityWh }, i) => quantityWh === admittedWh[i])) return result;
  const limits = limitsOf(trades, orders);
  let [withdrawnWelfare, withdrawnBudget] = [0n, 0n];
  trades.forEach(({ quantityWh, buyPricePerMwh, sellPricePerMwh }, i) => {
    const less = quantityWh - admittedWh[i]!;
    withdrawnWelfare += exactAmount(less, limits[i]!.bidPerMwh - limits[i]!.askPerMwh);
    withdrawnBudget += exactAmount(less, buyPricePerMwh - sellPricePerMwh);
  });
  const left = trades
    .map((trade, i) => ({ trade: { ...trade, quantityWh: admittedWh[i]! }, limits: limits[i]! }))
    .filter(({ trade }) => trade.quantityWh > 0);
  const quantityWh = left.reduce((sum, { trade }) => sum + trade.quantityWh, 0);
  const cleared = quantityWh > 0;
  const pricePerMwh = cleared ? result.pricePerMwh : null;
  return {
    ...result,
    trades: left.map(({ trade }) => trade),
    quantityWh,
    pricePerMwh,
    certificate: {
      ...certificate,
      status: cleared ? 'CLEARED' : 'NOT_CLEARED',
      reason: cleared ? certificate.reason : 'NETWORK_LIMITS',
      quantityWh,
      pricePerMwh,
      welfareExact: certificate.welfareExact - withdrawnWelfare,
      budgetResidualExact: certificate.budgetResidualExact - withdrawnBudget,
      individualRationality: marginsOf(left),
    },
  };
}

function requireCurtailment({ trades, charges }: ClearingResult, admittedWh: readonly number[]): void {
  const whole = trades.every(({ quantityWh }, i) => {
    const wh = admittedWh[i]!;
    return Number.isSafeInteger(wh) && wh >= 0 && wh <= quantityWh;
  });
  if (whole && admittedWh.length === trades.length && charges.length === 0) return;
  throw new DomainError(
    'CURTAILMENT',
    'expected whole Wh from 0 to the energy of each trade of a clearing without charges, got others',
  );
}

function marginsOf(
  left: readonly { readonly trade: Trade; readonly limits: TradeLimits }[],
): Certificate['individualRationality'] {
  return {
    buyPerMwh: least(left.map(({ trade, limits }) => limits.bidPerMwh - trade.buyPricePerMwh)),
    sellPerMwh: least(left.map(({ trade, limits }) => trade.sellPricePerMwh - limits.askPerMwh)),
    chargedExact: null,
  };
}

const least = (margins: readonly number[]): number | null =>
  margins.length === 0 ? null : margins.reduce((a, b) => Math.min(a, b));
