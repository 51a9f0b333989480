import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';
import { upstreamFactor } from './grid-losses.ts';
import type { AppliedFactor, InventoryLine, LinePart, Matching } from './inventory-line.ts';
import { ownPart } from './leased-share.ts';
import { factorAt, type FactorAt, kwhAt, type PurchasedEnergy, stepsOf } from './purchased-energy.ts';
import type { ActivityTerms } from './inventory-line.ts';

/**
 * Fuel- and energy-related emissions outside scopes 1 and 2 (GHG Protocol Scope 3 Technical Guidance 2013, category 3) of one
 * purchased energy. Losses: A · EF · lost/delivered, EF the combustion factor as in Example 3.1 or the life-cycle factor as in
 * formula 3.3, as declared. Upstream: as given, or life cycle − combustion − losses. Grid factors are location-based.
 * @throws UPSTREAM_NEGATIVE
 */
export function category3Lines(energy: PurchasedEnergy): InventoryLine[] {
  return [...upstreamLines(energy), ...lossLines(energy)];
}

function upstreamLines(energy: PurchasedEnergy): InventoryLine[] {
  const { upstream, lifecycle, kwh } = energy;
  if (upstream !== null) {
    return [category3Line(energy, 'upstream', { factor: upstream, emissionsKg: kwh.times(upstream.kgPerUnit!) }, 'upstream factor')]; // prettier-ignore
  }
  if (lifecycle === null) return [];
  const combustion = combustionPerKwh(energy);
  if (combustion === null) {
    return [category3Line(energy, 'upstream', { factor: null, emissionsKg: null }, 'life cycle − combustion − losses')]; // prettier-ignore
  }
  const kgPerUnit = upstreamFactor(lifecycle.kgPerUnit!, combustion.kgPerKwh, lossesInLifecycle(energy, combustion.kgPerKwh)); // prettier-ignore
  const factor = { ...lifecycle, id: `${lifecycle.id} − ${combustion.factor.id}`, kgPerUnit };
  return [
    category3Line(energy, 'upstream', { factor, emissionsKg: kwh.times(kgPerUnit) }, 'life cycle − combustion − losses', combustion.flags), // prettier-ignore
  ];
}

function lossesInLifecycle({ losses, lifecycle }: PurchasedEnergy, combustion: Decimal): Decimal {
  if (losses === null || !losses.inLifecycle) return new Exact(0);
  return losses.ratio.times(losses.basis === 'direct' ? combustion : lifecycle!.kgPerUnit!);
}

function lossLines(energy: PurchasedEnergy): InventoryLine[] {
  const { losses, lifecycle, kwh } = energy;
  if (losses === null) return [];
  if (losses.basis === 'lifecycle') {
    const used = lifecycle === null ? { factor: null, emissionsKg: null } : { factor: lifecycle, emissionsKg: kwh.times(lifecycle.kgPerUnit!).times(losses.ratio) }; // prettier-ignore
    return [category3Line(energy, 'td-losses', used, `losses ${losses.ratio.toString()} × life cycle`)];
  }
  const method = `losses ${losses.ratio.toString()} × combustion`;
  const { factor, emissionsKg, flags } = combustionOf(energy, matchingOf(energy));
  const used = { factor, emissionsKg: emissionsKg?.times(losses.ratio) ?? null };
  return [category3Line(energy, 'td-losses', used, method, flags)];
}

/** Annual where there is an annual factor, else by the hour: what is emitted for a kWh is emitted with it. */
const matchingOf = ({ average, kwhByHour }: PurchasedEnergy): Matching =>
  average.annual === null && kwhByHour !== null ? 'hourly' : 'annual';

/** By which upstream and combustion add up to the life cycle again: weighted by load where it is told by the hour. */
function combustionPerKwh(energy: PurchasedEnergy): FactorAt | null {
  const period = factorAt(energy.average, 'period');
  if (matchingOf(energy) === 'annual' || energy.kwh.isZero()) return period;
  const { factor, emissionsKg, flags } = combustionOf(energy, 'hourly');
  if (factor === null || emissionsKg === null || flags.includes('factor-missing')) return period;
  return { factor, kgPerKwh: emissionsKg.div(energy.kwh), flags };
}

function combustionOf(
  energy: PurchasedEnergy,
  matching: Matching,
): { factor: AppliedFactor | null; emissionsKg: Decimal | null; flags: readonly string[] } {
  let emissionsKg: Decimal | null = null;
  let factor: AppliedFactor | null = null;
  const flags = new Set<string>();
  for (const step of stepsOf([energy], matching)) {
    const at = factorAt(energy.average, step);
    if (at === null) flags.add('factor-missing');
    else {
      factor = at.factor;
      for (const flag of at.flags) flags.add(flag);
      emissionsKg = kwhAt(energy, step, matching)!
        .times(at.kgPerKwh)
        .plus(emissionsKg ?? 0);
    }
  }
  return { factor, emissionsKg, flags: [...flags] };
}

function category3Line(
  { terms, carrier, kwh }: PurchasedEnergy,
  part: LinePart,
  { factor, emissionsKg }: { readonly factor: AppliedFactor | null; readonly emissionsKg: Decimal | null },
  method: string,
  flags: readonly string[] = [],
): InventoryLine {
  return {
    terms,
    part,
    scope: 3,
    scope3Category: terms.scope3Category ?? 3,
    account: null,
    matching: null,
    tier: null,
    instrument: null,
    carrier,
    method,
    quantity: kwh,
    unit: 'kWh',
    share: null,
    factor,
    emissionsKg,
    biogenicCo2Kg: new Exact(0),
    kgCo2eByGas: null,
    flags: emissionsKg === null && flags.length === 0 ? ['factor-missing'] : flags,
  };
}

/** Energy bought and sold on to end users. */
export interface ResoldEnergy {
  readonly terms: ActivityTerms;
  readonly carrier: string;
  readonly kwh: Decimal;
  /** Life cycle of what was bought. */
  readonly lifecycle: AppliedFactor;
}

/** Generation of purchased energy that is sold on: A · EF life cycle (ibid., activity d). */
export const resoldLine = ({ terms, carrier, kwh, lifecycle }: ResoldEnergy): InventoryLine => ({
  terms,
  part: 'resold',
  scope: 3,
  scope3Category: terms.scope3Category ?? 3,
  account: null,
  matching: null,
  tier: null,
  instrument: null,
  carrier,
  method: 'energy sold on × life cycle',
  quantity: ownPart(kwh, terms.leased),
  unit: 'kWh',
  share: null,
  factor: lifecycle,
  emissionsKg: ownPart(kwh.times(lifecycle.kgPerUnit!), terms.leased),
  biogenicCo2Kg: new Exact(0),
  kgCo2eByGas: null,
  flags: kwh.isZero() ? ['zero-activity'] : [],
});
