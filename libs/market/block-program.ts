import { type LpBuilder, type LpProblem, lpBuilder } from '#core';
import { type BlockBook, type Unit } from './block.ts';

/*
 * Units u are accepted at ratios x_u; v_u = Σ ± limit · quantity is the welfare of a whole unit, S_u(π) = v_u − Σ_t a_ut π_t
 * its surplus at prices π (a_ut: net bought by u in interval t). Everything is scaled to about 1 for the solver.
 */

/** Divisors that bring quantities and prices of a book to at most 1. */
export interface BlockScale {
  readonly wh: number;
  readonly price: number;
}

export function scaleOf({ units }: BlockBook): BlockScale {
  const orders = units.flatMap((unit) => unit.orders);
  return {
    wh: orders.reduce((most, { quantityWh }) => Math.max(most, quantityWh), 1),
    price: orders.reduce((most, { pricePerMwh }) => Math.max(most, Math.abs(pricePerMwh)), 1),
  };
}

/** A unit in numbers of the solver. */
interface Scaled {
  readonly value: number;
  /** Net bought by interval. */
  readonly netBought: readonly (readonly [interval: number, quantity: number])[];
}

function scaled(book: BlockBook, unit: Unit, scale: BlockScale): Scaled {
  let value = 0;
  const netBought = unit.orders.map((order) => {
    const bought = (order.side === 'buy' ? order.quantityWh : -order.quantityWh) / scale.wh;
    value += bought * (order.pricePerMwh / scale.price);
    return [book.intervalOf.get(order)!, bought] as const;
  });
  return { value, netBought };
}

/** Numbers of the columns that a program's solution is read by; `accepted` only of indivisible units. */
export interface BlockColumns {
  readonly ratio: readonly number[];
  readonly accepted: readonly (number | undefined)[];
  readonly price: readonly number[];
}

/** Most welfare, whatever prices say of it: the bound. */
export function welfareProgram(book: BlockBook): { problem: LpProblem; columns: BlockColumns } {
  const scale = scaleOf(book);
  const builder = lpBuilder('maximize');
  const columns = addAcceptance(builder, book, scale);
  return { problem: builder.build(), columns: { ...columns, price: [] } };
}

/**
 * Most welfare of an acceptance that has prices at which no accepted unit loses, and no divisible one would rather be
 * accepted more or less (Madani & Van Vyve 2015): the dual of the program with its indivisible units decided, without the
 * multipliers of their least acceptance, and both objectives equal.
 */
export function supportedProgram(
  book: BlockBook,
  widening: number,
): { problem: LpProblem; columns: BlockColumns } {
  const scale = scaleOf(book);
  const builder = lpBuilder('maximize');
  const { ratio, accepted } = addAcceptance(builder, book, scale);
  const { low, high } = priceRange(book, scale, widening);
  const price = book.intervals.map(() => builder.column({ lower: low, upper: high }));
  const surplus = book.units.map(() => builder.column({}));
  const link = book.units.map((unit) => (unit.parent === undefined ? undefined : builder.column({})));
  const linkTerms = linkTermsOf(book, link);
  const units = book.units.map((unit) => scaled(book, unit, scale));
  units.forEach(({ value, netBought }, u) => {
    const terms: [number, number][] = netBought.map(([t, bought]) => [price[t]!, -bought]);
    terms.push([surplus[u]!, -1], ...linkTerms[u]!);
    const binary = accepted[u];
    if (binary === undefined) {
      builder.row({ upper: -value }, terms);
      return;
    }
    const most = netBought.reduce(
      (sum, [, bought]) => sum + Math.abs(bought) * (high - low),
      Math.abs(value),
    );
    builder.row({ upper: most - value }, [...terms, [binary, most]]);
  });
  builder.row({ lower: 0 }, [
    ...units.map(({ value }, u): [number, number] => [ratio[u]!, value]),
    ...surplus.map((column): [number, number] => [column, -1]),
  ]);
  return { problem: builder.build(), columns: { ratio, accepted, price } };
}

