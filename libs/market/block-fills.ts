import { DomainError } from '#core';
import { type Fills, allocate } from './allocation.ts';
import { type BlockBook, type BlockOrder, type Unit, isDivisibleOrder } from './block.ts';
import { type Acceptance } from './block-program.ts';
import { type Book, type BookSide, bookOf, intersect } from './book.ts';
import { type TieRule } from './mechanism.ts';

/** Ratios nearer to 0, 1, the least acceptance or a parent's than this are that: what the solver's tolerances leave. */
export const RATIO_TOLERANCE = 1e-6;

/** A solver's acceptance made exact. */
export interface ExactAcceptance {
  /** Of each unit, snapped. */
  readonly ratio: readonly number[];
  readonly acceptance: readonly Acceptance[];
  /** Accepted Wh of each order; bought and sold Wh are equal in every interval. */
  readonly filledWh: ReadonlyMap<BlockOrder, number>;
  /** All orders of each interval in merit order, with their fills. */
  readonly books: readonly { readonly book: Book; readonly fills: Fills }[];
}

/**
 * Whole Wh for a solver's ratios: orders of blocks to the nearest Wh, then plain orders by merit order and tie rule for what
 * the blocks need, so that energy balances to the Wh and a block's ratios differ between intervals by a Wh at most.
 * @param ratios one a unit @param accepted of indivisible units whether they are
 * @throws BLOCKS_NOT_EXACT where quantities differ by less than the solver can see
 */
export function exactAcceptance(
  book: BlockBook,
  ratios: readonly number[],
  accepted: readonly (boolean | undefined)[],
  tie: TieRule,
): ExactAcceptance {
  const ratio = book.units.map((unit, u) => (accepted[u] === false ? 0 : snapped(ratios[u]!, unit)));
  const parents = new Set(book.units.map(({ parent }) => parent));
  const isPlain = (u: number): boolean => isDivisibleOrder(book.units[u]!) && !parents.has(u);
  const filledWh = new Map<BlockOrder, number>();
  const books = book.intervals.map((_, t) => {
    const lines = book.units.flatMap((unit, u) =>
      unit.orders
        .filter((order) => book.intervalOf.get(order) === t)
        .map((order): Line => ({ order, unit, ratio: ratio[u]!, plain: isPlain(u) })),
    );
    for (const [order, wh] of blockFills(lines)) filledWh.set(order, wh);
    const plain = lines.flatMap((line) => (line.plain ? [line.order] : []));
    for (const [order, wh] of plainFills(plain, netOf(lines, filledWh), tie)) filledWh.set(order, wh);
    const all = bookOf(lines.map((line) => line.order));
    return { book: all, fills: { buyWh: fillsOf(all.buys, filledWh), sellWh: fillsOf(all.sells, filledWh) } };
  });
  // What plain orders fill is theirs to share by the tie rule, not the solver's.
  const exactRatio = book.units.map(({ orders: [order] }, u) =>
    isPlain(u) ? filledWh.get(order!)! / order!.quantityWh : ratio[u]!,
  );
  // Prices follow from the ratios before they were rounded to whole Wh.
  const acceptance = ratio.map((share, u): Acceptance => {
    if (accepted[u] === false) return 'rejected';
    return share === 0 ? 'none' : share === 1 ? 'whole' : 'part';
  });
  return { ratio: exactRatio, acceptance, filledWh, books };
}

/** One order with the ratio of its unit. */
interface Line {
  readonly order: BlockOrder;
  readonly unit: Unit;
  readonly ratio: number;
  /** A divisible limit order that nothing depends on. */
  readonly plain: boolean;
}

function snapped(ratio: number, { minAcceptance }: Unit): number {
  const exact = [0, 1, minAcceptance].find((value) => Math.abs(ratio - value) <= RATIO_TOLERANCE);
  return exact ?? ratio;
}

const signOf = ({ side }: BlockOrder): 1 | -1 => (side === 'buy' ? 1 : -1);

/** Fills of the orders of blocks; where no plain order is at the margin to take up roundings, they cancel out. */
function blockFills(lines: readonly Line[]): Map<BlockOrder, number> {
  const blocks = lines.filter((line) => !line.plain);
  const fills = new Map(blocks.map(({ order, ratio }) => [order, Math.round(ratio * order.quantityWh)]));
  const isPart = ({ ratio }: Line): boolean => ratio > 0 && ratio < 1;
  const plain = lines.filter((line) => line.plain);
  if (plain.some(isPart)) return fills;
  let excessWh = netOf(lines, fills);
  for (const { ratio, order } of plain) excessWh += signOf(order) * ratio * order.quantityWh;
  for (const { order, unit, ratio } of blocks) {
    if (!isPart({ order, unit, ratio, plain: false })) continue;
    const wh = fills.get(order)!;
    const least = Math.ceil(unit.minAcceptance * order.quantityWh - RATIO_TOLERANCE);
    const next = Math.max(least, Math.min(order.quantityWh, wh - signOf(order) * excessWh));
    fills.set(order, next);
    excessWh += signOf(order) * (next - wh);
  }
  return fills;
}

/** Bought less sold Wh. */
function netOf(lines: readonly Line[], fills: ReadonlyMap<BlockOrder, number>): number {
  return lines.reduce((sum, { order }) => sum + signOf(order) * (fills.get(order) ?? 0), 0);
}

/** What plain orders fill beside a net demand of the blocks that has to be met at any price. */
function plainFills(orders: readonly BlockOrder[], blockNetWh: number, tie: TieRule): [BlockOrder, number][] {
  const plain = bookOf(orders);
  const withBlocks = {
    ...plain,
    buys: blockNetWh > 0 ? withFirst(plain.buys, Infinity, blockNetWh) : plain.buys,
    sells: blockNetWh < 0 ? withFirst(plain.sells, -Infinity, -blockNetWh) : plain.sells,
  };
  const { quantityWh } = intersect(withBlocks);
  if (quantityWh < Math.abs(blockNetWh)) {
    throw new DomainError(
      'BLOCKS_NOT_EXACT',
      'expected quantities of blocks that differ by more than the solver’s tolerance, got closer ones',
      'conflict',
      { missingWh: Math.abs(blockNetWh) - quantityWh },
    );
  }
  const { buyWh, sellWh } = allocate(withBlocks, quantityWh, tie);
  const skip = { buy: blockNetWh > 0 ? 1 : 0, sell: blockNetWh < 0 ? 1 : 0 };
  return [
    ...plain.buys.orders.map((order, rank): [BlockOrder, number] => [order, buyWh[rank + skip.buy]!]),
    ...plain.sells.orders.map((order, rank): [BlockOrder, number] => [order, sellWh[rank + skip.sell]!]),
  ];
}

/** A side with one more, best order, which belongs to nobody. */
function withFirst(side: BookSide, limitPerMwh: number, quantityWh: number): BookSide {
  return {
    orders: side.orders,
    limitsPerMwh: Float64Array.of(limitPerMwh, ...side.limitsPerMwh),
    quantitiesWh: Float64Array.of(quantityWh, ...side.quantitiesWh),
    members: Int32Array.of(-1, ...side.members),
  };
}

const fillsOf = ({ orders }: BookSide, fills: ReadonlyMap<BlockOrder, number>): Float64Array =>
  Float64Array.from(orders, (order) => fills.get(order)!);
