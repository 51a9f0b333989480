import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { type Corrections, Exact, type LoadBand, type UnitClass } from './rule-set.ts';

export type CorrectionName = 'cooling' | 'heat' | 'load';

/** What of a unit its corrections follow from. */
export interface CorrectedUnit {
  readonly id: string;
  readonly coolingMethod?: string | undefined;
  /** Share of the heat it makes that it supplies, 0 to 1. */
  readonly heatShare?: Decimal.Value | undefined;
  /** Mean output over what it could have put out while it ran, 0 to 1. */
  readonly loadFactor?: Decimal.Value | undefined;
  readonly suppliesHeat: boolean;
  /** Factors that an authority has determined; they stand in place of the rule's. */
  readonly corrections?: Partial<Readonly<Record<CorrectionName, Decimal.Value | undefined>>> | undefined;
}

/** One factor and where it comes from: the rule, the unit's own statement, or 1 because the unit does not say. */
export interface Correction {
  readonly name: CorrectionName;
  readonly factor: Decimal;
  readonly origin: 'rule' | 'given' | 'assumed';
}

type Rule = (rules: Corrections, unit: CorrectedUnit) => Decimal | 'assumed' | null;

const RULES: Readonly<Record<CorrectionName, Rule>> = {
  cooling: ({ cooling }, unit) => (cooling === undefined ? null : coolingFactor(cooling, unit)),
  heat: ({ heatPerShare }, { heatShare, suppliesHeat }) => {
    if (heatPerShare === undefined) return null;
    if (heatShare === undefined) return suppliesHeat ? 'assumed' : new Exact(1);
    return new Exact(1).minus(new Exact(heatPerShare).times(heatShare));
  },
  load: ({ load }, { loadFactor, suppliesHeat }) => {
    if (load === undefined) return null;
    if (load.condensingOnly === true && suppliesHeat) return new Exact(1);
    return loadFactor === undefined ? 'assumed' : loadCorrection(load.bands, loadFactor);
  },
};

const NAMES = Object.keys(RULES) as CorrectionName[];

/** The factors of a unit's class, in a fixed order; none where the class has none. @throws RULE_MISSING, UNIT_INVALID */
export function correctionsOf({ id, corrections = {} }: UnitClass, unit: CorrectedUnit): Correction[] {
  return NAMES.flatMap((name): Correction[] => {
    const given = unit.corrections?.[name];
    const factor = given === undefined ? RULES[name](corrections, unit) : new Exact(given);
    if (factor === null) return [];
    if (factor === 'assumed') return [{ name, factor: new Exact(1), origin: 'assumed' }];
    if (factor.isFinite() && !factor.isNegative())
      return [{ name, factor, origin: given === undefined ? 'rule' : 'given' }];
    throw new DomainError(
      'UNIT_INVALID',
      `expected a ${name} correction of at least 0 of class ${id}, got another in unit ${unit.id}`,
      'invalid',
      { unit: unit.id },
    );
  });
}

function coolingFactor(
  cooling: Readonly<Record<string, string>>,
  { id, coolingMethod }: CorrectedUnit,
): Decimal | 'assumed' {
  if (coolingMethod === undefined) return 'assumed';
  if (Object.hasOwn(cooling, coolingMethod)) return new Exact(cooling[coolingMethod]!);
  const known = Object.keys(cooling);
  throw new DomainError(
    'RULE_MISSING',
    `expected a way of cooling (${known.join(', ')}), got another in unit ${id}`,
    'not-found',
    { unit: id, cooling: known },
  );
}

/** The band that holds the load share: the one that begins last at or below it. @throws RULE_MISSING */
export function loadCorrection(bands: readonly LoadBand[], loadFactor: Decimal.Value): Decimal {
  const share = new Exact(loadFactor);
  const band = bands
    .filter(({ from }) => share.greaterThanOrEqualTo(from))
    .reduce<LoadBand | null>(
      (last, each) => (last === null || new Exact(each.from).greaterThan(last.from) ? each : last),
      null,
    );
  if (band === null) {
    throw new DomainError(
      'RULE_MISSING',
      `expected a band of load ${share.toString()}, got none`,
      'not-found',
    );
  }
  if ('factor' in band) return new Exact(band.factor);
  if ('base' in band)
    return new Exact(band.base).pow(new Exact(band.constant).minus(share.times(band.perUnit)));
  return new Exact(band.intercept).plus(
    new Exact(band.perPoint).times(new Exact(band.pivotPercent).minus(share.times(100))),
  );
}