/** Columns of the ratios and decisions; rows of balance, least acceptance and links. */
function addAcceptance(builder: LpBuilder, book: BlockBook, scale: BlockScale) {
  const units = book.units.map((unit) => scaled(book, unit, scale));
  const ratio = units.map(({ value }) => builder.column({ cost: value, upper: 1 }));
  const accepted = book.units.map(({ minAcceptance }) =>
    minAcceptance > 0 ? builder.column({ upper: 1, integer: true }) : undefined,
  );
  const balance: [number, number][][] = book.intervals.map(() => []);
  units.forEach(({ netBought }, u) => {
    for (const [t, bought] of netBought) balance[t]!.push([ratio[u]!, bought]);
  });
  for (const terms of balance) builder.row({ lower: 0, upper: 0 }, terms);
  book.units.forEach(({ minAcceptance, parent }, u) => {
    const binary = accepted[u];
    if (binary !== undefined) {
      builder.row({ upper: 0 }, [[ratio[u]!, 1], [binary, -1]]); // prettier-ignore
      builder.row({ lower: 0 }, [[ratio[u]!, 1], [binary, -minAcceptance]]); // prettier-ignore
    }
    if (parent !== undefined) builder.row({ upper: 0 }, [[ratio[u]!, 1], [ratio[parent]!, -1]]); // prettier-ignore
  });
  return { ratio, accepted };
}

/**
 * Prices may leave the limits: a block may pay more in one interval for what it gains in another, the further the smaller its
 * order there. `widening` is in such distances.
 */
function priceRange(
  { units }: BlockBook,
  scale: BlockScale,
  widening: number,
): { low: number; high: number } {
  let [least, most, reach] = [Infinity, -Infinity, 1];
  for (const { orders } of units) {
    let [smallest, total] = [Infinity, 0];
    for (const { pricePerMwh, quantityWh } of orders) {
      least = Math.min(least, pricePerMwh / scale.price);
      most = Math.max(most, pricePerMwh / scale.price);
      smallest = Math.min(smallest, quantityWh);
      total += quantityWh;
    }
    reach = Math.max(reach, total / smallest);
  }
  const beyond = widening * reach * (most - least);
  return { low: least - beyond, high: most + beyond };
}

/** A child's link multiplier counts against its own surplus and for its parent's: what a child gains can save its parent. */
function linkTermsOf({ units }: BlockBook, link: readonly (number | undefined)[]): [number, number][][] {
  const terms: [number, number][][] = units.map(() => []);
  link.forEach((column, child) => {
    if (column === undefined) return;
    terms[child]!.push([column, -1]);
    terms[units[child]!.parent!]!.push([column, 1]);
  });
  return terms;
}

/** How far a unit is accepted, as exact as a program's answer allows. */
export type Acceptance = 'rejected' | 'none' | 'part' | 'whole';

/** What the solver is asked of the prices that support an acceptance. */
export type PriceGoal =
  | { readonly sense: LpProblem['sense']; readonly interval: number }
  | { readonly nearest: ReadonlyMap<number, number> };

/** As good as no bound for prices of intervals in which nothing is traded. */
const ANY_PRICE = 1e4;

/**
 * The prices that support an acceptance: complementary slackness of the program with its indivisible units decided. Least or
 * greatest in one interval, or those of least squared distance to prices given by interval.
 */
export function priceProgram(
  book: BlockBook,
  acceptance: readonly Acceptance[],
  isBound: (child: number) => boolean,
  goal: PriceGoal,
): { problem: LpProblem; price: readonly number[] } {
  const scale = scaleOf(book);
  const { low, high } = priceRange(book, scale, ANY_PRICE);
  const builder = lpBuilder('sense' in goal ? goal.sense : 'minimize');
  const price = book.intervals.map((_, t) => {
    const near = 'nearest' in goal ? goal.nearest.get(t) : undefined;
    const cost =
      near === undefined ? Number('interval' in goal && goal.interval === t) : (-2 * near) / scale.price;
    const column = builder.column({ lower: low, upper: high, cost });
    if (near !== undefined) builder.curvature(column, column, 2);
    return column;
  });
  const link = book.units.map((unit, u) =>
    unit.parent !== undefined && isBound(u) ? builder.column({}) : undefined,
  );
  const linkTerms = linkTermsOf(book, link);
  book.units.forEach((unit, u) => {
    const how = acceptance[u]!;
    if (how === 'rejected') return;
    const { value, netBought } = scaled(book, unit, scale);
    const terms: [number, number][] = netBought.map(([t, bought]) => [price[t]!, -bought]);
    terms.push(...linkTerms[u]!);
    const lower = how === 'none' ? {} : { lower: -value };
    const upper = how === 'whole' ? {} : { upper: -value };
    builder.row({ ...lower, ...upper }, terms);
  });
  return { problem: builder.build(), price };
}
