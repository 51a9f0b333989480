import { cancelOwnMatches, pair } from './allocation.ts';
import { type Book, type BookSide } from './book.ts';
import { mechanism } from './clearing.ts';
import { type CurveAgent, clearCurves } from './demand-curves.ts';
import { Matches } from './matches.ts';
import { type ClearingOptions, type Matching } from './mechanism.ts';

/** Demand-curve agents on orders: each is a curve of one step at its limit (see clearCurves). */
export const demandCurves = mechanism({
  name: 'demand-curves',
  version: 1,
  title: 'Demand-curve agents',
  source: 'PowerMatcher; Kok, Warmer & Kamphuis 2005',
  properties: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficiency: 'best',
  },
  solver: 'tree-aggregation',
  traders: 'any',
  takes: ['k', 'ownMatches'],
  bounded: true,
  ownCrossing: 'refused',
  match: matchAtZeroDemand,
});

function matchAtZeroDemand(book: Book, { k = 0.5 }: ClearingOptions): Matching {
  const { pricePerMwh, positions } = clearCurves([...agentsOf(book.buys), ...agentsOf(book.sells)], [], {
    k,
  });
  const demandWh = new Map(positions.map((each) => [each.id, Math.abs(each.demandWh)]));
  const fillsOf = ({ orders }: BookSide): Float64Array =>
    Float64Array.from(orders, ({ id }) => demandWh.get(id)!);
  const gross = { buyWh: fillsOf(book.buys), sellWh: fillsOf(book.sells) };
  const { fills, ownMatches } = cancelOwnMatches(book, gross);
  const rules = {
    priceRule: `k = ${k} within the prices of zero net demand, nearest unit`,
    marginRule: 'pro rata to the steps at the price',
    ownMatches,
  };
  const tradedWh = fills.buyWh.reduce((sum, wh) => sum + wh, 0);
  if (pricePerMwh === null || tradedWh === 0) {
    const own = ownMatches.quantityWh > 0 ? ({ reason: 'ONLY_OWN_MATCHES' } as const) : {};
    return { ...rules, matches: new Matches(), pricePerMwh: null, ...own };
  }
  return { ...rules, matches: pair(fills, pricePerMwh), pricePerMwh };
}

const agentsOf = ({ orders, limitsPerMwh }: BookSide): CurveAgent[] =>
  orders.map(({ id, member, side, quantityWh }, rank) => {
    const [below, above] = side === 'buy' ? [quantityWh, 0] : [0, -quantityWh];
    const at = limitsPerMwh[rank]!;
    return {
      id,
      member,
      points: [
        { pricePerMwh: at, demandWh: below },
        { pricePerMwh: at, demandWh: above },
      ],
    };
  });
