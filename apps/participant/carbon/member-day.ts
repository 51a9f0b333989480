import { contains, DomainError, HOUR_MS, type Interval, interval } from '#core';
import { type EmissionFactor, type GridIntensity, type Scope2Inventory, scope2Inventory } from '#carbon';

/** What the member's meter drew from the grid in one hour, whole Wh ≥ 0. Stays at this node. */
export interface MeteredImport {
  readonly intervalStartMs: number;
  readonly importWh: number;
}

/** Local purchases in one hour or a part of it: what this node's own trades say, and what the platform attributed of it after delivery. */
export interface LocalPurchase {
  readonly intervalStartMs: number;
  readonly boughtWh: number;
  readonly attributedWh: number;
}

export interface MemberDay {
  readonly day: Interval;
  readonly inventory: Scope2Inventory;
  /** Hours of the day without a reading: in no total, never guessed. */
  readonly hoursWithoutReading: readonly number[];
}

/**
 * A member's hourly scope 2 of one local day (23, 24 or 25 hours), computed where its readings are.
 * @throws ATTRIBUTION_EXCEEDS_PURCHASE when more is attributed than was bought, and as scope2Inventory.
 */
export function memberDay(
  day: Interval,
  metered: readonly MeteredImport[],
  purchases: readonly LocalPurchase[],
  sources: { readonly grid: GridIntensity; readonly factor: EmissionFactor },
): MemberDay {
  const attributedWh = attributedByHour(purchases);
  const ofDay = metered.filter(({ intervalStartMs }) =>
    contains(day, interval(intervalStartMs, intervalStartMs + HOUR_MS)),
  );
  const activities = ofDay.map(({ intervalStartMs, importWh }) => ({
    intervalStartMs,
    importWh,
    attributedWh: attributedWh.get(intervalStartMs) ?? 0,
  }));
  const read = new Set(ofDay.map(({ intervalStartMs }) => intervalStartMs));
  const hoursWithoutReading: number[] = [];
  for (let startMs = day.startMs; startMs < day.endMs; startMs += HOUR_MS) {
    if (!read.has(startMs)) hoursWithoutReading.push(startMs);
  }
  return { day, inventory: scope2Inventory(activities, sources.grid, sources.factor), hoursWithoutReading };
}

/** @throws ATTRIBUTION_EXCEEDS_PURCHASE */
export function attributedByHour(purchases: readonly LocalPurchase[]): Map<number, number> {
  const byHour = new Map<number, number>();
  for (const { intervalStartMs, boughtWh, attributedWh } of purchases) {
    if (attributedWh > boughtWh) {
      throw new DomainError(
        'ATTRIBUTION_EXCEEDS_PURCHASE',
        'expected at most the energy bought in an hour to be attributed, got more',
        'conflict',
        { intervalStartMs },
      );
    }
    byHour.set(intervalStartMs, (byHour.get(intervalStartMs) ?? 0) + attributedWh);
  }
  return byHour;
}
