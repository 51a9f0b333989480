import type { Decimal } from 'decimal.js';
import { type UnitAllocation, unitAllocation, type UnitYear } from './allocation.ts';
import { Exact, type RuleSet, wholeTonnes } from './rule-set.ts';

/** A member's compliance year. */
export interface MemberYear {
  readonly id: string;
  readonly units: readonly UnitYear[];
  /** Of all units; absent: the sum of what each says. */
  readonly verifiedTonnes?: Decimal.Value | undefined;
  /** Allowances it has, whole; absent: what it is allocated. */
  readonly heldTonnes?: number | undefined;
}

export type PositionFlag =
  /** No verified emissions of the member or of one of its units. */
  | 'verified-missing'
  /** Emissions by unit are missing, so that exempt units cannot be told from others. */
  | 'exemption-unresolved'
  /** Nobody said what it holds: its allocation stands for it. */
  | 'held-is-allocation'
  /** It has no units: nothing is allocated to it. */
  | 'no-units'
  /** The rules do not say whether allowances may be borrowed. */
  | 'borrowing-unstated';

/** What a limit of the rules took off what would be owed without it, or added to what is allocated. */
export interface Relief {
  readonly rule: 'exempt-class' | 'gap-cap';
  readonly tonnes: Decimal;
}

/** Where a member stands. Decimals are exact tonnes; numbers are whole allowances. */
export interface Position {
  readonly id: string;
  readonly units: readonly UnitAllocation[];
  /** Benchmark allocation before a limit raises it. */
  readonly benchmarkTonnes: Decimal;
  /** With what a limit adds. */
  readonly allocationTonnes: Decimal;
  readonly allocatedTonnes: number;
  readonly verifiedTonnes: Decimal | null;
  readonly heldTonnes: number;
  /** Verified − held: a deficit above zero, a surplus below. */
  readonly gapTonnes: Decimal | null;
  /** What must be surrendered. */
  readonly obligationTonnes: number | null;
  /** Of the obligation, what is not held. */
  readonly deficitTonnes: number | null;
  /** Of what is held, what no obligation needs. */
  readonly surplusTonnes: number | null;
  readonly reliefs: readonly Relief[];
  /** Most that may be borrowed; null where the rules allow or state none, or emissions are missing. */
  readonly borrowableTonnes: number | null;
  readonly flags: readonly PositionFlag[];
}

/** @throws what unitAllocation and wholeTonnes throw */
export function positionOf(rules: RuleSet, member: MemberYear): Position {
  const units = member.units.map((unit) => unitAllocation(rules, unit));
  const benchmarkTonnes = sum(units.map(({ tonnes }) => tonnes));
  const year = { units, benchmarkTonnes, ...verifiedOf(member, units) };
  const limited = limit(rules, year);
  const allocatedTonnes = wholeTonnes(limited.allocationTonnes, rules.rounding.allocation);
  const heldTonnes = member.heldTonnes ?? allocatedTonnes;
  const owed = limited.obligation && wholeTonnes(limited.obligation, rules.rounding.obligation);
  return {
    id: member.id,
    units,
    benchmarkTonnes,
    allocationTonnes: limited.allocationTonnes,
    allocatedTonnes,
    verifiedTonnes: year.verified,
    heldTonnes,
    gapTonnes: year.verified && year.verified.minus(heldTonnes),
    obligationTonnes: owed,
    deficitTonnes: owed === null ? null : Math.max(0, owed - heldTonnes),
    surplusTonnes: owed === null ? null : Math.max(0, heldTonnes - owed),
    reliefs: limited.reliefs,
    borrowableTonnes: borrowable(rules, year.verified, limited.allocationTonnes),
    flags: flagsOf(rules, member, year),
  };
}

interface Year {
  readonly units: readonly UnitAllocation[];
  readonly benchmarkTonnes: Decimal;
  readonly verified: Decimal | null;
  /** What units of exempt classes emitted; null where that cannot be told. */
  readonly exempt: Decimal | null;
}

interface Limited {
  readonly allocationTonnes: Decimal;
  readonly obligation: Decimal | null;
  readonly reliefs: readonly Relief[];
}

const sum = (tonnes: readonly Decimal[]): Decimal =>
  tonnes.reduce((all: Decimal, each) => all.plus(each), new Exact(0));

