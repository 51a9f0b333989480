import { type Json } from '#core';
import { type Book, type BookSide, intersect, type Intersection } from './book.ts';
import { type Certificate, type ReasonCode } from './certificate.ts';
import { ExactSum } from './exact-sum.ts';
import { type Matches } from './matches.ts';
import { type Charge, type Matching, type MechanismRule } from './mechanism.ts';

export interface CertifiedRule extends Pick<MechanismRule, 'name' | 'version' | 'solver'> {
  readonly options: Readonly<Record<string, Json>>;
}

/** The one certificate of all mechanisms: what it says of a matching follows from the book and the matches alone. */
export function certify(book: Book, matching: Matching, rule: CertifiedRule): Certificate {
  const { matches, pricePerMwh, priceRule, marginRule, ownMatches, charges = [] } = matching;
  const crossing = intersect(book);
  const { quantityWh, welfareExact, budgetExact, ...margins } = totals(book, matches);
  const cleared = quantityWh > 0;
  const own = ownMatches ?? { quantityWh: 0, welfareExact: 0n };
  return {
    mechanism: `${rule.name}/${rule.version}`,
    solver: rule.solver,
    options: rule.options,
    status: cleared ? 'CLEARED' : 'NOT_CLEARED',
    reason: cleared ? null : (matching.reason ?? reasonOf(book, crossing)),
    buyOrders: book.buys.orders.length,
    sellOrders: book.sells.orders.length,
    quantityWh,
    selfMatchedWh: own.quantityWh,
    pricePerMwh,
    efficientPriceInterval: { lowPerMwh: crossing.lowPerMwh, highPerMwh: crossing.highPerMwh },
    efficientQuantityWh: crossing.quantityWh,
    priceRule,
    marginRule,
    welfareExact: welfareExact + own.welfareExact,
    bestWelfareExact: dualBound(book, crossing),
    individualRationality: {
      ...margins,
      chargedExact: leastChargedGain(book, matches, charges),
    },
    budgetResidualExact: budgetExact + sumOf(charges.filter(({ kind }) => kind === 'externality')),
    ...(matching.details === undefined ? {} : { details: matching.details }),
  };
}

const sumOf = (charges: readonly Charge[]): bigint =>
  charges.reduce((sum, { amountExact }) => sum + amountExact, 0n);

function totals({ buys, sells }: Book, matches: Matches) {
  const welfare = new ExactSum();
  const budget = new ExactSum();
  let [quantityWh, buyMargin, sellMargin] = [0, Infinity, Infinity];
  for (let i = 0; i < matches.count; i++) {
    const wh = matches.quantitiesWh[i]!;
    const bid = buys.limitsPerMwh[matches.buys[i]!]!;
    const ask = sells.limitsPerMwh[matches.sells[i]!]!;
    const paid = matches.buyPricesPerMwh[i]!;
    const received = matches.sellPricesPerMwh[i]!;
    quantityWh += wh;
    welfare.add(wh, bid - ask);
    budget.add(wh, paid - received);
    buyMargin = Math.min(buyMargin, bid - paid);
    sellMargin = Math.min(sellMargin, received - ask);
  }
  const traded = matches.count > 0;
  return {
    quantityWh,
    welfareExact: welfare.exact,
    budgetExact: budget.exact,
    buyPerMwh: traded ? buyMargin : null,
    sellPerMwh: traded ? sellMargin : null,
  };
}

function reasonOf({ buys, sells }: Book, { quantityWh }: Intersection): ReasonCode {
  if (buys.orders.length === 0) return sells.orders.length === 0 ? 'NO_ORDERS' : 'NO_BUY_ORDERS';
  if (sells.orders.length === 0) return 'NO_SELL_ORDERS';
  return quantityWh === 0 ? 'PRICES_DO_NOT_CROSS' : 'EXCLUDED_BY_RULE';
}

/** Welfare cannot exceed this at any price (weak duality); at an efficient price it is attained. */
function dualBound({ buys, sells }: Book, { lowPerMwh, highPerMwh }: Intersection): bigint {
  if (buys.orders.length === 0 || sells.orders.length === 0) return 0n;
  const price = lowPerMwh ?? highPerMwh!;
  const bound = new ExactSum();
  addInside(bound, buys, (limit) => limit - price);
  addInside(bound, sells, (limit) => price - limit);
  return bound.exact;
}

function addInside(
  bound: ExactSum,
  { limitsPerMwh, quantitiesWh }: BookSide,
  gain: (limit: number) => number,
): void {
  for (let rank = 0; rank < limitsPerMwh.length && gain(limitsPerMwh[rank]!) > 0; rank++) {
    bound.add(quantitiesWh[rank]!, gain(limitsPerMwh[rank]!));
  }
}

/** Least gain over members that owe an externality: all they value, pay and receive in trades less what they are charged. */
function leastChargedGain(
  { buys, sells, members }: Book,
  matches: Matches,
  charges: readonly Charge[],
): bigint | null {
  const gains = new Map<string, bigint>();
  for (const { member, kind, amountExact } of charges) {
    if (kind === 'externality') gains.set(member, (gains.get(member) ?? 0n) - amountExact);
  }
  if (gains.size === 0) return null;
  const add = (member: number, wh: number, gainPerMwh: number): void => {
    const gain = gains.get(members[member]!);
    if (gain !== undefined) gains.set(members[member]!, gain + BigInt(wh) * BigInt(gainPerMwh));
  };
  for (let i = 0; i < matches.count; i++) {
    const [buy, sell, wh] = [matches.buys[i]!, matches.sells[i]!, matches.quantitiesWh[i]!];
    add(buys.members[buy]!, wh, buys.limitsPerMwh[buy]! - matches.buyPricesPerMwh[i]!);
    add(sells.members[sell]!, wh, matches.sellPricesPerMwh[i]! - sells.limitsPerMwh[sell]!);
  }
  return [...gains.values()].reduce((least, gain) => (gain < least ? gain : least));
}
