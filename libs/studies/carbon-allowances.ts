import {
  type AllowanceAccount,
  type AllowanceTrade,
  type CarriedOver,
  type Docked,
  carryOver,
  complianceYear,
  dock,
  type DockingReport,
  dockingReport,
  forecastYearEnd,
  type Position,
  positionOf,
  type RuleSet,
  ruleSetById,
  ruleSetOf,
  type UnitAllocation,
  type YearEndForecast,
} from '#allowances';
import { DomainError, toSafeInteger } from '#core';
import { Decimal } from 'decimal.js';
import { type AllowancesInput, allowancesInput } from './carbon-allowances-input.ts';
import { MINOR_UNITS } from './minor-units.ts';
import { noOptions, type Study } from './study.ts';

const METHOD = 'gridcommons/allowances/1';

type MemberInput = AllowancesInput['members'][number];

/** What trades left a member with. */
export interface AfterTrades {
  readonly heldTonnes: number;
  readonly deficitTonnes: number | null;
  readonly surplusTonnes: number | null;
  /** Received where below zero. */
  readonly paid: number;
}

export interface AllowancesResult {
  readonly method: string;
  readonly ruleSet: Pick<RuleSet, 'id' | 'version' | 'title' | 'outputBasis' | 'sources'> & {
    readonly notes: readonly string[];
  };
  readonly year: number;
  readonly members: readonly MemberResult[];
  readonly docking: DockingReport;
  readonly trades?: readonly (Pick<
    AllowanceTrade,
    'buyOrder' | 'sellOrder' | 'buyer' | 'seller' | 'tonnes'
  > & { readonly pricePerTonne: number; readonly amount: number })[];
  readonly waiting?: Docked['waiting'];
  /** Docking of what trades left over. */
  readonly afterTrades?: DockingReport;
  readonly flags: readonly { readonly member: string; readonly unit?: string; readonly flag: string }[];
}

interface MemberResult {
  readonly id: string;
  readonly units: readonly object[];
  readonly benchmarkTonnes: number;
  readonly allocationTonnes: number;
  readonly allocatedTonnes: number;
  readonly verifiedTonnes: number | null;
  readonly heldTonnes: number;
  readonly gapTonnes: number | null;
  readonly obligationTonnes: number | null;
  readonly deficitTonnes: number | null;
  readonly surplusTonnes: number | null;
  readonly borrowableTonnes: number | null;
  readonly reliefs: readonly { readonly rule: string; readonly tonnes: number }[];
  readonly carryOver?: CarriedOver | null;
  readonly yearEnd?: YearEndForecast;
  readonly afterTrades?: AfterTrades;
}

/** `carbon allowances`. */
export const allowancesStudy: Study<AllowancesInput, object, AllowancesResult> = {
  verb: 'allowances',
  method: null,
  title: 'what members are allocated, owe and lack, and how lacks and leftovers meet',
  input: allowancesInput,
  options: noOptions,
  run(input) {
    const rules = rulesOf(input);
    const year = input.year ?? rules.years[0]!;
    requireOnce('member', input.members);
    for (const { id, units } of input.members) requireOnce(`unit of ${id}`, units);
    const positions = input.members.map((member) => positionOf(rules, toMember(member)));
    const docked = input.orders && docking(input.orders, positions, year);
    const after = docked && afterTrades(positions, docked);
    return {
      method: METHOD,
      ruleSet: {
        id: rules.id,
        version: rules.version,
        title: rules.title,
        outputBasis: rules.outputBasis,
        sources: rules.sources,
        notes: rules.notes ?? [],
      },
      year,
      members: input.members.map((member, i) =>
        memberResult(rules, member, positions[i]!, after?.get(member.id)),
      ),
      docking: dockingReport(positions),
      ...(docked && {
        trades: docked.trades.map(tradeResult),
        waiting: docked.waiting,
        afterTrades: dockingReport(positions.map(({ id }) => ({ id, ...after!.get(id)! }))),
      }),
      flags: positions.flatMap(flagsOf),
    };
  },
};

/** @throws RULE_SET_MISSING, ALLOWANCE_YEAR */
function rulesOf({ scheme, year, ruleSet }: AllowancesInput): RuleSet {
  const rules = typeof ruleSet === 'string' ? ruleSetById(ruleSet) : ruleSet;
  if (rules !== undefined && (year === undefined || rules.years.includes(year))) return rules;
  if (rules === undefined && year !== undefined) return ruleSetOf(scheme, year);
  throw new DomainError(
    'ALLOWANCE_YEAR',
    'expected a year of the rule set, or a year or a rule set, got neither',
  );
}

/** @throws INPUT_DUPLICATE */
function requireOnce(what: string, named: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of named) {
    if (seen.has(id)) throw new DomainError('INPUT_DUPLICATE', `expected each ${what} once, got ${id} twice`);
    seen.add(id);
  }
}

const toMember = ({ units, ...member }: MemberInput) => ({
  ...member,
  units: units.map(({ class: unitClass, ...unit }) => ({ ...unit, unitClass })),
});

/** @throws MEMBER_UNKNOWN, DECIMALS_TOO_FINE, ALLOWANCES_SHORT */
function docking(
  orders: NonNullable<AllowancesInput['orders']>,
  positions: readonly Position[],
  year: number,
): Docked {
  const held = new Map<string, AllowanceAccount>(
    positions.map(({ id, heldTonnes }) => [id, { heldTonnes, reservedTonnes: 0 }]),
  );
  const unknown = orders.find(({ member }) => !held.has(member));
  if (unknown !== undefined) {
    throw new DomainError('MEMBER_UNKNOWN', `expected orders of members, got ${unknown.id} of another`);
  }
  const whole = orders.map(({ pricePerTonne, ...order }) => ({
    ...order,
    priceMinorPerTonne: minorUnits(order.id, pricePerTonne),
  }));
  return dock(whole, held, complianceYear(year));
}

