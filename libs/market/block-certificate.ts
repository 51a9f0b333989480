import { type Json, type LpSolution, exactAmount, isoInstant } from '#core';
import { type BlockBook, type Unit, isDivisibleOrder } from './block.ts';
import { type ExactAcceptance } from './block-fills.ts';
import { pair } from './allocation.ts';
import { type Certificate, type ReasonCode } from './certificate.ts';
import { tradesOf } from './clearing.ts';
import { type ClearingResult, type TieRule, type Trade } from './mechanism.ts';

/** Prices by interval, integer minor units per MWh, with the range they were chosen from; null where nothing is traded. */
export interface BlockPrices {
  readonly perMwh: readonly (number | null)[];
  readonly lowPerMwh: readonly (number | null)[];
  readonly highPerMwh: readonly (number | null)[];
}

/** A clearing of several intervals: `prices` by the start of each interval that trades, null where it does not. */
export interface BlockResult extends ClearingResult {
  /** Ratio at which each order or block of more than a plain order is accepted. */
  readonly accepted: readonly { readonly id: string; readonly ratio: number }[];
  /** Accepted Wh of every order, own matches included. */
  readonly fills: readonly { readonly order: string; readonly quantityWh: number }[];
  /** The prices that support the acceptance, by the start of each interval; null where nothing trades. */
  readonly supports: Readonly<
    Record<string, { readonly lowPerMwh: number | null; readonly highPerMwh: number | null }>
  >;
}

interface BlockClearing {
  readonly book: BlockBook;
  /** The acceptance of most welfare. */
  readonly best: ExactAcceptance;
  readonly accepted: ExactAcceptance;
  readonly prices: BlockPrices;
  readonly rules: { readonly k: number; readonly tie: TieRule };
  readonly solver: LpSolution | undefined;
}

export function blockResult(clearing: BlockClearing): BlockResult {
  const { book, accepted, prices } = clearing;
  let ownWh = 0;
  const trades: Trade[] = accepted.books.flatMap((each, t) =>
    tradesOf(each.book, pair(each.fills, prices.perMwh[t] ?? 0)).filter((trade) => {
      if (trade.buyer !== trade.seller) return true;
      ownWh += trade.quantityWh;
      return false;
    }),
  );
  const named = book.intervals.map(({ startMs }, t) => [isoInstant(startMs), prices.perMwh[t]!] as const);
  const pricePerMwh = named.length === 1 ? named[0]![1] : null;
  return {
    trades,
    charges: [],
    quantityWh: trades.reduce((sum, trade) => sum + trade.quantityWh, 0),
    pricePerMwh,
    prices: Object.fromEntries(named),
    supports: Object.fromEntries(
      book.intervals.map(({ startMs }, t) => [
        isoInstant(startMs),
        { lowPerMwh: prices.lowPerMwh[t]!, highPerMwh: prices.highPerMwh[t]! },
      ]),
    ),
    accepted: book.units.flatMap(({ id, orders, minAcceptance, parent }, u) =>
      orders[0]!.block !== undefined || minAcceptance > 0 || parent !== undefined
        ? [{ id, ratio: accepted.ratio[u]! }]
        : [],
    ),
    fills: [...accepted.filledWh]
      .map(([{ id }, quantityWh]) => ({ order: id, quantityWh }))
      .toSorted((a, b) => (a.order < b.order ? -1 : 1)),
    certificate: certificateOf(clearing, { trades, ownWh, pricePerMwh }),
  };
}

function certificateOf(
  { book, best, accepted, prices, rules, solver }: BlockClearing,
  { trades, ownWh, pricePerMwh }: { trades: readonly Trade[]; ownWh: number; pricePerMwh: number | null },
): Certificate {
  const orders = book.units.flatMap((unit) => unit.orders);
  const welfareExact = welfareOf(accepted);
  const bestWelfareExact = welfareOf(best);
  const cleared = trades.length > 0;
  const rejected = paradoxicallyRejected(book, accepted, prices);
  return {
    mechanism: 'block-orders/1',
    ...solvedBy(solver, rules),
    status: cleared ? 'CLEARED' : 'NOT_CLEARED',
    reason: cleared ? null : reasonOf(orders, ownWh, bestWelfareExact),
    buyOrders: orders.filter(({ side }) => side === 'buy').length,
    sellOrders: orders.filter(({ side }) => side === 'sell').length,
    quantityWh: trades.reduce((sum, trade) => sum + trade.quantityWh, 0),
    selfMatchedWh: ownWh,
    pricePerMwh,
    efficientPriceInterval: supportOf(prices),
    efficientQuantityWh: best.books.reduce(
      (sum, each) => sum + each.fills.buyWh.reduce((a, b) => a + b, 0),
      0,
    ),
    priceRule: `k = ${rules.k} between the prices that support the acceptance, nearest unit`,
    marginRule: rules.tie,
    welfareExact,
    bestWelfareExact,
    individualRationality: { ...plainMargins(accepted, book, prices), chargedExact: null },
    budgetResidualExact: 0n,
    details: {
      // 0 where no rule cost any welfare.
      gap: gapOf(welfareExact, bestWelfareExact),
      paradoxicallyRejected: rejected.map(({ id }) => id),
      paradoxicallyRejectedSurplusExact: rejected
        .reduce((sum, { surplusExact }) => sum + surplusExact, 0n)
        .toString(),
      leastBlockSurplusExact: leastFamilySurplus(book, accepted, prices)?.toString() ?? null,
      ...(solver?.mip === undefined ? {} : { mipGap: solver.mip.gap }),
    } satisfies Record<string, Json>,
  };
}

