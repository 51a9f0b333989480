import { DomainError, HOUR_MS, type Json } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  MAX_PRICE_PER_MWH,
  mechanismNamed,
  type Order,
  type OrderAttributes,
  slotReport,
} from '#market';
import type { ClearInput } from './clear-input.ts';
import { type ReportedBook, reportInUnits } from './clear-report.ts';
import { type DecimalScale, decimalScale, fromProduct, largestMagnitude, sumOf } from './decimal-scale.ts';
import { optionsOf } from './mechanisms.ts';

/** Result in the caller's unit; prices per that unit, amounts in unit × price. */
export interface ClearedBook {
  readonly trades: readonly {
    readonly buyOrder: string;
    readonly sellOrder: string;
    readonly quantity: number;
    readonly buyPrice: number;
    readonly sellPrice: number;
  }[];
  /** What members owe the market beside their trades. */
  readonly charges: readonly { readonly member: string; readonly kind: string; readonly amount: number }[];
  readonly quantity: number;
  /** Null when nothing clears (the certificate says why) or trades have prices of their own. */
  readonly price: number | null;
  readonly prices: Readonly<Record<string, number | null>>;
  readonly certificate: Readonly<Record<string, unknown>>;
  /** Where it is asked for: why prices are what they are, one an interval. */
  readonly report?: readonly ReportedBook[];
}

/** One book has no time of its own here. */
const INTERVAL = { startMs: 0, endMs: HOUR_MS };
/** Half of 2^53, so that welfare bounds and totals of both sides stay exact. */
const MAX_TOTAL = 2 ** 52;
const MAX_ORDER = 10 ** 15;

/** @throws MECHANISM_UNKNOWN, DECIMALS_TOO_FINE, DECIMALS_TOO_LARGE and what the mechanism throws */
export function clearBook(mechanism: string, { orders, options }: ClearInput, explain = false): ClearedBook {
  const { clear } = mechanismNamed(mechanism);
  requireTaken(mechanism, options);
  const quantities = orders.map(({ quantity }) => quantity);
  const { priceCap = 0, fees = { buy: 0, sell: 0 } } = options;
  const prices = [...orders.map(({ price }) => price), priceCap, fees.buy, fees.sell];
  const quantity = decimalScale(quantities, sumOf(quantities), Math.min(MAX_TOTAL, MAX_ORDER));
  const price = decimalScale(prices, largestMagnitude(prices), MAX_PRICE_PER_MWH);
  // What lists no times came in the order of the list.
  const listed = mechanism === 'continuous-double-auction' && orders.every(({ time }) => time === undefined);
  const book = orders.map(({ id, member, side, expires, attributes, ...order }, i): Order => {
    const time = listed ? i : order.time;
    return {
      id,
      member,
      side,
      interval: INTERVAL,
      quantityWh: quantity.toInteger(order.quantity),
      pricePerMwh: price.toInteger(order.price),
      ...(time === undefined ? {} : { receivedAtMs: time }),
      ...(expires === undefined ? {} : { expiresAtMs: expires }),
      ...(attributes === undefined ? {} : { attributes: attributes as OrderAttributes }),
    };
  });
  const scaled = inIntegers(options, price);
  const cleared = clear(book, scaled);
  const result = inCallersUnits(cleared, quantity, price);
  const report = () => [reportInUnits(slotReport(INTERVAL, book, cleared, scaled.fees), quantity, price)];
  return {
    ...result,
    certificate: { ...result.certificate, options },
    ...(explain ? { report: report() } : {}),
  };
}

/** Mechanisms refuse them too, by names that the input does not have. @throws MARKET_OPTION_NOT_TAKEN */
function requireTaken(mechanism: string, options: ClearInput['options']): void {
  const taken = optionsOf(mechanism);
  const option = Object.keys(options).find((key) => !taken.includes(key));
  if (option === undefined) return;
  const expected = taken.length === 0 ? 'no options' : `only the options ${taken.join(', ')}`;
  const message = `expected ${expected} of ${mechanism}, got ${option}`;
  throw new DomainError('MARKET_OPTION_NOT_TAKEN', message, 'invalid', { mechanism, option });
}

