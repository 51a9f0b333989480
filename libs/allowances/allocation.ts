import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { type CorrectedUnit, type Correction, correctionsOf } from './corrections.ts';
import { Exact, type RuleSet, stated, type UnitClass, unitClassOf } from './rule-set.ts';

/** A fuel that a unit burnt in the year. */
export interface FuelUse {
  readonly fuelTj: Decimal.Value;
  /** tCO2 per TJ of the fuel, on the same heating value. */
  readonly factorTPerTj: Decimal.Value;
  /** Share that is oxidised. */
  readonly oxidation: Decimal.Value;
}

/** A unit's year. Output is what the rule set counts: MWh supplied or generated, or units of a product. */
export interface UnitYear extends Omit<CorrectedUnit, 'suppliesHeat'> {
  readonly unitClass: string;
  readonly outputMwh?: Decimal.Value | undefined;
  readonly heatGj?: Decimal.Value | undefined;
  readonly productUnits?: Decimal.Value | undefined;
  readonly verifiedTonnes?: Decimal.Value | undefined;
  /** In place of verifiedTonnes. */
  readonly fuels?: readonly FuelUse[] | undefined;
}

/** What a unit is allocated, exact. */
export interface UnitAllocation {
  readonly id: string;
  readonly unitClass: string;
  readonly exempt: boolean;
  readonly corrections: readonly Correction[];
  /** Output · benchmark · corrections · factors. */
  readonly outputTonnes: Decimal;
  /** Heat · benchmark · factors. */
  readonly heatTonnes: Decimal;
  readonly tonnes: Decimal;
  /** Null where the unit says neither emissions nor fuels. */
  readonly verifiedTonnes: Decimal | null;
}

/**
 * Benchmark allocation of a unit: output · benchmark · corrections + heat · benchmark, times the factors of the rule set and
 * the class (China: none; EU: exposure, cross-sectoral or linear).
 * @throws RULE_MISSING where the class states no benchmark that the unit needs, UNIT_INVALID
 */
export function unitAllocation(rules: RuleSet, unit: UnitYear): UnitAllocation {
  const unitClass = unitClassOf(rules, unit.unitClass);
  requireUnit(unit);
  const heatGj = new Exact(unit.heatGj ?? 0);
  const corrections = correctionsOf(unitClass, { ...unit, suppliesHeat: heatGj.greaterThan(0) });
  const factor = product(
    [rules.factors, unitClass.factors].flatMap((factors) => Object.values(factors ?? {})),
  );
  const corrected = product(corrections.map((each) => each.factor)).times(factor);
  const outputTonnes = benchmarked(rules, unitClass, unit).times(corrected);
  const heatTonnes = heatGj.isZero()
    ? new Exact(0)
    : heatGj
        .times(stated(rules, `a heat benchmark of ${unitClass.id}`, unitClass.heatBenchmarkTPerGj))
        .times(factor);
  return {
    id: unit.id,
    unitClass: unitClass.id,
    exempt: unitClass.exempt === true,
    corrections,
    outputTonnes,
    heatTonnes,
    tonnes: outputTonnes.plus(heatTonnes),
    verifiedTonnes: emissionsOf(unit),
  };
}

const product = (factors: readonly Decimal.Value[]): Decimal =>
  factors.reduce((all: Decimal, each) => all.times(each), new Exact(1));

function benchmarked(
  rules: RuleSet,
  unitClass: UnitClass,
  { outputMwh = 0, productUnits = 0 }: UnitYear,
): Decimal {
  const { id, benchmarkTPerMwh, benchmarkTPerUnit } = unitClass;
  const parts = [
    [outputMwh, benchmarkTPerMwh, `a benchmark per MWh of ${id}`],
    [productUnits, benchmarkTPerUnit, `a benchmark per unit of product of ${id}`],
  ] as const;
  return parts.reduce(
    (sum: Decimal, [activity, benchmark, what]) =>
      new Exact(activity).isZero()
        ? sum
        : sum.plus(new Exact(activity).times(stated(rules, what, benchmark))),
    new Exact(0),
  );
}

function emissionsOf({ verifiedTonnes, fuels }: UnitYear): Decimal | null {
  if (verifiedTonnes !== undefined) return new Exact(verifiedTonnes);
  if (fuels === undefined) return null;
  return fuels.reduce(
    (sum: Decimal, { fuelTj, factorTPerTj, oxidation }) =>
      sum.plus(new Exact(fuelTj).times(factorTPerTj).times(oxidation)),
    new Exact(0),
  );
}

const AMOUNTS = ['outputMwh', 'heatGj', 'productUnits', 'verifiedTonnes'] as const;
const SHARES = ['heatShare', 'loadFactor'] as const;

function isAmount(value: Decimal.Value): boolean {
  const amount = new Exact(value);
  return amount.isFinite() && !amount.isNegative();
}

/** @throws UNIT_INVALID */
function requireUnit(unit: UnitYear): void {
  const wrong =
    AMOUNTS.find((key) => !isAmount(unit[key] ?? 0)) ??
    SHARES.find((key) => !isAmount(unit[key] ?? 0) || new Exact(unit[key] ?? 0).greaterThan(1)) ??
    (unit.fuels?.every((fuel) => Object.values(fuel).every(isAmount)) === false ? 'fuels' : undefined) ??
    (unit.fuels !== undefined && unit.verifiedTonnes !== undefined
      ? 'fuels beside verifiedTonnes'
      : undefined);
  if (wrong === undefined) return;
  throw new DomainError(
    'UNIT_INVALID',
    `expected amounts of at least 0, shares from 0 to 1 and one statement of emissions, got another ${wrong} in unit ${unit.id}`,
    'invalid',
    { unit: unit.id },
  );
}