function solvedBy(
  solution: LpSolution | undefined,
  rules: BlockClearing['rules'],
): Pick<Certificate, 'solver' | 'options'> {
  if (solution === undefined) return { solver: 'none', options: rules };
  const { name, version, options } = solution.solver;
  return { solver: `${name} ${version}`, options: { ...rules, solver: { ...options } } };
}

/** Of a single interval; several have no one price. */
function supportOf({ lowPerMwh, highPerMwh }: BlockPrices): Certificate['efficientPriceInterval'] {
  if (lowPerMwh.length !== 1) return { lowPerMwh: null, highPerMwh: null };
  return { lowPerMwh: lowPerMwh[0]!, highPerMwh: highPerMwh[0]! };
}

const gapOf = (welfareExact: bigint, bestWelfareExact: bigint): number =>
  bestWelfareExact === 0n ? 0 : Number(bestWelfareExact - welfareExact) / Number(bestWelfareExact);

function reasonOf(
  orders: readonly { readonly side: 'buy' | 'sell' }[],
  ownWh: number,
  bestWelfareExact: bigint,
): ReasonCode {
  const [buys, sells] = [
    orders.some(({ side }) => side === 'buy'),
    orders.some(({ side }) => side === 'sell'),
  ];
  if (!buys) return sells ? 'NO_BUY_ORDERS' : 'NO_ORDERS';
  if (!sells) return 'NO_SELL_ORDERS';
  if (ownWh > 0) return 'ONLY_OWN_MATCHES';
  return bestWelfareExact > 0n ? 'EXCLUDED_BY_RULE' : 'PRICES_DO_NOT_CROSS';
}

const signOf = (side: 'buy' | 'sell'): 1 | -1 => (side === 'buy' ? 1 : -1);

function welfareOf({ filledWh }: ExactAcceptance): bigint {
  let welfare = 0n;
  for (const [{ side, pricePerMwh }, wh] of filledWh) welfare += exactAmount(signOf(side) * wh, pricePerMwh);
  return welfare;
}

/** Least distance between the limit of a filled order and its price, of divisible orders that no other is linked to. */
function plainMargins({ filledWh }: ExactAcceptance, book: BlockBook, { perMwh }: BlockPrices) {
  const margin = { buy: Infinity, sell: Infinity };
  for (const { side, order } of plainOrders(book)) {
    if (filledWh.get(order) === 0) continue;
    const price = perMwh[book.intervalOf.get(order)!]!;
    margin[side] = Math.min(margin[side], signOf(side) * (order.pricePerMwh - price));
  }
  return { buyPerMwh: orNull(margin.buy), sellPerMwh: orNull(margin.sell) };
}

const orNull = (value: number): number | null => (value === Infinity ? null : value);

function plainOrders({ units }: BlockBook) {
  const parents = new Set(units.map(({ parent }) => parent));
  return units.flatMap((unit, u) => {
    const [order] = unit.orders;
    return isDivisibleOrder(unit) && !parents.has(u) ? [{ side: order!.side, order: order! }] : [];
  });
}

/** What a unit gains at the prices with given fills, in millionths of a minor unit; nothing where there is no price. */
function surplusOf(
  { orders }: Unit,
  book: BlockBook,
  { perMwh }: BlockPrices,
  whOf: (order: Unit['orders'][number]) => number,
): bigint {
  return orders.reduce((sum, order) => {
    const price = perMwh[book.intervalOf.get(order)!] ?? order.pricePerMwh;
    return sum + exactAmount(signOf(order.side) * whOf(order), order.pricePerMwh - price);
  }, 0n);
}

/** Rejected though the prices, where all its intervals have one, would pay them: what it costs to have one price for all. */
function paradoxicallyRejected(
  book: BlockBook,
  { acceptance }: ExactAcceptance,
  prices: BlockPrices,
): { readonly id: string; readonly surplusExact: bigint }[] {
  return book.units.flatMap((unit, u) => {
    const priced = unit.orders.every((order) => prices.perMwh[book.intervalOf.get(order)!] !== null);
    if (acceptance[u] !== 'rejected' || !priced) return [];
    const surplusExact = surplusOf(unit, book, prices, (order) => order.quantityWh);
    return surplusExact > 0n ? [{ id: unit.id, surplusExact }] : [];
  });
}

/** The least that a block gains together with the children that need it; negative by no more than prices are rounded. */
function leastFamilySurplus(
  book: BlockBook,
  { filledWh, acceptance }: ExactAcceptance,
  prices: BlockPrices,
): bigint | undefined {
  const own = book.units.map((unit) => surplusOf(unit, book, prices, (order) => filledWh.get(order)!));
  const children: number[][] = book.units.map(() => []);
  book.units.forEach(({ parent }, u) => parent !== undefined && children[parent]!.push(u));
  const family = (u: number): bigint =>
    children[u]!.reduce((sum, child) => {
      const gain = family(child);
      return gain > 0n ? sum + gain : sum;
    }, own[u]!);
  const accepted = [...own.keys()].filter((u) => ['part', 'whole'].includes(acceptance[u]!));
  return accepted
    .map(family)
    .reduce<bigint | undefined>(
      (least, gain) => (least === undefined || gain < least ? gain : least),
      undefined,
    );
}
