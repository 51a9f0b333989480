import { type PairPrices } from './bilateral.ts';
import { type Fills, allocate, filledByMember } from './allocation.ts';
import { type Book, type BookSide, intersect } from './book.ts';
import { Matches } from './matches.ts';
import { type TieRule } from './mechanism.ts';
import { MinQueue } from './min-queue.ts';

/**
 * Fills of the greatest welfare that trades between different members can have.
 *
 * Σ (bid − ask) depends on fills alone, and fills can be paired without own matches where no member's bought and sold Wh
 * exceed the quantity Q: more is a member's own match. Merit order breaks this for one member at most (loads sum to 2Q),
 * and then it binds in an optimum too: everybody trades with that member only, which are two separate markets, its bids
 * with the others' asks and the others' bids with its asks.
 */
export function allocateApart(book: Book, tie: TieRule): Fills {
  const { quantityWh } = intersect(book);
  const fills = allocate(book, quantityWh, tie);
  const heavy = loads(book, fills).findIndex((wh) => wh > quantityWh);
  if (heavy === -1) return fills;
  const is = (member: number): boolean => member === heavy;
  const isNot = (member: number): boolean => member !== heavy;
  const parts = [allocatePart(book, is, isNot, tie), allocatePart(book, isNot, is, tie)];
  return {
    buyWh: fills.buyWh.map((_, rank) => parts[0]!.buyWh[rank]! + parts[1]!.buyWh[rank]!),
    sellWh: fills.sellWh.map((_, rank) => parts[0]!.sellWh[rank]! + parts[1]!.sellWh[rank]!),
  };
}

function loads(book: Book, { buyWh, sellWh }: Fills): Float64Array {
  const sold = filledByMember(book, book.sells, sellWh);
  return filledByMember(book, book.buys, buyWh).map((boughtWh, member) => boughtWh + sold[member]!);
}

type OfMember = (member: number) => boolean;

function allocatePart(book: Book, buyers: OfMember, sellers: OfMember, tie: TieRule): Fills {
  const buyRanks = ranksOf(book.buys, buyers);
  const sellRanks = ranksOf(book.sells, sellers);
  const part = { ...book, buys: sideOf(book.buys, buyRanks), sells: sideOf(book.sells, sellRanks) };
  const { buyWh, sellWh } = allocate(part, intersect(part).quantityWh, tie);
  return {
    buyWh: scatter(buyWh, buyRanks, book.buys.orders.length),
    sellWh: scatter(sellWh, sellRanks, book.sells.orders.length),
  };
}

const ranksOf = ({ members }: BookSide, includes: OfMember): number[] =>
  [...members.keys()].filter((rank) => includes(members[rank]!));

const sideOf = (side: BookSide, ranks: readonly number[]): BookSide => ({
  orders: ranks.map((rank) => side.orders[rank]!),
  limitsPerMwh: Float64Array.from(ranks, (rank) => side.limitsPerMwh[rank]!),
  quantitiesWh: Float64Array.from(ranks, (rank) => side.quantitiesWh[rank]!),
  members: Int32Array.from(ranks, (rank) => side.members[rank]!),
});

function scatter(values: Float64Array, ranks: readonly number[], length: number): Float64Array {
  const all = new Float64Array(length);
  ranks.forEach((rank, i) => (all[rank] = values[i]!));
  return all;
}

/**
 * Pairs fills that allow it (see allocateApart) without own matches: the best bid with the best ask of another member, as
 * long as nobody is left with its own energy; where that is about to happen to a member, all that remains trades with it.
 */
export function pairApart(book: Book, fills: Fills, prices: PairPrices): Matches {
  const pairing = new Pairing(book, fills, prices);
  const heavy = pairing.untilSomebodyBinds();
  if (heavy !== undefined) {
    pairing.rest((member) => member === heavy, (member) => member !== heavy); // prettier-ignore
    pairing.rest((member) => member !== heavy, (member) => member === heavy); // prettier-ignore
  }
  return pairing.matches;
}

