import { DomainError, type Interval } from '#core';
import { type ClearingOptions, type ClearingResult, uniformPrice } from '#market';

/** Storage capacity somebody lets for an interval. */
export interface StorageLot {
  readonly id: string;
  readonly owner: string;
  readonly capacityWh: number;
  /** Never let: the backup a base station must keep for its calls, an owner's own need. */
  readonly reservedWh: number;
  /** Least price of an interval, minor units per MWh of capacity. */
  readonly pricePerMwh: number;
}

/** Capacity somebody wants to rent for the interval. */
export interface StorageRequest {
  readonly id: string;
  readonly member: string;
  readonly capacityWh: number;
  readonly pricePerMwh: number;
}

export interface StorageLease extends ClearingResult {
  /** What each lot keeps: its reserve and what was not let, Wh, in the order of the lots. */
  readonly keptWh: readonly number[];
}

/**
 * One uniform price for storage capacity of an interval: a call auction of what lots have above their reserve. Energy is
 * traded apart, the lease is the right to fill and empty. @throws LEASE_INPUT, and what uniformPrice throws
 */
export function leaseStorage(
  interval: Interval,
  lots: readonly StorageLot[],
  requests: readonly StorageRequest[],
  options: ClearingOptions = {},
): StorageLease {
  for (const { id, capacityWh, reservedWh } of lots) requireReserve(id, capacityWh, reservedWh);
  const free = lots.filter(({ capacityWh, reservedWh }) => capacityWh > reservedWh);
  const result = uniformPrice.clear(
    [
      ...requests.map(({ id, member, capacityWh, pricePerMwh }) => ({
        id,
        member,
        side: 'buy' as const,
        interval,
        quantityWh: capacityWh,
        pricePerMwh,
      })),
      ...free.map(({ id, owner, capacityWh, reservedWh, pricePerMwh }) => ({
        id,
        member: owner,
        side: 'sell' as const,
        interval,
        quantityWh: capacityWh - reservedWh,
        pricePerMwh,
      })),
    ],
    options,
  );
  const letWh = new Map<string, number>();
  for (const { sellOrder, quantityWh } of result.trades) {
    letWh.set(sellOrder, (letWh.get(sellOrder) ?? 0) + quantityWh);
  }
  return { ...result, keptWh: lots.map(({ id, capacityWh }) => capacityWh - (letWh.get(id) ?? 0)) };
}

function requireReserve(id: string, capacityWh: number, reservedWh: number): void {
  const whole = Number.isSafeInteger(capacityWh) && Number.isSafeInteger(reservedWh);
  if (whole && reservedWh >= 0 && capacityWh >= reservedWh) return;
  throw new DomainError(
    'LEASE_INPUT',
    `expected a reserve within the capacity of ${id} in whole Wh, got ${reservedWh} of ${capacityWh}`,
    'invalid',
    { lot: id },
  );
}
