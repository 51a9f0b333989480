import { DomainError, type Json } from '#core';
import { type Book, bookOf, NO_FEES, requireNoSelfCrossing, type TradeFees } from './book.ts';
import { certify } from './certify.ts';
import { type Matches } from './matches.ts';
import {
  type Charge,
  type ClearingOptions,
  type Mechanism,
  type MechanismRule,
  type Trade,
} from './mechanism.ts';
import { requireTraders } from './traders.ts';

/** A mechanism around its rule: checks, fees, certificate and trades are the same for all. */
export function mechanism({ match, ...rule }: MechanismRule): Mechanism {
  const takes: MechanismRule['takes'] = [...rule.takes, 'fees'];
  return {
    ...rule,
    takes,
    clear(orders, options = {}) {
      requireTaken(rule.name, takes, options);
      requireFees(options.fees);
      const book = bookOf(orders, options.fees);
      if (rule.ownCrossing === 'refused' && options.ownMatches !== 'cancel')
        requireNoSelfCrossing(book, options.fees);
      requireTraders(book, rule.traders);
      const matching = match(book, options);
      const { pricePerMwh, prices = {}, matches } = matching;
      const charges = [...(matching.charges ?? []), ...feesOf(book, matches, options.fees ?? NO_FEES)];
      const certificate = certify(
        book,
        { ...matching, charges },
        { ...rule, options: statedOptions(options) },
      );
      let trades: readonly Trade[] | undefined;
      return {
        get trades() {
          return (trades ??= tradesOf(book, matches));
        },
        charges,
        quantityWh: certificate.quantityWh,
        pricePerMwh,
        prices,
        certificate,
      };
    },
  };
}

function requireTaken(name: string, takes: readonly string[], options: ClearingOptions): void {
  const other = Object.keys(options).find((key) => !takes.includes(key));
  if (other === undefined) return;
  throw new DomainError(
    'MARKET_OPTION_NOT_TAKEN',
    `expected only options that ${name} takes (${takes.join(', ')}), got ${other}`,
    'invalid',
    { mechanism: name, option: other },
  );
}

function requireFees({ buyPerMwh, sellPerMwh }: TradeFees = NO_FEES): void {
  if ([buyPerMwh, sellPerMwh].every((fee) => Number.isSafeInteger(fee) && fee >= 0)) return;
  throw new DomainError(
    'MARKET_OPTIONS',
    `expected fees ≥ 0 in whole minor units per MWh, got ${buyPerMwh} and ${sellPerMwh}`,
  );
}

const statedOptions = ({ fees, split, ...options }: ClearingOptions): Readonly<Record<string, Json>> => ({
  ...options,
  ...(split === undefined ? {} : { split: { left: [...split.left], right: [...split.right] } }),
  ...(fees === undefined ? {} : { fees: { ...fees } }),
});

/** One fee a member, for all it bought and sold. */
function feesOf({ buys, sells, members }: Book, matches: Matches, fees: TradeFees): Charge[] {
  if (fees.buyPerMwh === 0 && fees.sellPerMwh === 0) return [];
  const owed = new Map<number, bigint>();
  matches.quantitiesWh.forEach((wh, i) => {
    const buyer = buys.members[matches.buys[i]!]!;
    const seller = sells.members[matches.sells[i]!]!;
    owed.set(buyer, (owed.get(buyer) ?? 0n) + BigInt(wh) * BigInt(fees.buyPerMwh));
    owed.set(seller, (owed.get(seller) ?? 0n) + BigInt(wh) * BigInt(fees.sellPerMwh));
  });
  return [...owed]
    .filter(([, amountExact]) => amountExact !== 0n)
    .map(([member, amountExact]) => ({ member: members[member]!, kind: 'fee', amountExact }));
}

export function tradesOf({ buys, sells }: Book, matches: Matches): Trade[] {
  return matches.buys.map((rank, i) => {
    const buy = buys.orders[rank]!;
    const sell = sells.orders[matches.sells[i]!]!;
    return {
      buyOrder: buy.id,
      sellOrder: sell.id,
      buyer: buy.member,
      seller: sell.member,
      interval: buy.interval,
      quantityWh: matches.quantitiesWh[i]!,
      buyPricePerMwh: matches.buyPricesPerMwh[i]!,
      sellPricePerMwh: matches.sellPricesPerMwh[i]!,
    };
  });
}