function minorUnits(order: string, price: string | number): number {
  const minor = new Decimal(price).times(MINOR_UNITS);
  if (minor.isInteger()) return minor.toNumber();
  throw new DomainError('DECIMALS_TOO_FINE', `expected a price of at most two decimals in order ${order}`);
}

const inUnits = (minor: number): number => new Decimal(minor).div(MINOR_UNITS).toNumber();

function tradeResult({ priceMinorPerTonne, amountMinor, ...trade }: AllowanceTrade) {
  return { ...trade, pricePerTonne: inUnits(priceMinorPerTonne), amount: inUnits(amountMinor) };
}

function afterTrades(positions: readonly Position[], { trades, accounts }: Docked): Map<string, AfterTrades> {
  const paid = new Map<string, bigint>();
  for (const { buyer, seller, amountMinor } of trades) {
    paid.set(buyer, (paid.get(buyer) ?? 0n) + BigInt(amountMinor));
    paid.set(seller, (paid.get(seller) ?? 0n) - BigInt(amountMinor));
  }
  return new Map(
    positions.map(({ id, obligationTonnes }) => {
      const { heldTonnes } = accounts.get(id)!;
      return [
        id,
        {
          heldTonnes,
          deficitTonnes: obligationTonnes === null ? null : Math.max(0, obligationTonnes - heldTonnes),
          surplusTonnes: obligationTonnes === null ? null : Math.max(0, heldTonnes - obligationTonnes),
          paid: inUnits(toSafeInteger(paid.get(id) ?? 0n)),
        },
      ];
    }),
  );
}

function memberResult(
  rules: RuleSet,
  { netSoldTonnes, yearEnd }: MemberInput,
  position: Position,
  after: AfterTrades | undefined,
): MemberResult {
  const { surplusTonnes, heldTonnes } = after ?? position;
  return {
    ...positionResult(rules, position),
    ...(netSoldTonnes !== undefined && {
      carryOver:
        surplusTonnes === null ? null : carryOver(rules, { leftTonnes: surplusTonnes, netSoldTonnes }),
    }),
    ...(yearEnd && { yearEnd: forecast(yearEnd, heldTonnes) }),
    ...(after && { afterTrades: after }),
  };
}

function positionResult(rules: RuleSet, position: Position): MemberResult {
  return {
    id: position.id,
    units: position.units.map((unit) => unitResult(rules, unit)),
    benchmarkTonnes: position.benchmarkTonnes.toNumber(),
    allocationTonnes: position.allocationTonnes.toNumber(),
    allocatedTonnes: position.allocatedTonnes,
    verifiedTonnes: known(position.verifiedTonnes),
    heldTonnes: position.heldTonnes,
    gapTonnes: known(position.gapTonnes),
    obligationTonnes: position.obligationTonnes,
    deficitTonnes: position.deficitTonnes,
    surplusTonnes: position.surplusTonnes,
    borrowableTonnes: position.borrowableTonnes,
    reliefs: position.reliefs.map(({ rule, tonnes }) => ({ rule, tonnes: tonnes.toNumber() })),
  };
}

const known = (tonnes: Decimal | null): number | null => tonnes && tonnes.toNumber();

/** @throws YEAR_END_INPUT */
function forecast(
  {
    actualTonnes,
    pastTonnes,
    expected,
    expectedLevel,
    correlation,
    level,
    heldTonnes,
  }: NonNullable<MemberInput['yearEnd']>,
  held: number,
): YearEndForecast {
  if ((pastTonnes === undefined) === (expected === undefined)) {
    throw new DomainError('YEAR_END_INPUT', 'expected pastTonnes or expected, got neither or both');
  }
  const rest =
    pastTonnes === undefined ? { expected: expected!, level: expectedLevel, correlation } : { pastTonnes };
  return forecastYearEnd({ actualTonnes, rest, heldTonnes: heldTonnes ?? held, level });
}

function unitResult(rules: RuleSet, unit: UnitAllocation): object {
  const unitClass = rules.classes.find(({ id }) => id === unit.unitClass)!;
  const benchmarks = (['benchmarkTPerMwh', 'heatBenchmarkTPerGj', 'benchmarkTPerUnit'] as const).flatMap(
    (key) => (unitClass[key] === undefined ? [] : [[key, Number(unitClass[key])] as const]),
  );
  return {
    id: unit.id,
    class: unit.unitClass,
    ...Object.fromEntries(benchmarks),
    corrections: Object.fromEntries(unit.corrections.map(({ name, factor }) => [name, factor.toNumber()])),
    outputTonnes: unit.outputTonnes.toNumber(),
    heatTonnes: unit.heatTonnes.toNumber(),
    allocationTonnes: unit.tonnes.toNumber(),
    verifiedTonnes: known(unit.verifiedTonnes),
  };
}

function flagsOf({ id, flags, units }: Position) {
  return [
    ...flags.map((flag) => ({ member: id, flag })),
    ...units.flatMap((unit) =>
      unit.corrections
        .filter(({ origin }) => origin === 'assumed')
        .map(({ name }) => ({ member: id, unit: unit.id, flag: `${name}-correction-assumed` })),
    ),
  ];
}
