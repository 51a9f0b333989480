import { DomainError, type Interval, overlaps } from '#core';
import { type Order, requireOrder } from './order.ts';

/**
 * An order of one delivery interval that is more than a divisible limit order: part of a block (all its orders are accepted
 * at one ratio), with a least ratio at which it may be accepted, or linked to a parent it needs.
 */
export interface BlockOrder extends Order {
  /** Name of the block that it is part of. */
  readonly block?: string;
  /** Least share of the quantity that is accepted if any is, of the order or of its whole block; 0 … 1, default 0. */
  readonly minAcceptance?: number;
  /** Order or block whose ratio of acceptance this one's may not exceed. */
  readonly linkedTo?: string;
}

/** What is accepted at one ratio: a block, or an order of none. */
export interface Unit {
  /** The name of the block, or the order's id. */
  readonly id: string;
  readonly member: string;
  /** By interval, then id. */
  readonly orders: readonly BlockOrder[];
  readonly minAcceptance: number;
  /** Index of the unit whose ratio it may not exceed. */
  readonly parent: number | undefined;
}

/** Whether a unit is one order that may be accepted at any ratio, whatever others are. */
export const isDivisibleOrder = ({ orders, minAcceptance, parent }: Unit): boolean =>
  orders.length === 1 && minAcceptance === 0 && parent === undefined;

/** Checked block orders of several intervals; the same in any input order. */
export interface BlockBook {
  /** By time. */
  readonly intervals: readonly Interval[];
  /** By id. */
  readonly units: readonly Unit[];
  /** For each unit and order the index of its interval. */
  readonly intervalOf: ReadonlyMap<BlockOrder, number>;
}

export const MAX_BLOCK_ORDERS = 20_000;
const MAX_INTERVALS = 200;
const MAX_CHAIN = 1000;
/** Units with a least acceptance: each is a yes or no of the integer program. */
export const MAX_INDIVISIBLE = 500;

/**
 * @throws what requireOrder does, ORDER_DUPLICATE, BLOCK_ACCEPTANCE, BLOCK_DISAGREES, BLOCK_LINK_UNKNOWN, BLOCK_LINK_CYCLE,
 * BLOCK_INTERVALS, BLOCKS_TOO_MANY
 */
export function blockBookOf(orders: readonly BlockOrder[]): BlockBook {
  requireCounts(orders);
  const byId = new Map<string, BlockOrder>();
  for (const order of orders) {
    requireOrder(order);
    if (byId.has(order.id)) {
      throw new DomainError('ORDER_DUPLICATE', `expected each order once, got ${order.id} twice`);
    }
    byId.set(order.id, order);
  }
  const intervals = intervalsOf(orders);
  const keys = new Map(intervals.map((each, index) => [keyOf(each), index]));
  const intervalOf = new Map(orders.map((order) => [order, keys.get(keyOf(order.interval))!]));
  const grouped = new Map<string, BlockOrder[]>();
  for (const order of orders) {
    const id = order.block ?? order.id;
    grouped.set(id, [...(grouped.get(id) ?? []), order]);
  }
  const ids = [...grouped.keys()].toSorted();
  const unitOfOrder = new Map(orders.map(({ id, block }) => [id, block ?? id]));
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const units = ids.map((id): Unit => {
    const lines = grouped.get(id)!.toSorted((a, b) => intervalOf.get(a)! - intervalOf.get(b)! || (a.id < b.id ? -1 : 1)); // prettier-ignore
    const { member, minAcceptance, linkedTo } = agreed(id, lines, byId);
    const parent = linkedTo === undefined ? undefined : indexOf.get(unitOfOrder.get(linkedTo) ?? linkedTo);
    if (linkedTo !== undefined && parent === undefined) throw unknownParent(id, linkedTo);
    return { id, member, orders: lines, minAcceptance, parent };
  });
  requireNoCycle(units);
  requireFew('indivisible units', units.filter((unit) => unit.minAcceptance > 0).length, MAX_INDIVISIBLE);
  return { intervals, units, intervalOf };
}

/** Checks a participant's orders as a book of blocks. @throws what blockBookOf does */
export function requireBlocks(orders: readonly BlockOrder[]): { readonly indivisible: number } {
  const { units } = blockBookOf(orders);
  return { indivisible: units.filter(({ minAcceptance }) => minAcceptance > 0).length };
}

function requireCounts(orders: readonly BlockOrder[]): void {
  requireFew('block orders', orders.length, MAX_BLOCK_ORDERS);
}

function requireFew(what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw new DomainError('BLOCKS_TOO_MANY', `expected at most ${limit} ${what}, got ${count}`, 'limit', {
    count,
  });
}

const keyOf = ({ startMs, endMs }: Interval): string => `${startMs}/${endMs}`;

function intervalsOf(orders: readonly BlockOrder[]): Interval[] {
  const distinct = new Map(orders.map(({ interval }) => [keyOf(interval), interval]));
  const intervals = [...distinct.values()].toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const crossing = intervals.findIndex((each, i) => i > 0 && overlaps(intervals[i - 1]!, each));
  if (crossing !== -1) {
    throw new DomainError('BLOCK_INTERVALS', 'expected equal or disjoint intervals, got overlapping ones');
  }
  requireFew('intervals', intervals.length, MAX_INTERVALS);
  return intervals;
}

/** What all orders of a unit say alike; least acceptance and link may stand on one of them for all. */
function agreed(id: string, lines: readonly BlockOrder[], byId: ReadonlyMap<string, BlockOrder>) {
  const member = onlyOne(id, 'member', lines.map((line) => line.member))!; // prettier-ignore
  const minAcceptance = onlyOne(id, 'minAcceptance', lines.map((line) => line.minAcceptance)) ?? 0; // prettier-ignore
  const linkedTo = onlyOne(id, 'linkedTo', lines.map((line) => line.linkedTo)); // prettier-ignore
  if (!(minAcceptance >= 0 && minAcceptance <= 1)) {
    throw new DomainError(
      'BLOCK_ACCEPTANCE',
      `expected a least acceptance within 0 and 1 in ${id}, got ${minAcceptance}`,
    );
  }
  const namesake = byId.get(id);
  if (namesake !== undefined && !lines.includes(namesake)) {
    throw new DomainError('BLOCK_DISAGREES', `expected a block's name to be no other order's id, got ${id}`);
  }
  return { member, minAcceptance, linkedTo };
}

function onlyOne<T>(id: string, what: string, values: readonly (T | undefined)[]): T | undefined {
  const distinct = [...new Set(values.filter((value) => value !== undefined))];
  if (distinct.length <= 1) return distinct[0];
  throw new DomainError('BLOCK_DISAGREES', `expected one ${what} in block ${id}, got ${distinct.join(', ')}`);
}

const unknownParent = (id: string, linkedTo: string): DomainError =>
  new DomainError('BLOCK_LINK_UNKNOWN', `expected ${id} to be linked to an order or block, got ${linkedTo}`);

function requireNoCycle(units: readonly Unit[]): void {
  const reachesRoot = new Set<number>();
  for (const start of units.keys()) {
    const path = new Set<number>();
    let at: number | undefined = start;
    while (at !== undefined && !reachesRoot.has(at)) {
      if (path.has(at)) {
        throw new DomainError(
          'BLOCK_LINK_CYCLE',
          `expected links without a circle, got one at ${units[at]!.id}`,
        );
      }
      path.add(at);
      requireFew('orders linked one to the next', path.size, MAX_CHAIN);
      at = units[at]!.parent;
    }
    for (const unit of path) reachesRoot.add(unit);
  }
}
