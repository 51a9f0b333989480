import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { exactSum } from './exact-sum.ts';
import { Exact } from './exact.ts';

/** Why a base year may have to be told anew. */
export const BASE_YEAR_CHANGES = [
  'acquisition',
  'divestment',
  'merger',
  'insourcing',
  'outsourcing',
  'methodology',
  'error',
  'organic-growth',
  'organic-decline',
] as const;

export interface BaseYearChange {
  readonly id: string;
  readonly kind: (typeof BASE_YEAR_CHANGES)[number];
  /** What it adds to the emissions of the base year, kgCO2e. */
  readonly effectKg: Decimal.Value;
  /** Of what is taken over: whether it emitted in the base year already. */
  readonly existedInBaseYear: boolean;
  /** Of in- and outsourcing: the same emissions stay in the inventory under another scope. */
  readonly reportedElsewhere: boolean;
}

export interface BaseYear {
  readonly emissionsKg: Decimal.Value;
  readonly thresholdPercent: Decimal.Value;
  readonly changes: readonly BaseYearChange[];
}

export interface RestatedBaseYear {
  readonly restated: boolean;
  readonly emissionsKg: Decimal;
  /** Of the changes that count, whether or not they are significant. */
  readonly effectKg: Decimal;
  readonly effectPercent: Decimal;
  readonly counted: readonly string[];
  readonly notCounted: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Recalculates a base year for structural changes, methods and errors as soon as one of them or all together reach the
 * threshold; never for organic growth or decline, for what did not exist then, or for what another scope still reports
 * (GHG Protocol Corporate Standard, ch. 5).
 * @throws BASE_YEAR_EMPTY for emissions that are not above zero: no share of them can be told.
 */
export function restateBaseYear({ emissionsKg, thresholdPercent, changes }: BaseYear): RestatedBaseYear {
  const base = new Exact(emissionsKg);
  if (base.lte(0)) {
    throw new DomainError(
      'BASE_YEAR_EMPTY',
      `expected emissions above 0 in the base year, got ${base.toString()}`,
    );
  }
  const judged = changes.map((change) => ({ change, reason: reasonAgainst(change) }));
  const counted = judged.flatMap(({ change, reason }) => (reason === null ? [change] : []));
  const percent = (effect: Decimal.Value): Decimal => new Exact(effect).abs().times(100).div(base);
  const effectKg = exactSum(counted.map(({ effectKg: effect }) => effect));
  const restated = [effectKg, ...counted.map(({ effectKg: effect }) => effect)].some(
    (effect) => !new Exact(effect).isZero() && percent(effect).gte(thresholdPercent),
  );
  return {
    restated,
    emissionsKg: restated ? base.plus(effectKg) : base,
    effectKg,
    effectPercent: percent(effectKg),
    counted: counted.map(({ id }) => id),
    notCounted: judged.flatMap(({ change: { id }, reason }) => (reason === null ? [] : [{ id, reason }])),
  };
}

function reasonAgainst({ kind, existedInBaseYear, reportedElsewhere }: BaseYearChange): string | null {
  if (kind === 'organic-growth' || kind === 'organic-decline') return 'organic';
  if (!existedInBaseYear) return 'not-in-base-year';
  const sourcing = kind === 'insourcing' || kind === 'outsourcing';
  return sourcing && reportedElsewhere ? 'reported-in-another-scope' : null;
}
