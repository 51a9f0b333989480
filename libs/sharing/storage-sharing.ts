import { DomainError } from '#core';

/** One firm of a community that shares its storage: what it uses in the peak period and what it can store for it. */
export interface StorageMember {
  readonly id: string;
  /** x_i ≥ 0, energy used in the peak period. */
  readonly peak: number;
  /** C_i ≥ 0, in the same unit. */
  readonly capacity: number;
}

export interface TimeOfUsePrices {
  /** p_h per unit of energy, at least p_l. */
  readonly peak: number;
  /** p_l ≥ 0. */
  readonly offPeak: number;
}

export interface StorageAllocation {
  /** J({i}) of each member. */
  readonly alone: readonly number[];
  /** J(N). */
  readonly coalition: number;
  /** Each member's part of J(N), in the core of the cost game. */
  readonly allocation: readonly number[];
  /** Σ J({i}) − J(N) ≥ 0. */
  readonly saving: number;
}

/** J = p_h (x − C)⁺ + p_l min(x, C): what is stored is bought off peak, the rest at peak. */
export const storageCost = (x: number, capacity: number, { peak, offPeak }: TimeOfUsePrices): number =>
  peak * Math.max(0, x - capacity) + offPeak * Math.min(x, capacity);

/**
 * Cost of a community whose storage is shared, and an allocation of it in the core, so that no group does better alone:
 * p_h (x_i − C_i) + p_l C_i each where x_N ≥ C_N, else p_l x_i. A member with spare capacity may receive money.
 * Source: Chakraborty et al., IEEE TSG 10(4), 2019.
 * @throws STORAGE_INPUT
 */
export function shareStorage(members: readonly StorageMember[], prices: TimeOfUsePrices): StorageAllocation {
  requireStorage(members, prices);
  const peak = sumOf(members.map((member) => member.peak));
  const capacity = sumOf(members.map((member) => member.capacity));
  const alone = members.map((member) => storageCost(member.peak, member.capacity, prices));
  const coalition = storageCost(peak, capacity, prices);
  const allocation = members.map((member) =>
    peak >= capacity
      ? prices.peak * (member.peak - member.capacity) + prices.offPeak * member.capacity
      : prices.offPeak * member.peak,
  );
  return { alone, coalition, allocation, saving: sumOf(alone) - coalition };
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function requireStorage(members: readonly StorageMember[], { peak, offPeak }: TimeOfUsePrices): void {
  requirePrices({ peak, offPeak });
  if (members.length < 1) throw new DomainError('STORAGE_INPUT', 'expected a member, got none');
  for (const { id, peak: x, capacity } of members) {
    if (!(x >= 0 && capacity >= 0 && Number.isFinite(x + capacity))) {
      throw new DomainError(
        'STORAGE_INPUT',
        `expected a peak use and a capacity of at least 0 of ${id}, got others`,
        'invalid',
        { member: id },
      );
    }
  }
}

/** @throws STORAGE_INPUT unless 0 ≤ p_l ≤ p_h */
export function requirePrices({ peak, offPeak }: TimeOfUsePrices): void {
  if (offPeak >= 0 && peak >= offPeak && Number.isFinite(peak)) return;
  throw new DomainError(
    'STORAGE_INPUT',
    `expected 0 ≤ off-peak price ≤ peak price, got ${offPeak} and ${peak}`,
  );
}
