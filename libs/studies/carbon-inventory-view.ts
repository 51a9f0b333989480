import {
  type Account,
  type AccountTotals,
  type AppliedFactor,
  exactSum,
  type InstrumentUse,
  type Inventory,
  type InventoryLine,
  isoCategory,
  type LineTotal,
  type Matching,
  productUncertainty,
  type RestatedBaseYear,
  type Scope2Hour,
} from '#carbon';
import { isoInstant } from '#core';
import type { Decimal } from 'decimal.js';

const numberOf = (value: Decimal | null): number | null => value?.toNumber() ?? null;

/** One line, as it is printed: kg, kWh or the unit that is said. */
export interface LineView {
  readonly activity: string;
  readonly kind: string;
  readonly site: string | null;
  readonly part: string;
  readonly scope: 1 | 2 | 3;
  readonly scope3Category: number | null;
  readonly isoCategory: number;
  readonly account: Account | null;
  readonly matching: Matching | null;
  readonly carrier: string | null;
  readonly tier: string | null;
  readonly instrument: string | null;
  readonly method: string;
  readonly quantity: number;
  readonly unit: string;
  readonly share: number | null;
  readonly factorId: string | null;
  readonly factorKgPerUnit: number | null;
  readonly factorSource: string | null;
  readonly emissionsKg: number | null;
  readonly biogenicCo2Kg: number;
  readonly kgCo2eByGas: Readonly<Record<string, number>> | null;
  readonly uncertaintyPercent: number | null;
  readonly qualityScore: number | null;
  readonly flags: readonly string[];
}

export function lineView(line: InventoryLine): LineView {
  const { terms, factor, kgCo2eByGas } = line;
  const { uncertaintyPercent } = terms;
  return {
    activity: terms.id,
    kind: terms.kind,
    site: terms.site,
    part: line.part,
    scope: line.scope,
    scope3Category: line.scope3Category,
    isoCategory: isoCategory(line),
    account: line.account,
    matching: line.matching,
    carrier: line.carrier,
    tier: line.tier,
    instrument: line.instrument,
    method: line.method,
    quantity: line.quantity.toNumber(),
    unit: line.unit,
    share: numberOf(line.share),
    factorId: factor?.id ?? null,
    factorKgPerUnit: numberOf(factor?.kgPerUnit ?? null),
    factorSource: factor?.source ?? null,
    emissionsKg: numberOf(line.emissionsKg),
    biogenicCo2Kg: line.biogenicCo2Kg.toNumber(),
    kgCo2eByGas:
      kgCo2eByGas === null
        ? null
        : Object.fromEntries(Object.entries(kgCo2eByGas).map(([gas, kg]) => [gas, kg.toNumber()])),
    uncertaintyPercent: numberOf(
      productUncertainty([uncertaintyPercent, factor === null ? 0 : factor.uncertaintyPercent]),
    ),
    qualityScore: numberOf(terms.qualityScore),
    flags: line.flags,
  };
}

/** A factor that was used, once. */
export interface FactorView {
  readonly id: string;
  readonly kgPerUnit: number | null;
  readonly unit: string;
  readonly basis: string | null;
  readonly calorific: string | null;
  readonly gwpSet: string | null;
  readonly zone: string | null;
  readonly source: string;
  readonly uncertaintyPercent: number | null;
  readonly estimated: boolean;
}

/** Each factor once; what a series came to differs by line and is said there. */
export function factorViews(lines: readonly InventoryLine[]): FactorView[] {
  const factors = new Map<string, AppliedFactor>();
  for (const { factor } of lines) {
    if (factor !== null) factors.set(JSON.stringify([factor.id, factor.unit]), factor);
  }
  return [...factors.values()].map((factor) => ({
    ...factor,
    kgPerUnit: numberOf(factor.kgPerUnit),
    uncertaintyPercent: numberOf(factor.uncertaintyPercent),
  }));
}

/** A sum: null where nothing was reported or no factor is known. */
export interface TotalView {
  readonly emissionsKg: number | null;
  readonly uncertaintyPercent: number | null;
  readonly incomplete: boolean;
}

const totalView = ({ emissionsKg, uncertaintyPercent, incomplete }: LineTotal): TotalView => ({
  emissionsKg: numberOf(emissionsKg),
  uncertaintyPercent: numberOf(uncertaintyPercent),
  incomplete,
});

