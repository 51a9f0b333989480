import type { Decimal } from 'decimal.js';
import { DomainError, repeatedName } from '#core';
import { Exact, sum } from './exact.ts';

/** One member in one slot, as metered. Numbers or decimal strings in one energy unit, prices per that unit. */
export interface CommunityMember {
  readonly id: string;
  /** Drawn, ≥ 0. */
  readonly load: Decimal.Value;
  /** Fed in, ≥ 0. */
  readonly generation: Decimal.Value;
  /** What its own retailer charges; absent: the community's. */
  readonly retail?: Decimal.Value | undefined;
  /** What its own buyer pays; absent: the community's. */
  readonly feedIn?: Decimal.Value | undefined;
}

/** What energy costs and earns outside the community where a member has no tariff of its own. */
export interface GridTerms {
  readonly retail?: Decimal.Value | undefined;
  readonly feedIn?: Decimal.Value | undefined;
}

export interface Slot {
  /** In the order of ids. */
  readonly members: readonly Metered[];
  /** D, what all draw. */
  readonly load: Decimal;
  /** G, what all feed in. */
  readonly generation: Decimal;
}

export interface Metered {
  readonly id: string;
  readonly load: Decimal;
  readonly generation: Decimal;
  readonly retail: Decimal;
  readonly feedIn: Decimal;
}

/** Members of one community; more belong to several. */
export const MAX_MEMBERS = 10_000;

/**
 * Checks one slot. Quantities are taken as metered: with `net`, a member's own generation covers its own load first.
 * @throws MEMBERS_TOO_MANY, MEMBER_DUPLICATE, MEMBER_QUANTITY, TARIFF_MALFORMED, TARIFF_MISSING
 */
export function requireSlot(
  members: readonly CommunityMember[],
  terms: GridTerms,
  { net = false }: { readonly net?: boolean } = {},
): Slot {
  if (members.length > MAX_MEMBERS) {
    throw new DomainError(
      'MEMBERS_TOO_MANY',
      `expected at most ${MAX_MEMBERS} members, got ${members.length}`,
      'limit',
    );
  }
  const twice = repeatedName(members.map(({ id }) => id));
  if (twice !== undefined) {
    throw new DomainError('MEMBER_DUPLICATE', `expected each member once, got ${twice} twice`, 'invalid', {
      member: twice,
    });
  }
  const metered = members
    .map((member) => netted(meter(member, terms), net))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    members: metered,
    load: sum(metered.map(({ load }) => load)),
    generation: sum(metered.map(({ generation }) => generation)),
  };
}

function meter({ id, load, generation, ...own }: CommunityMember, terms: GridTerms): Metered {
  const drawn = quantity(load, id);
  const fed = quantity(generation, id);
  return {
    id,
    load: drawn,
    generation: fed,
    retail: tariff(own.retail ?? terms.retail, 'retail', { id, needed: !drawn.isZero() }),
    feedIn: tariff(own.feedIn ?? terms.feedIn, 'feedIn', { id, needed: !fed.isZero() }),
  };
}

function netted(member: Metered, net: boolean): Metered {
  if (!net) return member;
  const own = Exact.min(member.load, member.generation);
  return { ...member, load: member.load.minus(own), generation: member.generation.minus(own) };
}

function quantity(value: Decimal.Value, member: string): Decimal {
  const exact = decimalOf(value);
  if (exact === null || exact.isNegative()) {
    throw new DomainError(
      'MEMBER_QUANTITY',
      'expected load and generation as numbers ≥ 0, got another',
      'invalid',
      { member },
    );
  }
  return exact;
}

interface Need {
  readonly id: string;
  readonly needed: boolean;
}

/** A tariff that no energy meets may be absent, and then is nothing. */
function tariff(value: Decimal.Value | undefined, name: string, { id, needed }: Need): Decimal {
  if (value === undefined && !needed) return new Exact(0);
  const exact = value === undefined ? null : decimalOf(value);
  if (exact === null) {
    throw new DomainError(
      value === undefined ? 'TARIFF_MISSING' : 'TARIFF_MALFORMED',
      `expected ${name} as a number, of the member or of the community`,
      'invalid',
      { member: id, tariff: name },
    );
  }
  return exact;
}

/** Null for what is no finite number. */
export function decimalOf(value: Decimal.Value): Decimal | null {
  try {
    const exact = new Exact(value);
    return exact.isFinite() ? exact.plus(0) : null;
  } catch {
    return null;
  }
}
