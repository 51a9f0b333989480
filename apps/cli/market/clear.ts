import { HOUR_MS } from '#core';
import { type ClearingResult, MAX_PRICE_PER_MWH, type Order, mechanismNamed } from '#market';
import { z } from 'zod';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { type UniformPriceInput, uniformPriceInput } from './clear-input.ts';
import { type DecimalScale, decimalScale, fromProduct, largestMagnitude, sumOf } from './decimal-scale.ts';

/** Result in the caller's unit; prices per that unit, amounts in unit × price. */
export interface UniformPriceResult {
  readonly trades: readonly {
    readonly buyOrder: string;
    readonly sellOrder: string;
    readonly quantity: number;
    readonly buyPrice: number;
    readonly sellPrice: number;
  }[];
  readonly quantity: number;
  /** Null when nothing clears; the certificate says why. */
  readonly price: number | null;
  readonly certificate: Readonly<Record<string, unknown>>;
}

export function printSchema(output: Output): void {
  const schema = z.toJSONSchema(uniformPriceInput, { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

/** Clears the book in a file. @throws the codes of readInput, the scales and callAuction */
export async function clearFile(mechanism: string, path: string, output: Output): Promise<void> {
  const input = await readInput(path, uniformPriceInput);
  const result = clearBook(mechanism, input);
  output.result(result, render(result, input.unit));
}

/** One book has no time of its own here. */
const INTERVAL = { startMs: 0, endMs: HOUR_MS };
/** Half of 2^53, so that welfare bounds and totals of both sides stay exact. */
const MAX_TOTAL = 2 ** 52;
const MAX_ORDER = 10 ** 15;

export function clearBook(name: string, { orders, options }: UniformPriceInput): UniformPriceResult {
  const quantities = orders.map(({ quantity }) => quantity);
  const prices = [
    ...orders.map(({ price }) => price),
    ...(options.priceCap === undefined ? [] : [options.priceCap]),
  ];
  const quantity = decimalScale(quantities, sumOf(quantities), Math.min(MAX_TOTAL, MAX_ORDER));
  const price = decimalScale(prices, largestMagnitude(prices), MAX_PRICE_PER_MWH);
  const book = orders.map(({ id, member, side, time, ...order }): Order => ({
    id,
    member,
    side,
    interval: INTERVAL,
    quantityWh: quantity.toInteger(order.quantity),
    pricePerMwh: price.toInteger(order.price),
    ...(time === undefined ? {} : { receivedAtMs: time }),
  }));
  const { k, tie, priceCap } = options;
  const cap = priceCap === undefined ? {} : { priceCapPerMwh: price.toInteger(priceCap) };
  return inCallersUnits(mechanismNamed(name).clear(book, { k, tie, ...cap }), quantity, price);
}

function inCallersUnits(
  result: ClearingResult,
  quantity: DecimalScale,
  price: DecimalScale,
): UniformPriceResult {
  const trades = result.trades.map((trade) => {
    const { buyOrder, sellOrder } = trade;
    return {
      buyOrder,
      sellOrder,
      quantity: quantity.fromInteger(trade.quantityWh),
      buyPrice: price.fromInteger(trade.buyPricePerMwh),
      sellPrice: price.fromInteger(trade.sellPricePerMwh),
    };
  });
  return {
    trades,
    quantity: quantity.fromInteger(result.quantityWh),
    price: nullable(result.pricePerMwh, price),
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
    priceRule: certificate.priceRule,
    marginRule: certificate.marginRule,
    options: certificate.options,
    welfare: amount(certificate.welfareExact),
    bestWelfare: amount(certificate.bestWelfareExact),
    individualRationality: {
      buy: nullable(residual.buyPerMwh, price),
      sell: nullable(residual.sellPerMwh, price),
    },
    budgetResidual: amount(certificate.budgetResidualExact),
    // Results are integers in these units: 10^−digits.
    quantityDigits: quantity.digits,
    priceDigits: price.digits,
  };
}

function render({ trades, quantity, price, certificate }: UniformPriceResult, unit: string): string {
  if (price === null) return `nothing clears: ${String(certificate['reason'])}`;
  const lines = trades.map((trade) => `  ${trade.buyOrder} ← ${trade.sellOrder}  ${trade.quantity} ${unit}`);
  return [`${quantity} ${unit} at ${price} per ${unit}`, ...lines].join('\n');
}