function verifiedOf(
  { verifiedTonnes }: MemberYear,
  units: readonly UnitAllocation[],
): Pick<Year, 'verified' | 'exempt'> {
  const byUnit = units.length === 0 ? null : sumOfAll(units);
  const verified = verifiedTonnes === undefined ? byUnit : new Exact(verifiedTonnes);
  if (units.every(({ exempt }) => exempt)) return { verified, exempt: verified };
  return { verified, exempt: sumOfAll(units.filter(({ exempt }) => exempt)) };
}

/** Null where one of them is missing. */
function sumOfAll(units: readonly UnitAllocation[]): Decimal | null {
  return units.reduce(
    (all: Decimal | null, { verifiedTonnes }) =>
      all === null || verifiedTonnes === null ? null : all.plus(verifiedTonnes),
    new Exact(0),
  );
}

/** The rules' limit on what a member owes. Exempt classes first, then the cap on the gap of the whole member. */
function limit({ limit: of }: RuleSet, year: Year): Limited {
  const { verified, benchmarkTonnes } = year;
  if (of === null || verified === null)
    return { allocationTonnes: benchmarkTonnes, obligation: verified, reliefs: [] };
  return of.by === 'obligation'
    ? limitObligation(of.gapShare, year, verified)
    : raiseAllocation(of.gapShare, year, verified);
}

/**
 * Exempt units owe at most what they were allocated, the others at most that and a share of their verified emissions (plan
 * 2019–2020, section on surrender).
 */
function limitObligation(gapShare: string, year: Year, verified: Decimal): Limited {
  const { units, benchmarkTonnes } = year;
  const exempt = Exact.min(year.exempt ?? 0, verified);
  const ofExempt = year.exempt === null ? new Exact(0) : exemptAllocation(units);
  const owedExempt = Exact.min(exempt, ofExempt);
  const others = verified.minus(exempt);
  const most = benchmarkTonnes.minus(ofExempt).plus(others.times(gapShare));
  const owedOthers = Exact.min(others, most);
  return {
    allocationTonnes: benchmarkTonnes,
    obligation: owedExempt.plus(owedOthers),
    reliefs: reliefs(exempt.minus(owedExempt), others.minus(owedOthers)),
  };
}

/** Exempt units are allocated what they emitted at least, the member all but a share of its verified emissions (plans from 2021). */
function raiseAllocation(gapShare: string, year: Year, verified: Decimal): Limited {
  const { units, benchmarkTonnes } = year;
  const ofExempt = exemptAllocation(units);
  const forExempt = year.exempt === null ? new Exact(0) : Exact.max(0, year.exempt.minus(ofExempt));
  const raised = benchmarkTonnes.plus(forExempt);
  const forGap = Exact.max(0, verified.times(new Exact(1).minus(gapShare)).minus(raised));
  return {
    allocationTonnes: raised.plus(forGap),
    obligation: verified,
    reliefs: reliefs(forExempt, forGap),
  };
}

const exemptAllocation = (units: readonly UnitAllocation[]): Decimal =>
  sum(units.filter(({ exempt }) => exempt).map(({ tonnes }) => tonnes));

const reliefs = (exemptClass: Decimal, gapCap: Decimal): Relief[] =>
  [
    { rule: 'exempt-class' as const, tonnes: exemptClass },
    { rule: 'gap-cap' as const, tonnes: gapCap },
  ].filter(({ tonnes }) => tonnes.greaterThan(0));

/** Where the gap to the allocation is large enough, a share of it, in whole allowances. */
function borrowable({ borrowing }: RuleSet, verified: Decimal | null, allocation: Decimal): number | null {
  if (borrowing === undefined || borrowing === null || verified === null) return null;
  const gap = verified.minus(allocation);
  if (!gap.greaterThan(0) || gap.lessThan(verified.times(borrowing.leastGapShare))) return 0;
  return wholeTonnes(gap.times(borrowing.shareOfGap), 'down');
}

function flagsOf(
  { limit: of, borrowing }: RuleSet,
  { heldTonnes }: MemberYear,
  { verified, exempt, units }: Year,
): PositionFlag[] {
  const flags: Readonly<Record<PositionFlag, boolean>> = {
    'verified-missing': verified === null,
    'exemption-unresolved': of !== null && verified !== null && exempt === null,
    'held-is-allocation': heldTonnes === undefined,
    'no-units': units.length === 0,
    'borrowing-unstated': borrowing === undefined,
  };
  return (Object.keys(flags) as PositionFlag[]).filter((flag) => flags[flag]);
}
