import type { Decimal } from 'decimal.js';
import type { CalorificBasis, FactorBasis } from './factor.ts';
import type { LeasedShare } from './leased-share.ts';

/** Two accounts of the same purchased energy, told beside each other and never added. */
export type Account = 'location' | 'market';
export const ACCOUNTS: readonly Account[] = ['location', 'market'];

/** Over what energy and instruments are matched: the period as a whole, or each hour by itself. */
export type Matching = 'annual' | 'hourly';

/** Which contractual instrument an amount of energy is told by (GHG Protocol Scope 2 Guidance 2015, table 6.3). */
export type Tier =
  'own-attributes' | 'certificate' | 'contract' | 'supplier' | 'residual-mix' | 'grid-average';

export type ActivityKind =
  'stationary' | 'mobile' | 'leak' | 'purchased' | 'grid-losses' | 'own-generation' | 'resold' | 'given';

/** What is known of an activity beside its amount. */
export interface ActivityTerms {
  readonly id: string;
  readonly kind: ActivityKind;
  readonly site: string | null;
  /** Where it is reported instead of scope 1 or 2: leased assets, transport by others, …. */
  readonly scope3Category: number | null;
  readonly leased: LeasedShare | null;
  /** Of the activity data: half-width of the 95 % interval. */
  readonly uncertaintyPercent: Decimal | null;
  readonly qualityScore: Decimal | null;
  readonly primary: boolean | null;
  readonly estimated: boolean;
}

/** A factor as it was used. */
export interface AppliedFactor {
  readonly id: string;
  /** kgCO2e per `unit`; null for a series of hours. */
  readonly kgPerUnit: Decimal | null;
  readonly unit: string;
  readonly basis: FactorBasis | null;
  readonly calorific: CalorificBasis | null;
  readonly gwpSet: string | null;
  readonly zone: string | null;
  readonly source: string;
  readonly uncertaintyPercent: Decimal | null;
  /** Another place's than the one asked for. */
  readonly estimated: boolean;
}

export type LinePart = 'direct' | 'energy' | 'upstream' | 'td-losses' | 'resold';

/** The smallest thing that an inventory counts: one activity by one factor. */
export interface InventoryLine {
  readonly terms: ActivityTerms;
  readonly part: LinePart;
  readonly scope: 1 | 2 | 3;
  readonly scope3Category: number | null;
  /** Scope 2 only; else it counts in both. */
  readonly account: Account | null;
  readonly matching: Matching | null;
  readonly tier: Tier | null;
  readonly instrument: string | null;
  readonly carrier: string | null;
  readonly method: string;
  readonly quantity: Decimal;
  readonly unit: string;
  /** Of the activity's energy; null where there is none or it is no energy. */
  readonly share: Decimal | null;
  readonly factor: AppliedFactor | null;
  /** Null where no factor was known: in no total. */
  readonly emissionsKg: Decimal | null;
  readonly biogenicCo2Kg: Decimal;
  /** kgCO2e by gas where they are known apart. */
  readonly kgCo2eByGas: Readonly<Record<string, Decimal>> | null;
  readonly flags: readonly string[];
}

/**
 * ISO 14064-1:2018 groups the same lines: 1 direct, 2 imported energy, 3 transport, 4 products used, 5 use of products, 6 other.
 * Upstream emissions and grid losses of imported energy are of category 4: category 2 ends at the plant's gate (annex B).
 */
export function isoCategory({
  scope,
  scope3Category,
}: Pick<InventoryLine, 'scope' | 'scope3Category'>): number {
  return scope === 3 ? (ISO_OF_SCOPE_3[scope3Category ?? 0] ?? 6) : scope;
}

const ISO_OF_SCOPE_3: Readonly<Record<number, number>> = {
  1: 4, // purchased goods and services
  2: 4, // capital goods
  3: 4, // fuel- and energy-related
  4: 3, // transport before
  5: 4, // waste
  6: 3, // business travel
  7: 3, // commuting
  8: 4, // leased assets
  9: 3, // transport after
  10: 5, // processing of sold products
  11: 5, // use of sold products
  12: 5, // end of life of sold products
  13: 5, // assets leased to others
  14: 5, // franchises
  15: 5, // investments
};