/** Options as the mechanisms take them; JSON has no undefined, so what is not given is not there. */
function inIntegers(
  { priceCap, fees, cancel, ...others }: ClearInput['options'],
  price: DecimalScale,
): ClearingOptions {
  const scaled: ClearingOptions = {
    ...(cancel === undefined
      ? {}
      : { cancellations: cancel.map(({ id, time }) => ({ order: id, atMs: time })) }),
    ...(priceCap === undefined ? {} : { priceCapPerMwh: price.toInteger(priceCap) }),
    ...(fees === undefined
      ? {}
      : { fees: { buyPerMwh: price.toInteger(fees.buy), sellPerMwh: price.toInteger(fees.sell) } }),
  };
  return { ...(others as ClearingOptions), ...scaled };
}

export function inCallersUnits(
  result: ClearingResult,
  quantity: DecimalScale,
  price: DecimalScale,
): ClearedBook {
  const trades = result.trades.map(({ buyOrder, sellOrder, ...trade }) => ({
    buyOrder,
    sellOrder,
    quantity: quantity.fromInteger(trade.quantityWh),
    buyPrice: price.fromInteger(trade.buyPricePerMwh),
    sellPrice: price.fromInteger(trade.sellPricePerMwh),
  }));
  const charges = result.charges.map(({ member, kind, amountExact }) => ({
    member,
    kind,
    amount: fromProduct(amountExact, quantity, price),
  }));
  const prices = Object.entries(result.prices).map(([name, value]) => [name, nullable(value, price)]);
  return {
    trades,
    charges,
    quantity: quantity.fromInteger(result.quantityWh),
    price: nullable(result.pricePerMwh, price),
    prices: Object.fromEntries(prices),
    certificate: certificateOf(result.certificate, quantity, price),
  };
}

const nullable = (value: number | null, scale: DecimalScale): number | null =>
  value === null ? null : scale.fromInteger(value);

function certificateOf(
  certificate: ClearingResult['certificate'],
  quantity: DecimalScale,
  price: DecimalScale,
): Readonly<Record<string, unknown>> {
  const { efficientPriceInterval: efficient, individualRationality: residual } = certificate;
  const amount = (exact: bigint): number => fromProduct(exact, quantity, price);
  return {
    mechanism: certificate.mechanism,
    solver: certificate.solver,
    status: certificate.status,
    reason: certificate.reason,
    buyOrders: certificate.buyOrders,
    sellOrders: certificate.sellOrders,
    quantity: quantity.fromInteger(certificate.quantityWh),
    selfMatched: quantity.fromInteger(certificate.selfMatchedWh),
    price: nullable(certificate.pricePerMwh, price),
    efficientPriceInterval: {
      low: nullable(efficient.lowPerMwh, price),
      high: nullable(efficient.highPerMwh, price),
    },
    efficientQuantity: quantity.fromInteger(certificate.efficientQuantityWh),
    priceRule: certificate.priceRule,
    marginRule: certificate.marginRule,
    welfare: amount(certificate.welfareExact),
    bestWelfare: amount(certificate.bestWelfareExact),
    individualRationality: {
      buy: nullable(residual.buyPerMwh, price),
      sell: nullable(residual.sellPerMwh, price),
      charged: residual.chargedExact === null ? null : amount(residual.chargedExact),
    },
    budgetResidual: amount(certificate.budgetResidualExact),
    ...(certificate.details === undefined
      ? {}
      : { details: detailsOf(certificate.details, quantity, price) }),
    // Results are integers in these units: 10^−digits.
    quantityDigits: quantity.digits,
    priceDigits: price.digits,
  };
}

/** Wh and exact amounts inside, told by their names, in the caller's units under names without them. */
function detailsOf(details: Json, quantity: DecimalScale, price: DecimalScale): unknown {
  if (Array.isArray(details)) return details.map((each: Json) => detailsOf(each, quantity, price));
  if (typeof details !== 'object' || details === null) return details;
  const entries = Object.entries(details).map(([key, value]) => {
    if (key.endsWith('Wh') && typeof value === 'number')
      return [key.slice(0, -2), quantity.fromInteger(value)];
    if (key.endsWith('Exact') && typeof value === 'string') {
      return [key.slice(0, -5), fromProduct(BigInt(value), quantity, price)];
    }
    return [key, detailsOf(value, quantity, price)];
  });
  return Object.fromEntries(entries);
}