class Pairing {
  readonly matches = new Matches();
  readonly #book: Book;
  readonly #prices: PairPrices;
  readonly #buyWh: Float64Array;
  readonly #sellWh: Float64Array;
  readonly #loadWh: Float64Array;
  /** Members by load, heaviest first; entries of loads that have fallen since are stale. */
  readonly #byLoad = new MinQueue<number>();
  /** Where each member's search for a seller stands; energy that is gone never comes back. */
  readonly #sellOf: Int32Array;
  #firstSell = 0;
  #leftWh: number;

  constructor(book: Book, fills: Fills, prices: PairPrices) {
    this.#book = book;
    this.#prices = prices;
    this.#buyWh = fills.buyWh.slice();
    this.#sellWh = fills.sellWh.slice();
    this.#loadWh = loads(book, fills);
    this.#sellOf = new Int32Array(book.members.length);
    this.#leftWh = this.#buyWh.reduce((sum, wh) => sum + wh, 0);
    this.#loadWh.forEach((wh, member) => this.#byLoad.add(-wh, member));
  }

  /** @returns the member that all the rest must trade with, if it comes to that */
  untilSomebodyBinds(): number | undefined {
    for (let buy = 0; buy < this.#buyWh.length; buy++) {
      while (this.#buyWh[buy]! > 0) {
        const sell = this.#bestSellFor(this.#book.buys.members[buy]!);
        const { member, slackWh } = this.#tightest(buy, sell);
        if (slackWh === 0) return member;
        this.#trade(buy, sell, slackWh);
      }
    }
    return undefined;
  }

  rest(buyers: OfMember, sellers: OfMember): void {
    const { buys, sells } = this.#book;
    let sell = 0;
    for (let buy = 0; buy < this.#buyWh.length; buy++) {
      while (this.#buyWh[buy]! > 0 && buyers(buys.members[buy]!)) {
        while (this.#sellWh[sell] === 0 || !sellers(sells.members[sell]!)) sell++;
        this.#trade(buy, sell, Infinity);
      }
    }
  }

  #bestSellFor(member: number): number {
    const { members } = this.#book.sells;
    while (this.#sellWh[this.#firstSell] === 0) this.#firstSell++;
    let sell = Math.max(this.#firstSell, this.#sellOf[member]!);
    while (this.#sellWh[sell] === 0 || members[sell] === member) sell++;
    this.#sellOf[member] = sell;
    return sell;
  }

  /** Who of all others would first be left with its own energy, and how much may trade without it until then. */
  #tightest(buy: number, sell: number): { member: number; slackWh: number } {
    const partners = [this.#book.buys.members[buy]!, this.#book.sells.members[sell]!];
    const passed: number[] = [];
    let heaviest = -1;
    for (let first = this.#byLoad.first(); first && heaviest === -1; first = this.#byLoad.first()) {
      const { key, item: member } = first;
      if (-key === this.#loadWh[member] && !partners.includes(member)) {
        heaviest = member;
        break;
      }
      this.#byLoad.take();
      if (-key !== this.#loadWh[member]) this.#byLoad.add(-this.#loadWh[member]!, member);
      else passed.push(member);
    }
    for (const member of passed) this.#byLoad.add(-this.#loadWh[member]!, member);
    return { member: heaviest, slackWh: this.#leftWh - (heaviest === -1 ? 0 : this.#loadWh[heaviest]!) };
  }

  #trade(buy: number, sell: number, atMostWh: number): void {
    const wh = Math.min(this.#buyWh[buy]!, this.#sellWh[sell]!, atMostWh);
    this.matches.add(buy, sell, wh, ...this.#prices(buy, sell));
    this.#buyWh[buy]! -= wh;
    this.#sellWh[sell]! -= wh;
    this.#loadWh[this.#book.buys.members[buy]!]! -= wh;
    this.#loadWh[this.#book.sells.members[sell]!]! -= wh;
    this.#leftWh -= wh;
  }
}
