import { DomainError } from '#core';
import { type Book } from './book.ts';
import { type MechanismRule } from './mechanism.ts';

/** @throws ONE_ORDER_REQUIRED, UNIT_TRADERS_REQUIRED where the book's members are not the traders a mechanism is for */
export function requireTraders(book: Book, traders: MechanismRule['traders']): void {
  if (traders !== 'any') requireOneOrderEach(book);
  if (traders === 'unit') requireOneSize(book);
}

function requireOneOrderEach({ buys, sells, members }: Book): void {
  const orders = buys.orders.length + sells.orders.length;
  if (orders === members.length) return;
  throw new DomainError(
    'ONE_ORDER_REQUIRED',
    `expected one order a member, got ${orders} of ${members.length} members`,
  );
}

function requireOneSize({ buys, sells }: Book): void {
  const [first, ...rest] = [...buys.orders, ...sells.orders];
  const other = rest.find(({ quantityWh }) => quantityWh !== first!.quantityWh);
  if (other === undefined) return;
  throw new DomainError(
    'UNIT_TRADERS_REQUIRED',
    `expected orders of one size, got another in order ${other.id} than in order ${first!.id}`,
  );
}

/** How many of the best buyers and sellers could trade pairwise, the k of McAfee. */
export function pairsOf({ buys, sells }: Book, gain: (bid: number, ask: number) => boolean): number {
  const most = Math.min(buys.limitsPerMwh.length, sells.limitsPerMwh.length);
  let pairs = 0;
  while (pairs < most && gain(buys.limitsPerMwh[pairs]!, sells.limitsPerMwh[pairs]!)) pairs++;
  return pairs;
}
