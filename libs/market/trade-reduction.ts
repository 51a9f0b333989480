import { pair } from './allocation.ts';
import { type Book, type BookSide, intersect } from './book.ts';
import { mechanism } from './clearing.ts';
import { Matches } from './matches.ts';
import { type Matching } from './mechanism.ts';

/**
 * Trade reduction for orders of any size, one a member. The marginal buyer and the marginal seller of the efficient
 * allocation set their side's price and trade nothing; whoever is better than they trades at those prices. The long side
 * shares the reduction equally: each order loses the same energy, one that would lose more than it has trades nothing.
 * Truthful in prices; the quantity of an order is taken as given, as in the paper: who claims more of it is cut less.
 *
 * What does not divide goes to the later id, so that no price decides over it.
 * @throws ONE_ORDER_REQUIRED
 */
export const tradeReduction = mechanism({
  name: 'trade-reduction',
  version: 1,
  title: 'Multi-unit trade reduction',
  source: 'Huang, Scheller-Wolf & Sycara 2002',
  properties: {
    individuallyRational: true,
    incentiveCompatible: 'prices',
    budgetBalance: 'weak',
    efficiency: 'best-but-marginal-orders',
  },
  solver: 'sort-and-merge',
  takes: [],
  traders: 'one-order',
  ownCrossing: 'refused',
  match,
});

const RULES = {
  priceRule: 'buyers pay the marginal bid, sellers receive the marginal ask, neither of the two trades',
  marginRule: 'equal reduction of the long side',
};

function match(book: Book): Matching {
  const { lastBuy, lastSell } = intersect(book);
  if (lastBuy < 1 || lastSell < 1) return { ...RULES, matches: new Matches(), pricePerMwh: null };
  const [buy, sell] = [book.buys.limitsPerMwh[lastBuy]!, book.sells.limitsPerMwh[lastSell]!];
  const demandWh = totalOf(book.buys, lastBuy);
  const supplyWh = totalOf(book.sells, lastSell);
  const fills = {
    buyWh: reduceEqually(book.buys, lastBuy, Math.max(0, demandWh - supplyWh)),
    sellWh: reduceEqually(book.sells, lastSell, Math.max(0, supplyWh - demandWh)),
  };
  return {
    ...RULES,
    matches: pair(fills, buy, sell),
    pricePerMwh: buy === sell ? buy : null,
    prices: { buy, sell },
  };
}

const totalOf = ({ quantitiesWh }: BookSide, count: number): number =>
  quantitiesWh.subarray(0, count).reduce((sum, wh) => sum + wh, 0);

/** The first `count` orders less `gapWh` in equal parts; smallest first, so that who has less than its part loses all. */
function reduceEqually({ orders, quantitiesWh }: BookSide, count: number, gapWh: number): Float64Array {
  const fills = quantitiesWh.slice(0, count);
  if (gapWh === 0) return fills;
  const ranks = Array.from(fills.keys()).toSorted(
    (a, b) => fills[a]! - fills[b]! || (orders[a]!.id < orders[b]!.id ? -1 : 1),
  );
  let leftWh = gapWh;
  ranks.forEach((rank, i) => {
    const cutWh = Math.min(fills[rank]!, Math.floor(leftWh / (count - i)));
    fills[rank]! -= cutWh;
    leftWh -= cutWh;
  });
  return fills;
}
