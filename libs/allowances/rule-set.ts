import { DomainError } from '#core';
import { Decimal } from 'decimal.js';

/** Exact for sums and products of the decimals of a rule set and its inputs; powers to 40 digits. */
export const Exact = Decimal.clone({ precision: 60, defaults: true });

/** What of a unit's output its benchmark counts: electricity supplied (net), generated (gross), or units of a product. */
export type OutputBasis = 'supplied' | 'generated' | 'product';

/**
 * From a load share `from` on (inclusive), the correction is `factor`; or intercept + perPoint · (pivotPercent − 100 F); or
 * base^(constant − perUnit · F), F being the load share from 0 to 1. Decimals as printed.
 */
export type LoadBand = { readonly from: string } & (
  | { readonly factor: string }
  | { readonly intercept: string; readonly perPoint: string; readonly pivotPercent: string }
  | { readonly base: string; readonly constant: string; readonly perUnit: string }
);

/** What multiplies the benchmark of output, each where the class has it. */
export interface Corrections {
  /** By the way a condenser is cooled. */
  readonly cooling?: Readonly<Record<string, string>> | undefined;
  /** x of 1 − x · (share of heat that is supplied to users). */
  readonly heatPerShare?: string | undefined;
  readonly load?:
    | {
        /** Where it is for units that supply no heat only. */
        readonly condensingOnly?: boolean | undefined;
        readonly bands: readonly LoadBand[];
      }
    | undefined;
}

/** Units of one benchmark. What a rule set does not state is absent, and a unit that needs it is refused. */
export interface UnitClass {
  readonly id: string;
  readonly title: string;
  /** tCO2 per MWh of output. */
  readonly benchmarkTPerMwh?: string | undefined;
  /** tCO2 per GJ of heat. */
  readonly heatBenchmarkTPerGj?: string | undefined;
  /** tCO2e per unit of a product. */
  readonly benchmarkTPerUnit?: string | undefined;
  readonly corrections?: Corrections | undefined;
  /** Multiply what is allocated, by name: exposure to carbon leakage, for example. */
  readonly factors?: Readonly<Record<string, string>> | undefined;
  /** Units of it never owe more than they were allocated. */
  readonly exempt?: boolean | undefined;
}

/** How obligations are limited: what is owed is (obligation), or what is allocated is raised until it fits (allocation). */
export interface ObligationLimit {
  readonly by: 'obligation' | 'allocation';
  /** Most that a member's gap counts, as a share of its verified emissions. */
  readonly gapShare: string;
}

/** From the allocation of a later year. */
export interface Borrowing {
  readonly from: number;
  /** Least gap, as a share of verified emissions. */
  readonly leastGapShare: string;
  /** Most that is borrowed, as a share of the gap. */
  readonly shareOfGap: string;
}

/** Into allowances of a later year, one for one, at most baseTonnes + timesNetSold · net sales. */
export interface CarryOver {
  readonly into: number;
  readonly baseTonnes: string;
  readonly timesNetSold: string;
}

export type TonneRounding = 'half-up' | 'down' | 'up';

/** The rules of one scheme for one compliance year or several; a correction is a new version. */
export interface RuleSet {
  readonly id: string;
  readonly version: number;
  readonly scheme: string;
  readonly years: readonly number[];
  readonly title: string;
  readonly outputBasis: OutputBasis;
  readonly classes: readonly UnitClass[];
  /** Multiply what is allocated to any class. */
  readonly factors?: Readonly<Record<string, string>> | undefined;
  /** Three letters that stand for an allowance in a ledger, and the money it is traded for (ISO 4217). */
  readonly codes?: { readonly allowance: string; readonly currency: string } | undefined;
  /** Null: none. */
  readonly limit: ObligationLimit | null;
  /** Null: not allowed; absent: not stated here. */
  readonly borrowing?: Borrowing | null | undefined;
  /** Absent: not stated here. */
  readonly carryOver?: CarryOver | null | undefined;
  /** Of a member's allocation and of its obligation to whole allowances, each once. */
  readonly rounding: { readonly allocation: TonneRounding; readonly obligation: TonneRounding };
  readonly sources: readonly string[];
  /** What readers must know of values that are absent or were chosen here. */
  readonly notes?: readonly string[] | undefined;
}

/** @throws RULE_MISSING for a class that the rules do not have */
export function unitClassOf({ id, classes }: RuleSet, name: string): UnitClass {
  const found = classes.find((each) => each.id === name);
  if (found !== undefined) return found;
  const known = classes.map((each) => each.id);
  throw new DomainError(
    'RULE_MISSING',
    `expected a class of ${id} (${known.join(', ')}), got ${JSON.stringify(name)}`,
    'not-found',
    { ruleSet: id, classes: known },
  );
}

/** A value that the rules may or may not state. @throws RULE_MISSING */
export function stated<T>({ id }: RuleSet, what: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new DomainError('RULE_MISSING', `expected ${what} in ${id}, which states none`, 'not-found', {
    ruleSet: id,
    rule: what,
  });
}

const ROUNDINGS = {
  'half-up': Decimal.ROUND_HALF_UP,
  down: Decimal.ROUND_FLOOR,
  up: Decimal.ROUND_CEIL,
} as const satisfies Record<TonneRounding, Decimal.Rounding>;

/** Whole allowances. @throws TONNES_TOO_LARGE beyond what is exact */
export function wholeTonnes(tonnes: Decimal, rounding: TonneRounding): number {
  const whole = tonnes.toDecimalPlaces(0, ROUNDINGS[rounding]).toNumber();
  if (Number.isSafeInteger(whole)) return whole;
  throw new DomainError(
    'TONNES_TOO_LARGE',
    `expected at most 2^53 tonnes, got ${tonnes.toFixed(0)}`,
    'limit',
  );
}

/** @throws TONNES_INVALID unless whole and at least 0 */
export function requireTonnes(tonnes: number, least = 0): void {
  if (Number.isSafeInteger(tonnes) && tonnes >= least) return;
  throw new DomainError('TONNES_INVALID', `expected whole tonnes of at least ${least}, got ${tonnes}`);
}
