/**
 * allowances: rights to emit a tonne, what a member is allocated, owes and lacks, and how lacks and leftovers meet.
 *
 * Vocabulary: rule set (a scheme's rules for a compliance year, as data), unit class (units of one benchmark), correction (cooling,
 * heat supplied, load), allocation (output · benchmark · corrections + heat · benchmark), verified emissions, obligation
 * (allowances to surrender, after the rules' limits), gap (verified − held: deficit above zero, surplus below), relief (what a
 * limit takes off), carry-over and borrowing (between years), account (held and reserved), docking (deficits and surpluses in
 * an order book).
 * Units: an allowance is a whole tonne; prices are integer minor units a tonne; what is not whole yet is an exact decimal.
 * References: MEE allocation plans of China's national ETS (china-power.ts); EU Delegated Regulation 2019/331 (benchmark ·
 * activity · factors); Friedman & Rust 1993 (continuous double auction).
 */
export {
  type Borrowing,
  type CarryOver,
  type Corrections,
  type LoadBand,
  type ObligationLimit,
  type OutputBasis,
  type RuleSet,
  type TonneRounding,
  type UnitClass,
  requireTonnes,
} from './rule-set.ts';
export { RULE_SETS, ruleSetById, ruleSetOf } from './rule-sets.ts';
export { type Correction, type CorrectionName } from './corrections.ts';
export { type FuelUse, type UnitAllocation, type UnitYear, unitAllocation } from './allocation.ts';
export { type MemberYear, type Position, type PositionFlag, type Relief, positionOf } from './position.ts';
export { type CarriedOver, carryOver } from './carry-over.ts';
export {
  type AllowanceAccount,
  EMPTY_ACCOUNT,
  MAX_TONNES,
  credit,
  debit,
  deliver,
  freeTonnes,
  release,
  reserve,
} from './account.ts';
export {
  type AllowanceOrder,
  type AllowanceTrade,
  type Docked,
  type DockingReport,
  amountMinor,
  complianceYear,
  dock,
  dockingReport,
  toBookOrder,
} from './docking.ts';
export {
  type AllowanceOrderStatement,
  type EmissionsStatement,
  type RetirementStatement,
  type Vintage,
  ALLOWANCE_CANCEL_CONTEXT,
  ALLOWANCE_EMISSIONS_CONTEXT,
  ALLOWANCE_ORDER_CONTEXT,
  ALLOWANCE_RETIREMENT_CONTEXT,
  allowanceCancelStatement,
  allowanceEmissionsStatement,
  allowanceOrderStatement,
  allowanceRetirementStatement,
} from './statement.ts';
export {
  type PeriodForecast,
  type RestOfYear,
  type YearEndFacts,
  type YearEndForecast,
  forecastYearEnd,
} from './year-end.ts';
