import { DomainError, type Interval, interval } from '#core';
import {
  dividePayment,
  type FeeRule,
  parsePriceModel,
  type Payment,
  type PriceModel,
  priceOf,
  subscriptionPeriod,
} from '#exchange';
import type { DataAgreement } from '../agreements/agreements.entities.ts';

/** What the platform keeps of each payment. */
const EXCHANGE_FEE: FeeRule = { basisPoints: 250 };
/** An agreement has one provider, who gets what the fee leaves. */
const ONE_SELLER = [1n];

const MAX_PERIODS = 120;

export type Priced = Exclude<PriceModel, { kind: 'free' }>;

export interface Quote extends Payment {
  readonly price: Priced;
  readonly currency: string;
  /** Of a subscription: those that are priced, from the one an order would pay next. */
  readonly periods: readonly { readonly period: number; readonly interval: Interval }[];
}

export const paymentOf = (paidMinor: number): Payment => dividePayment(paidMinor, EXCHANGE_FEE, ONE_SELLER);

/** @throws AGREEMENT_FREE */
export function pricedOf({ price }: Pick<DataAgreement, 'price'>): Priced {
  const model = parsePriceModel(price);
  if (model.kind !== 'free') return model;
  throw new DomainError('AGREEMENT_FREE', 'expected an agreement with a price, got a free one', 'conflict');
}

/**
 * What an order costs: a flat price; `count` periods of a subscription from number `from` on; nothing up front of readings and of a
 * share of revenue, which are charged as they are read and stated.
 * @throws PERIODS_RANGE, AMOUNT_TOO_LARGE, AGREEMENT_FREE
 */
export function quoteOf(
  agreement: Pick<DataAgreement, 'price' | 'validFrom' | 'validUntil'>,
  { from, count }: { readonly from: number; readonly count: number },
): Quote {
  const price = pricedOf(agreement);
  requirePeriods(count, MAX_PERIODS, 1);
  const periods =
    price.kind === 'subscription'
      ? Array.from({ length: count }, (_, i) => ({
          period: from + i,
          interval: periodOf(agreement, price, from + i),
        }))
      : [];
  // Each period is an order of its own, and so is its fee.
  const payments =
    periods.length > 0 ? periods.map(() => paymentOf(priceOf(price, {}))) : [paymentOf(priceOf(price, {}))];
  return {
    price,
    currency: price.currency,
    periods,
    paidMinor: sum(payments.map(({ paidMinor }) => paidMinor)),
    feeMinor: sum(payments.map(({ feeMinor }) => feeMinor)),
    sellerMinor: [sum(payments.flatMap(({ sellerMinor }) => sellerMinor))],
  };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);

/** The period by its number, cut off where the agreement ends. @throws PERIODS_RANGE for one that begins after it */
function periodOf(
  { validFrom, validUntil }: Pick<DataAgreement, 'validFrom' | 'validUntil'>,
  { period }: Extract<Priced, { kind: 'subscription' }>,
  number: number,
): Interval {
  requirePeriods(number, 100_000, 0);
  const { startMs, endMs } = subscriptionPeriod(period, validFrom.getTime(), number);
  const untilMs = validUntil?.getTime() ?? endMs;
  if (startMs >= untilMs) {
    throw new DomainError('PERIODS_RANGE', 'expected a period within the agreement, got one after its end');
  }
  return interval(startMs, Math.min(endMs, untilMs));
}

/** Number of the period that contains an instant, the first one where it has not begun. 0 of anything but a subscription. */
export function periodAt(
  { validFrom }: Pick<DataAgreement, 'validFrom'>,
  price: Priced,
  atMs: number,
): number {
  if (price.kind !== 'subscription') return 0;
  const isOver = (number: number): boolean =>
    subscriptionPeriod(price.period, validFrom.getTime(), number).endMs <= atMs;
  let [low, high] = [0, 100_000];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isOver(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function requirePeriods(value: number, most: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new DomainError('PERIODS_RANGE', `expected ${least} to ${most} as periods, got ${value}`);
}
