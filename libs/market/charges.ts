import { DomainError } from '#core';
import { type Charge } from './mechanism.ts';
import { type MemberSettlement, type Settlement, roundBalanced } from './settlement.ts';

export interface ChargedMember extends MemberSettlement {
  /** What it owes beside its trades, ≤ 0. */
  readonly chargeMinor: number;
}

/** A settlement whose savings and market amount have the charges in them. */
export interface ChargedSettlement extends Settlement {
  readonly members: readonly ChargedMember[];
}

/**
 * Charges of a session on top of its settlement: summed exactly over its slots, then rounded once by largest remainder
 * over members and market (ties to the smaller member id), so that what members owe is what the market takes, to the
 * unit: Σ (localMinor + chargeMinor) + marketMinor = 0.
 * @throws CHARGE_WITHOUT_TRADE
 */
export function settleCharges(settlement: Settlement, charges: readonly Charge[]): ChargedSettlement {
  const owed = owedBy(settlement, charges);
  const exact = settlement.members.map(({ member }) => -(owed.get(member) ?? 0n));
  const rounded = roundBalanced([...exact, -exact.reduce((a, b) => a + b, 0n)]);
  const marketMinor = rounded.at(-1)!;
  return {
    ...settlement,
    members: settlement.members.map((each, i) => ({
      ...each,
      chargeMinor: rounded[i]!,
      savingsMinor: each.savingsMinor + rounded[i]!,
    })),
    marketMinor: settlement.marketMinor + marketMinor,
    savingsMinor: settlement.savingsMinor - marketMinor,
  };
}

function owedBy({ members }: Settlement, charges: readonly Charge[]): ReadonlyMap<string, bigint> {
  const traders = new Set(members.map(({ member }) => member));
  const owed = new Map<string, bigint>();
  for (const { member, amountExact } of charges) {
    if (!traders.has(member)) {
      throw new DomainError('CHARGE_WITHOUT_TRADE', 'expected charges of members that trade, got another', 'invalid', { member }); // prettier-ignore
    }
    owed.set(member, (owed.get(member) ?? 0n) + amountExact);
  }
  return owed;
}

/** One transfer between two house accounts; the amount is ≥ 0. */
export interface HouseTransfer {
  readonly from: 'clearing' | 'organiser';
  readonly to: 'surplus' | 'clearing';
  readonly amountMinor: number;
}

/**
 * What empties the market's clearing account after a session: what it kept goes to the surplus, what it lacks comes from
 * the organiser; null where it is even.
 */
export function closingTransfer({ marketMinor }: Pick<Settlement, 'marketMinor'>): HouseTransfer | null {
  if (marketMinor === 0) return null;
  return marketMinor > 0
    ? { from: 'clearing', to: 'surplus', amountMinor: marketMinor }
    : { from: 'organiser', to: 'clearing', amountMinor: -marketMinor };
}
