import type { Decimal } from 'decimal.js';
import { allot } from './allocation.ts';
import { Exact, ZERO, portion, sum } from './exact.ts';
import type { Metered, Slot } from './member.ts';
import { type Offers, fillInMeritOrder, fillProRata, offersOf } from './offers.ts';
import { type PoolPrice, type PoolRule, poolPrice } from './pool-price.ts';
import type { PriceRule } from './price-rule.ts';

/** One member's slot. Money from the community's view: positive is paid, negative received. */
export interface Bill {
  readonly id: string;
  readonly amount: Decimal;
  /** What the same energy would have cost with the member's own tariffs, without a community. */
  readonly alone: Decimal;
  /** Of its load, from the community. */
  readonly bought: Decimal;
  /** Of its generation, to the community. */
  readonly sold: Decimal;
}

export interface Pricing {
  /** The price as the rule publishes it. */
  readonly poolPrice: Decimal;
  /** Average of all load; the pool price where there is none. */
  readonly buyPrice: Decimal;
  /** Average of all generation; the pool price where there is none. */
  readonly sellPrice: Decimal;
  /** Energy that changes hands inside. */
  readonly shared: Decimal;
  /** min(D, G). */
  readonly shareable: Decimal;
  /** In the order of ids. */
  readonly bills: readonly Bill[];
  /** What the retailers get for the rest; Σ bills = utility + operator. */
  readonly utility: Decimal;
  /** What a price curve leaves with its operator; zero for every other rule. */
  readonly operator: Decimal;
}

/** Where a member's energy went. */
interface Position {
  readonly member: Metered;
  readonly bought: Decimal;
  readonly sold: Decimal;
  /** Generation it sells outside: its own, or what its key allots it and it does not use. */
  readonly exported: Decimal;
}

/** Prices one checked slot by one checked rule. @throws SDR_NEGATIVE_TARIFF, ALLOCATION_MEMBER */
export function priceSlot(rule: PriceRule, slot: Slot): Pricing {
  if (rule.kind !== 'keys') return pooled(rule, slot);
  const shared = allot(rule.allocation, slot);
  const used = sum(shared.map((allotment) => allotment.used));
  const unallotted = slot.generation.minus(sum(shared.map(({ allotted }) => allotted)));
  const positions = slot.members.map((member, i): Position => {
    const sold = portion(member.generation, used, slot.generation);
    const { used: bought, allotted } = shared[i]!;
    const owned = allotted.minus(bought).plus(portion(member.generation, unallotted, slot.generation));
    const exported = rule.localPrice === undefined ? owned : member.generation.minus(sold);
    return { member, bought, sold, exported };
  });
  const price = new Exact(rule.localPrice ?? 0);
  return billed(slot, positions, { price, internal: price });
}

function pooled(rule: PoolRule, slot: Slot): Pricing {
  const pool = poolPrice(rule, offersOf(slot.members));
  const { bought, sold } = fills(pool);
  const positions = slot.members.map((member): Position => {
    const given = sold.get(member.id) ?? ZERO;
    return {
      member,
      bought: bought.get(member.id) ?? ZERO,
      sold: given,
      exported: member.generation.minus(given),
    };
  });
  const forAll = rule.kind === 'curve' && rule.residual !== 'members';
  return forAll ? atOnePrice(slot, positions, pool.price) : billed(slot, positions, pool);
}

function fills({ traders, meritOrder }: PoolPrice): Record<'bought' | 'sold', Map<string, Decimal>> {
  const quantity = Exact.min(amountOf(traders.buys), amountOf(traders.sells));
  const fill = meritOrder ? fillInMeritOrder : fillProRata;
  return { bought: fill(traders.buys, quantity), sold: fill(traders.sells, quantity) };
}

const amountOf = (side: Offers['buys']): Decimal => sum(side.map(({ amount }) => amount));

const outside = ({ member, bought, exported }: Position): { cost: Decimal; revenue: Decimal } => ({
  cost: member.load.minus(bought).times(member.retail),
  revenue: exported.times(member.feedIn),
});

/** Shared energy at the internal price, the rest at each member's own tariffs: the parts of the utility's bill, exactly. */
function billed(
  slot: Slot,
  positions: readonly Position[],
  { price, internal }: Pick<PoolPrice, 'price' | 'internal'>,
): Pricing {
  const parts = positions.map((position) => {
    const { cost, revenue } = outside(position);
    return {
      position,
      cost: position.bought.times(internal).plus(cost),
      revenue: position.sold.times(internal).plus(revenue),
      utility: cost.minus(revenue),
    };
  });
  return {
    ...averages(slot, price, sum(parts.map(({ cost }) => cost)), sum(parts.map(({ revenue }) => revenue))),
    ...energies(slot, positions),
    bills: parts.map(({ position, cost, revenue }) => billOf(position, cost.minus(revenue))),
    utility: sum(parts.map(({ utility }) => utility)),
    operator: ZERO,
  };
}

/** All load and all generation at one price; the operator settles with the retailers. */
function atOnePrice(slot: Slot, positions: readonly Position[], price: Decimal): Pricing {
  const bills = positions.map((position) =>
    billOf(position, position.member.load.minus(position.member.generation).times(price)),
  );
  const utility = sum(
    positions.map((position) => {
      const { cost, revenue } = outside(position);
      return cost.minus(revenue);
    }),
  );
  return {
    poolPrice: price,
    buyPrice: price,
    sellPrice: price,
    ...energies(slot, positions),
    bills,
    utility,
    operator: sum(bills.map(({ amount }) => amount)).minus(utility),
  };
}

const averages = (
  slot: Slot,
  price: Decimal,
  cost: Decimal,
  revenue: Decimal,
): Pick<Pricing, 'poolPrice' | 'buyPrice' | 'sellPrice'> => ({
  poolPrice: price,
  buyPrice: slot.load.isZero() ? price : cost.div(slot.load),
  sellPrice: slot.generation.isZero() ? price : revenue.div(slot.generation),
});

const energies = (slot: Slot, positions: readonly Position[]): Pick<Pricing, 'shared' | 'shareable'> => ({
  shared: sum(positions.map(({ bought }) => bought)),
  shareable: Exact.min(slot.load, slot.generation),
});

const billOf = ({ member, bought, sold }: Position, amount: Decimal): Bill => ({
  id: member.id,
  amount,
  alone: member.load.times(member.retail).minus(member.generation.times(member.feedIn)),
  bought,
  sold,
});
