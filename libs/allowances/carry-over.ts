import type { Decimal } from 'decimal.js';
import { Exact, requireTonnes, type RuleSet, stated, wholeTonnes } from './rule-set.ts';

/** What becomes of allowances that are left after surrender: carried + lapsed = left. */
export interface CarriedOver {
  readonly into: number | null;
  /** Most that the rules let through; null where they let none. */
  readonly limitTonnes: number | null;
  readonly carriedTonnes: number;
  readonly lapsedTonnes: number;
}

/**
 * Converts what is left into allowances of a later year, one for one, at most base + times · net sales; who bought more than
 * it sold has the base alone. Fractions of the limit are cut.
 * @throws RULE_MISSING where the rules do not say, TONNES_INVALID
 */
export function carryOver(
  rules: RuleSet,
  { leftTonnes, netSoldTonnes }: { readonly leftTonnes: number; readonly netSoldTonnes: Decimal.Value },
): CarriedOver {
  requireTonnes(leftTonnes);
  const rule = stated(rules, 'how allowances are carried over', rules.carryOver);
  if (rule === null) return { into: null, limitTonnes: null, carriedTonnes: 0, lapsedTonnes: leftTonnes };
  const sold = Exact.max(0, netSoldTonnes).times(rule.timesNetSold);
  const limitTonnes = wholeTonnes(sold.plus(rule.baseTonnes), 'down');
  const carriedTonnes = Math.min(leftTonnes, limitTonnes);
  return { into: rule.into, limitTonnes, carriedTonnes, lapsedTonnes: leftTonnes - carriedTonnes };
}
