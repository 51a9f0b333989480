import type { Decimal } from 'decimal.js';
import { apportion, DomainError, type Interval, isoInstant } from '#core';
import { requireWh } from './certificate.ts';
import { Exact } from './exact.ts';

/** Charged Wh that have not been discharged yet (EnergyTag: a storage charge record with its cancelled certificates). */
export interface StoredCharge {
  /** Hash of the charge event. */
  readonly event: string;
  readonly interval: Interval;
  readonly area: string;
  readonly technology: string;
  readonly trial: boolean;
  readonly intensityKgPerKwh: string | null;
  readonly wh: number;
}

/** What a discharge draws from each charge, and what its certificates say. */
export interface Discharge {
  readonly drawn: readonly { readonly event: string; readonly wh: number }[];
  /** The store afterwards: charges with Wh left. */
  readonly left: readonly StoredCharge[];
  /** Of the charged Wh, by share: `pv` or `0.75 pv + 0.25 wind`. */
  readonly technology: string;
  /** Emissions of the charged Wh over the delivered ones, losses included; null where a charge declares none. */
  readonly intensityKgPerKwh: string | null;
}

/** Decimals of the intensity that a discharge is issued with. */
const INTENSITY_DECIMALS = 12;

/**
 * Draws on a store for `wh` delivered Wh: ⌈wh/efficiency⌉ charged Wh of all charges alike, in proportion to what is left of
 * each (largest remainder), so that what comes out carries the energy-weighted attributes of what is in. At most
 * ⌊stored · efficiency⌋ Wh come out.
 * @throws STORAGE_EMPTY beyond that; STORAGE_EFFICIENCY outside (0, 1]; STORAGE_TIME before a charge ended; STORAGE_MIXED for
 *   charges of other areas or of trial and real; CERTIFICATE_QUANTITY.
 */
export function dischargeStore(
  store: readonly StoredCharge[],
  { wh, efficiency, atMs }: { readonly wh: number; readonly efficiency: string; readonly atMs: number },
): Discharge {
  requireWh(wh);
  const neededWh = chargedWh(wh, efficiency);
  const storedWh = store.reduce((sum, charge) => sum + charge.wh, 0);
  if (neededWh > storedWh) {
    throw new DomainError(
      'STORAGE_EMPTY',
      `expected at most ${new Exact(storedWh).mul(efficiency).floor().toNumber()} Wh out of the store, got ${wh}`,
      'conflict',
    );
  }
  requireOneSource(store, atMs);
  const shares = apportion(
    BigInt(neededWh),
    store.map((charge) => BigInt(charge.wh)),
  ).map(Number);
  return {
    drawn: store.flatMap(({ event }, i) => (shares[i]! > 0 ? [{ event, wh: shares[i]! }] : [])),
    left: store.flatMap((charge, i) =>
      charge.wh > shares[i]! ? [{ ...charge, wh: charge.wh - shares[i]! }] : [],
    ),
    ...dischargedAttributes(store, shares, wh),
  };
}

/** Least charged Wh that deliver `wh`. @throws STORAGE_EFFICIENCY */
export function chargedWh(wh: number, efficiency: string): number {
  const delivered = new Exact(efficiency);
  if (!(delivered.greaterThan(0) && delivered.lessThanOrEqualTo(1))) {
    throw new DomainError('STORAGE_EFFICIENCY', 'expected an efficiency above 0 and at most 1, got another');
  }
  return new Exact(wh).div(delivered).ceil().toNumber();
}

function requireOneSource(store: readonly StoredCharge[], atMs: number): void {
  const [first] = store;
  const other = store.find(({ area, trial }) => area !== first!.area || trial !== first!.trial);
  if (other !== undefined) {
    throw new DomainError(
      'STORAGE_MIXED',
      'expected charges of one area, all real or all on trial, got both',
    );
  }
  const later = store.find(({ interval: of }) => of.endMs > atMs);
  if (later === undefined) return;
  throw new DomainError(
    'STORAGE_TIME',
    `expected a discharge after what was charged, got one at ${isoInstant(atMs)}`,
  );
}

/** What `wh` delivered Wh say that were made of `shares` Wh of charges. */
export function dischargedAttributes(
  store: readonly Pick<StoredCharge, 'technology' | 'intensityKgPerKwh'>[],
  shares: readonly number[],
  wh: number,
): Pick<Discharge, 'technology' | 'intensityKgPerKwh'> {
  const byTechnology = new Map<string, number>();
  let emissions: Decimal | null = new Exact(0);
  for (const [i, { technology, intensityKgPerKwh }] of store.entries()) {
    if (shares[i] === 0) continue;
    byTechnology.set(technology, (byTechnology.get(technology) ?? 0) + shares[i]!);
    emissions =
      emissions === null || intensityKgPerKwh === null
        ? null
        : emissions.add(new Exact(intensityKgPerKwh).mul(shares[i]!));
  }
  return {
    technology: mixName(byTechnology),
    intensityKgPerKwh:
      emissions === null ? null : emissions.div(wh).toDecimalPlaces(INTENSITY_DECIMALS).toFixed(),
  };
}

function mixName(byTechnology: ReadonlyMap<string, number>): string {
  const total = [...byTechnology.values()].reduce((sum, wh) => sum + wh, 0);
  if (byTechnology.size === 1) return [...byTechnology.keys()][0]!;
  return [...byTechnology]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([technology, wh]) => `${new Exact(wh).div(total).toDecimalPlaces(4).toFixed()} ${technology}`)
    .join(' + ');
}
