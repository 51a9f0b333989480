import { HOUR_MS, interval, isoInstant } from '#core';
import { type BlockOptions, type BlockOrder, blockReports, clearBlocks } from '#market';
import { loadSolver } from '#optimization';
import { z } from 'zod';
import { type ClearedBook, inCallersUnits } from './clear.ts';
import { name, order, unit } from './clear-input.ts';
import { reportInUnits } from './clear-report.ts';
import { share } from './decimal-schema.ts';
import { type StudyContext, toldSolve, UNHEARD } from './study.ts';
import { decimalScale, largestMagnitude, sumOf } from './decimal-scale.ts';

const label = z.union([z.number(), name]);

const blockOrder = order.omit({ expires: true, attributes: true }).extend({
  interval: label
    .default(0)
    .describe('which delivery interval; numbers and names of intervals rank in order'),
  block: z
    .union([name, z.boolean()])
    .optional()
    .describe('name of the block whose orders are accepted at one ratio; true: a block of this order alone'),
  minAcceptance: share.default(0).describe('least share that is accepted if any is'),
  linkedTo: name.optional().describe('order or block that has to be accepted at no smaller share'),
});

/** Input of `market clear --mechanism block-orders`. */
export const blockInput = z.strictObject({
  orders: z.array(blockOrder).max(20_000),
  unit,
  options: z
    .strictObject({
      k: share
        .optional()
        .describe('price between the least (0, default) and greatest that support the acceptance'),
      tie: z.enum(['pro-rata', 'time']).optional(),
    })
    .prefault({}),
});

export type BlockInput = z.infer<typeof blockInput>;

export interface ClearedBlocks extends ClearedBook {
  /** Shares at which blocks and orders with a least acceptance or a link are accepted. */
  readonly accepted: readonly { readonly id: string; readonly ratio: number }[];
  readonly fills: readonly { readonly order: string; readonly quantity: number }[];
}

/** The solver sees differences of a ten-millionth: finer units only add digits that it cannot tell apart. */
const MAX_BLOCK_TOTAL = 1e12;
const MAX_BLOCK_PRICE = 1e9;

/** @throws the codes of the scales, clearBlocks and the solver */
export async function clearBlockBook(
  { orders, options }: BlockInput,
  context: StudyContext = UNHEARD,
  explain = false,
): Promise<ClearedBlocks> {
  const quantities = orders.map((each) => each.quantity);
  const prices = orders.map((each) => each.price);
  const quantity = decimalScale(quantities, sumOf(quantities), MAX_BLOCK_TOTAL);
  const price = decimalScale(prices, largestMagnitude(prices), MAX_BLOCK_PRICE);
  // 1 and "1" name one interval: what is printed of them is one key.
  const names = new Map(orders.map((each) => [String(each.interval), each.interval]));
  const labels = [...names].toSorted(([, a], [, b]) => byRank(a, b)).map(([text]) => text);
  const book = orders.map(({ id, member, side, block, linkedTo, minAcceptance, ...each }): BlockOrder => {
    const at = labels.indexOf(String(each.interval));
    return {
      id,
      member,
      side,
      interval: interval(at * HOUR_MS, (at + 1) * HOUR_MS),
      quantityWh: quantity.toInteger(each.quantity),
      pricePerMwh: price.toInteger(each.price),
      minAcceptance,
      ...(each.time === undefined ? {} : { receivedAtMs: each.time }),
      ...(block === undefined || block === false ? {} : { block: block === true ? id : block }),
      ...(linkedTo === undefined ? {} : { linkedTo }),
    };
  });
  const solver = await loadSolver();
  const cleared = clearBlocks(book, toldSolve(solver, context), options as BlockOptions);
  const named = labels.map((each, at) => [each, cleared.prices[isoInstant(at * HOUR_MS)] ?? null]);
  const report = () =>
    blockReports(book, cleared).map((each, at) => ({
      interval: names.get(labels[at]!)!,
      ...reportInUnits(each, quantity, price),
    }));
  return {
    ...inCallersUnits({ ...cleared, prices: Object.fromEntries(named) }, quantity, price),
    ...(explain ? { report: report() } : {}),
    accepted: cleared.accepted,
    fills: cleared.fills.map((each) => ({
      order: each.order,
      quantity: quantity.fromInteger(each.quantityWh),
    })),
  };
}

/** Numbers, then names: numbers among names by their digits would rank in circles, and so by the order of the input. */
function byRank(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return String(a) < String(b) ? -1 : 1;
}
