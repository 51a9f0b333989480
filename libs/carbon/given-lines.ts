import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';
import { type GwpSet, gwpOf } from './gwp-sets.ts';
import type { ActivityTerms, AppliedFactor, InventoryLine } from './inventory-line.ts';
import { type Leakage, leakedKg } from './leakage.ts';
import { ownPart } from './leased-share.ts';

/** A gas that escapes; its potential from the inventory's GWP set, or as given. */
export interface LeakActivity {
  readonly terms: ActivityTerms;
  readonly gas: string;
  readonly leakage: Leakage;
  readonly gwp: { readonly kgCo2ePerKg: Decimal.Value; readonly source: string } | null;
  readonly uncertaintyPercent: Decimal | null;
}

/** kg × GWP. @throws GWP_GAS_UNKNOWN for a gas that the set has not and no potential is given of, LEAKAGE_NEGATIVE */
export function leakLine(
  { terms, gas, leakage, gwp, uncertaintyPercent }: LeakActivity,
  set: GwpSet,
): InventoryLine {
  const leaked = leakedKg(leakage);
  const quantity = ownPart(leaked, terms.leased);
  const kgPerUnit = new Exact(gwp?.kgCo2ePerKg ?? gwpOf(set, gas));
  const emissionsKg = ownPart(leaked.times(kgPerUnit), terms.leased);
  const factor: AppliedFactor = {
    id: gwp === null ? `gwp/${set.id}/${gas}` : `${terms.id}/gwp`,
    kgPerUnit,
    unit: 'kg',
    basis: 'direct',
    calorific: null,
    gwpSet: gwp === null ? set.id : null,
    zone: null,
    source: gwp?.source ?? set.source,
    uncertaintyPercent,
    estimated: false,
  };
  return { ...plainLine(terms, { quantity, unit: 'kg', emissionsKg, method: 'mass × GWP' }), factor, kgCo2eByGas: { [gas]: emissionsKg } }; // prettier-ignore
}

/** Emissions that were computed elsewhere: of a process, a supplier's statement. */
export interface GivenActivity {
  readonly terms: ActivityTerms;
  readonly scope: 1 | 3;
  readonly emissionsKg: Decimal.Value;
  readonly biogenicCo2Kg: Decimal.Value;
  readonly source: string;
}

export function givenLine({ terms, scope, source, ...of }: GivenActivity): InventoryLine {
  const emissionsKg = ownPart(new Exact(of.emissionsKg), terms.leased);
  return {
    ...plainLine(terms, {
      quantity: emissionsKg,
      unit: 'kgCO2e',
      emissionsKg,
      method: `as given: ${source}`,
    }),
    scope,
    biogenicCo2Kg: ownPart(new Exact(of.biogenicCo2Kg), terms.leased),
  };
}

const plainLine = (
  terms: ActivityTerms,
  of: Pick<InventoryLine, 'unit' | 'method' | 'quantity'> & { readonly emissionsKg: Decimal },
): InventoryLine => ({
  terms,
  part: 'direct',
  scope: terms.scope3Category === null ? 1 : 3,
  scope3Category: terms.scope3Category,
  account: null,
  matching: null,
  tier: null,
  instrument: null,
  carrier: null,
  share: null,
  factor: null,
  biogenicCo2Kg: new Exact(0),
  kgCo2eByGas: null,
  ...of,
  flags: of.quantity.isZero() ? ['zero-activity'] : [],
});
