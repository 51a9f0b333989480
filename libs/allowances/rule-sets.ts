import { DomainError } from '#core';
import { CHINA_POWER_RULES } from './china-power.ts';
import type { RuleSet } from './rule-set.ts';

/** Every rule set that comes along; members may use their own in the same form. */
export const RULE_SETS: readonly RuleSet[] = CHINA_POWER_RULES;

const missing = (asked: string): DomainError =>
  new DomainError(
    'RULE_SET_MISSING',
    `expected a known rule set (${RULE_SETS.map(({ id }) => id).join(', ')}), got ${asked}`,
    'not-found',
  );

/** @throws RULE_SET_MISSING */
export function ruleSetById(id: string): RuleSet {
  const found = RULE_SETS.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw missing(JSON.stringify(id.slice(0, 100)));
}

/** The rules of a scheme for a compliance year. @throws RULE_SET_MISSING: another year's are never taken for it */
export function ruleSetOf(scheme: string, year: number): RuleSet {
  const found = RULE_SETS.find((each) => each.scheme === scheme && each.years.includes(year));
  if (found !== undefined) return found;
  throw missing(`${JSON.stringify(scheme.slice(0, 100))} of ${year}`);
}