/** One account with its groupings: they are sums of the same lines. */
export interface AccountView extends TotalView {
  readonly scope1: TotalView;
  readonly scope2: TotalView;
  readonly scope3: TotalView;
  readonly scope3Categories: readonly (TotalView & { readonly category: number })[];
  readonly isoCategories: readonly (TotalView & { readonly category: number })[];
  readonly biogenicCo2Kg: number;
  readonly dataQuality: {
    readonly score: number | null;
    readonly judgedShare: number | null;
    readonly primaryShare: number | null;
  };
}

const categories = (totals: ReadonlyMap<number, LineTotal>) =>
  [...totals].map(([category, total]) => ({ category, ...totalView(total) }));

export const accountView = ({ scopes, total, scope3, iso, dataQuality }: AccountTotals): AccountView => ({
  ...totalView(total),
  scope1: totalView(scopes[1]),
  scope2: totalView(scopes[2]),
  scope3: totalView(scopes[3]),
  scope3Categories: categories(scope3),
  isoCategories: categories(iso),
  biogenicCo2Kg: total.biogenicCo2Kg.toNumber(),
  dataQuality: {
    score: numberOf(dataQuality.score),
    judgedShare: numberOf(dataQuality.judgedShare),
    primaryShare: numberOf(dataQuality.primaryShare),
  },
});

/** Scope 2 under one matching: both accounts, and what instruments covered. */
export interface Scope2View {
  readonly locationKg: number | null;
  readonly marketKg: number | null;
  readonly consumptionKwh: number;
  readonly coveredKwh: number;
  /** Null without consumption. */
  readonly coveredShare: number | null;
  readonly incomplete: boolean;
}

export function scope2View(
  { location, market }: Readonly<Record<Account, AccountTotals>>,
  { lines, usedKwh }: NonNullable<Inventory['hourly']>,
): Scope2View {
  const located = lines.filter(({ account }) => account === 'location');
  const consumed = exactSum(located.map(({ quantity }) => quantity));
  const covered = exactSum([...usedKwh.values()]);
  return {
    locationKg: numberOf(location.scopes[2].emissionsKg),
    marketKg: numberOf(market.scopes[2].emissionsKg),
    consumptionKwh: consumed.toNumber(),
    coveredKwh: covered.toNumber(),
    coveredShare: consumed.isZero() ? null : covered.div(consumed).toNumber(),
    incomplete: location.scopes[2].incomplete || market.scopes[2].incomplete,
  };
}

export const hourView = ({ startMs, kwh, coveredKwh, locationKg, marketKg }: Scope2Hour) => ({
  start: isoInstant(startMs),
  consumptionKwh: kwh.toNumber(),
  coveredKwh: coveredKwh.toNumber(),
  locationKg: numberOf(locationKg),
  marketKg: numberOf(marketKg),
});

export const instrumentView = ({
  instrument: { id, kind, market, carrier, kwh, factor },
  reasons,
  usedKwh,
}: InstrumentUse) => ({
  id,
  kind,
  market,
  carrier,
  eligible: reasons.length === 0,
  reasons,
  energyKwh: numberOf(kwh),
  factorId: factor.id,
  factorKgPerKwh: numberOf(factor.kgPerUnit),
  usedKwh: { annual: numberOf(usedKwh.annual), hourly: numberOf(usedKwh.hourly) },
  unusedKwh: {
    annual: kwh === null ? null : numberOf(kwh.minus(usedKwh.annual ?? 0)),
    hourly: kwh === null || usedKwh.hourly === null ? null : numberOf(kwh.minus(usedKwh.hourly)),
  },
});

export const baseYearView = (
  year: number,
  { emissionsKg, effectKg, effectPercent, ...restated }: RestatedBaseYear,
  now: Decimal | null,
) => ({
  year,
  ...restated,
  emissionsKg: emissionsKg.toNumber(),
  effectKg: effectKg.toNumber(),
  effectPercent: effectPercent.toNumber(),
  /** Of this inventory, in the scopes and the account of the base year. */
  currentKg: numberOf(now),
  changePercent: now === null ? null : now.minus(emissionsKg).times(100).div(emissionsKg).toNumber(),
});
