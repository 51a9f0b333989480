import { DomainError } from '#core';

/** An indivisible good and what it is worth to each member, in the order of the members. */
export interface Good {
  readonly id: string;
  /** Number of the member that has it. */
  readonly owner: number;
  readonly utilities: readonly number[];
}

export interface Barter {
  /** Who has each good afterwards, in the order of the goods. */
  readonly holders: readonly number[];
  /** Utility afterwards − before, one a member, each ≥ 0. */
  readonly gains: readonly number[];
  /** Π gains, the most any allocation reaches. */
  readonly product: number;
}

/** Nine goods of two members are 2^9 allocations. */
const MAX_ALLOCATIONS = 2 ** 22;

/**
 * Nash's bargain over indivisible goods without money (Nash 1950, Bill and Jack): of all allocations that leave nobody
 * worse off, the one with the largest product of gains; of equal ones, the one that moves fewest goods, then the first in
 * the order of goods and holders. Without a gain for everybody nothing moves.
 * @throws BARTER_INPUT, BARTER_TOO_LARGE
 */
export function barter(members: number, goods: readonly Good[]): Barter {
  requireGoods(members, goods);
  let best: Barter & { readonly moved: number } = {
    holders: goods.map(({ owner }) => owner),
    gains: Array.from({ length: members }, () => 0),
    product: 0,
    moved: 0,
  };
  const holders = goods.map(({ owner }) => owner);
  const gains = Array.from({ length: members }, () => 0);
  const visit = (g: number, moved: number): void => {
    const good = goods[g];
    if (good === undefined) {
      const product = gains.every((gain) => gain >= 0) ? gains.reduce((a, b) => a * b, 1) : 0;
      if (product > best.product || (product === best.product && product > 0 && moved < best.moved)) {
        best = { holders: [...holders], gains: [...gains], product, moved };
      }
      return;
    }
    const { owner, utilities } = good;
    for (let holder = 0; holder < members; holder += 1) {
      holders[g] = holder;
      const before = [gains[owner]!, gains[holder]!] as const;
      if (holder !== owner) {
        gains[owner]! -= utilities[owner]!;
        gains[holder]! += utilities[holder]!;
      }
      visit(g + 1, moved + (holder === owner ? 0 : 1));
      // Put back rather than taken off again, which would leave a rounding.
      [gains[owner], gains[holder]] = before;
    }
  };
  visit(0, 0);
  const { moved: _, ...result } = best;
  return result;
}

function requireGoods(members: number, goods: readonly Good[]): void {
  if (!(Number.isInteger(members) && members >= 2)) {
    throw new DomainError('BARTER_INPUT', `expected two members or more, got ${members}`);
  }
  if (members ** goods.length > MAX_ALLOCATIONS) {
    throw new DomainError(
      'BARTER_TOO_LARGE',
      `expected at most ${MAX_ALLOCATIONS} allocations, got ${members} to the power of ${goods.length}`,
      'limit',
    );
  }
  for (const { id, owner, utilities } of goods) {
    if (!(Number.isInteger(owner) && owner >= 0 && owner < members)) {
      throw new DomainError('BARTER_INPUT', `expected a member as owner of ${id}, got ${owner}`);
    }
    if (utilities.length !== members || !utilities.every((value) => Number.isFinite(value))) {
      throw new DomainError('BARTER_INPUT', `expected ${members} finite utilities of ${id}, got others`);
    }
  }
}
