import { clearCurves, type CurveClearing, type CurveOptions, MAX_PRICE_PER_MWH } from '#market';
import { z } from 'zod';
import type { ClearedBook } from './clear.ts';
import { name, unit } from './clear-input.ts';
import { decimal, share } from './decimal-schema.ts';
import { type DecimalScale, decimalScale, largestMagnitude, sumOf } from './decimal-scale.ts';

const point = z.strictObject({
  price: decimal.describe('rises from point to point, or stays for a step'),
  demand: decimal.describe('wanted at that price, negative offered; never rises'),
});

/** Input of `market clear --mechanism demand-curves`; a book of orders is one too. */
export const curvesInput = z.strictObject({
  curves: z
    .array(
      z.strictObject({
        id: name,
        member: name.optional().describe('default its id'),
        parent: name.optional().describe('concentrator it reports to; none: the auctioneer'),
        points: z.array(point).max(1_000),
      }),
    )
    .max(100_000),
  concentrators: z
    .array(z.strictObject({ id: name, parent: name.optional() }))
    .max(100_000)
    .default([]),
  unit,
  options: z
    .strictObject({
      shape: z
        .enum(['linear', 'step'])
        .optional()
        .describe('straight lines between points (default), or the demand of the point before'),
      k: share.optional().describe('price within the prices of zero net demand, default 0.5'),
      minPrice: decimal.optional().describe('default the least price of all points'),
      maxPrice: decimal.optional().describe('default the greatest price of all points'),
    })
    .prefault({}),
});

export type CurvesInput = z.infer<typeof curvesInput>;

export interface ClearedCurves extends Pick<ClearedBook, 'trades' | 'quantity' | 'price' | 'certificate'> {
  /** Positive bought; they sum to zero. */
  readonly positions: readonly { readonly id: string; readonly member: string; readonly demand: number }[];
  readonly concentrators: readonly { readonly id: string; readonly demand: number }[];
}

/** Below 2^53 with room for millionths of a unit in net demand. */
const MAX_TOTAL = 2 ** 40;

/** @throws the codes of the scales and clearCurves */
export function clearCurveBook({ curves, concentrators, options }: CurvesInput): ClearedCurves {
  const points = curves.flatMap((curve) => curve.points);
  const ends = [options.minPrice, options.maxPrice].filter((end) => end !== undefined);
  const prices = [...points.map((each) => each.price), ...ends];
  const magnitudes = points.map(({ demand }) => String(demand).replace('-', ''));
  const quantity = decimalScale(magnitudes, sumOf(magnitudes), MAX_TOTAL);
  const price = decimalScale(prices, largestMagnitude(prices), MAX_PRICE_PER_MWH);
  const agents = curves.map(({ id, member = id, parent, points: own }) => ({
    id,
    member,
    points: own.map((each) => ({
      pricePerMwh: price.toInteger(each.price),
      demandWh: quantity.toInteger(each.demand),
    })),
    ...(parent === undefined ? {} : { parent }),
  }));
  const tree = concentrators.map(({ id, parent }) => ({ id, ...(parent === undefined ? {} : { parent }) }));
  const result = inCallersUnits(clearCurves(agents, tree, inIntegers(options, price)), quantity, price);
  return { ...result, certificate: { ...result.certificate, options } };
}

function inIntegers(
  { shape, k, minPrice, maxPrice }: CurvesInput['options'],
  price: DecimalScale,
): CurveOptions {
  return {
    ...(shape === undefined ? {} : { shape }),
    ...(k === undefined ? {} : { k }),
    ...(minPrice === undefined ? {} : { minPricePerMwh: price.toInteger(minPrice) }),
    ...(maxPrice === undefined ? {} : { maxPricePerMwh: price.toInteger(maxPrice) }),
  };
}

function inCallersUnits(cleared: CurveClearing, quantity: DecimalScale, price: DecimalScale): ClearedCurves {
  const inUnit = (wh: number): number => quantity.fromInteger(Math.round(wh));
  const priced = (value: number | null): number | null =>
    value === null ? null : price.fromInteger(Math.round(value));
  const {
    zeroDemandInterval: zero,
    netDemandWh: net,
    budgetResidualExact,
    ...certificate
  } = cleared.certificate;
  const each = priced(cleared.pricePerMwh);
  return {
    trades: cleared.trades.map(({ buyOrder, sellOrder, quantityWh }) => ({
      buyOrder,
      sellOrder,
      quantity: inUnit(quantityWh),
      buyPrice: each!,
      sellPrice: each!,
    })),
    quantity: inUnit(cleared.quantityWh),
    price: each,
    positions: cleared.positions.map(({ id, member, demandWh }) => ({
      id,
      member,
      demand: inUnit(demandWh),
    })),
    concentrators: cleared.concentrators.map(({ id, demandWh }) => ({ id, demand: inUnit(demandWh) })),
    certificate: {
      mechanism: certificate.mechanism,
      solver: certificate.solver,
      status: certificate.status,
      reason: certificate.reason,
      agents: certificate.agents,
      price: each,
      zeroDemandInterval: { low: priced(zero.lowPerMwh), high: priced(zero.highPerMwh) },
      netDemand: { below: inUnit(net.below), above: inUnit(net.above) },
      rationed: certificate.rationed,
      budgetResidual: Number(budgetResidualExact),
      quantityDigits: quantity.digits,
      priceDigits: price.digits,
    },
  };
}
