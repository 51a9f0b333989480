import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { Exact, ZERO, portion, sum } from './exact.ts';
import type { Metered, Slot } from './member.ts';
import type { Allocation } from './price-rule.ts';

/** One member's part of the slot's generation. */
export interface Allotment {
  readonly id: string;
  /** Its key's share of the generation. */
  readonly allotted: Decimal;
  /** What of it the member uses, ≤ its load. */
  readonly used: Decimal;
}

/**
 * Allots a slot's generation by keys, in the order of the slot's members (collective self-consumption: fixed
 * coefficients as in Spain's RD 244/2019; pro rata, fixed and priority keys as in Luxembourg's sharing groups; optimal
 * ex-post keys after Manuel de Villena et al.). Fixed keys lose what one member cannot use while another could; the
 * other three share min(D, G). @throws ALLOCATION_MEMBER for a key of nobody
 */
export function allot(allocation: Allocation, slot: Slot): Allotment[] {
  switch (allocation.kind) {
    case 'static':
      return byCoefficients(allocation.coefficients, slot);
    case 'dynamic':
      return inTurn([slot.members], slot);
    case 'optimal': {
      const levels = new Map<string, Metered[]>();
      for (const member of slot.members) {
        const level = member.retail.toString();
        levels.set(level, [...(levels.get(level) ?? []), member]);
      }
      return inTurn(
        [...levels.values()].toSorted((a, b) => b[0]!.retail.cmp(a[0]!.retail)),
        slot,
      );
    }
    case 'priority': {
      requireMembers(allocation.order, slot);
      const rank = new Map(allocation.order.map((id, i) => [id, i]));
      const named = slot.members.filter(({ id }) => rank.has(id));
      const turns = named.toSorted((a, b) => rank.get(a.id)! - rank.get(b.id)!).map((member) => [member]);
      return inTurn([...turns, slot.members.filter(({ id }) => !rank.has(id))], slot);
    }
  }
}

function byCoefficients(coefficients: Readonly<Record<string, Decimal.Value>>, slot: Slot): Allotment[] {
  const shares = new Map(Object.entries(coefficients));
  requireMembers([...shares.keys()], slot);
  return slot.members.map(({ id, load }) => {
    const allotted = slot.generation.times(shares.get(id) ?? 0);
    return { id, allotted, used: Exact.min(load, allotted) };
  });
}

function requireMembers(ids: readonly string[], { members }: Slot): void {
  const known = new Set(members.map(({ id }) => id));
  const stranger = ids.find((id) => !known.has(id));
  if (stranger === undefined) return;
  throw new DomainError('ALLOCATION_MEMBER', 'expected keys of members only, got another', 'invalid', {
    member: stranger,
  });
}

/** Group after group takes what it can use, pro rata of load within; what nobody uses is allotted pro rata of load. */
function inTurn(groups: readonly (readonly Metered[])[], slot: Slot): Allotment[] {
  const used = new Map<string, Decimal>();
  let left = slot.generation;
  for (const group of groups) {
    const wanted = sum(group.map(({ load }) => load));
    const given = Exact.min(left, wanted);
    for (const { id, load } of group) used.set(id, portion(load, given, wanted));
    left = left.minus(given);
  }
  return slot.members.map(({ id, load }) => {
    const own = used.get(id) ?? ZERO;
    return { id, allotted: own.plus(portion(left, load, slot.load)), used: own };
  });
}
