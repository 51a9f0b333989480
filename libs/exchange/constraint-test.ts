import { parseInstant } from '#core';
import { addDuration, durationOrder, type Duration, parseDuration } from './duration.ts';
import { type AtomicConstraint, type Constraint, isLogical } from './policy.ts';
import type { OperandValue, ReadyRequest } from './policy-request.ts';
import { FALSE, not, TRUE, type Truth, truthOf, UNKNOWN, xone } from './truth.ts';
import type { Operand, Operator } from './vocabulary.ts';

/** Whether the constraint holds of a value of its operand; what it cannot decide is UNKNOWN. */
export type ValueTest = (value: OperandValue) => Truth;
export type RequestTest = (request: ReadyRequest) => Truth;

/** A fact the request does not tell is UNKNOWN. */
export function requestTest(constraint: Constraint): RequestTest {
  if (!isLogical(constraint)) {
    const { operand } = constraint;
    const test = valueTest(constraint);
    return ({ values }) => {
      const value = values[operand];
      return value === null ? UNKNOWN : test(value);
    };
  }
  const tests = constraint.constraints.map(requestTest);
  if (constraint.logic === 'xone') return (request) => xone(tests.map((test) => test(request)));
  return constraint.logic === 'and'
    ? (request) => tests.reduce<Truth>((least, test) => Math.min(least, test(request)) as Truth, TRUE)
    : (request) => tests.reduce<Truth>((most, test) => Math.max(most, test(request)) as Truth, FALSE);
}

export const valueTest = (constraint: AtomicConstraint): ValueTest => TEST_OF[constraint.operand](constraint);

const TEST_OF: Readonly<Record<Operand, (constraint: AtomicConstraint) => ValueTest>> = {
  dateTime({ operator, value }) {
    const bound = parseInstant(String(value));
    return (at) => ordered(operator, Number(at) - bound);
  },
  count:
    ({ operator, value }) =>
    (count) =>
      ordered(operator, Number(count) - Number(value)),
  elapsedTime({ operator, value }) {
    const bound = requireDuration(value);
    return (elapsed) => {
      const { sinceMs, atMs } = elapsed as { sinceMs: number; atMs: number };
      return ordered(operator, atMs - addDuration(sinceMs, bound));
    };
  },
  resolution({ operator, value }) {
    const bound = requireDuration(value);
    return (resolution) => orderedSurely(operator, durationOrder(resolution as Duration, bound));
  },
  purpose: (constraint) => ofNames(nameTest(constraint, '/')),
  spatial: (constraint) => ofNames(nameTest(constraint, '-')),
  recipient: (constraint) => ofNames(nameTest(constraint, null)),
};

const ofNames =
  (test: (name: string) => Truth): ValueTest =>
  (value) =>
    typeof value === 'string' ? test(value) : UNKNOWN;

/** Only parsed policies are compiled, and parsing read the duration before. */
function requireDuration(value: AtomicConstraint['value']): Duration {
  const duration = parseDuration(String(value));
  if (duration === null) throw new TypeError('a parsed policy holds a duration that does not parse');
  return duration;
}

/** What holds of every sign the difference can take; UNKNOWN where they disagree. */
function orderedSurely(operator: Operator, differences: readonly number[]): Truth {
  const [first = UNKNOWN, ...others] = differences.map((difference) => ordered(operator, difference));
  return others.every((truth) => truth === first) ? first : UNKNOWN;
}

/** By the sign of left − right. */
function ordered(operator: Operator, difference: number): Truth {
  if (Number.isNaN(difference)) return UNKNOWN;
  switch (operator) {
    case 'lt':
      return truthOf(difference < 0);
    case 'lteq':
      return truthOf(difference <= 0);
    case 'gt':
      return truthOf(difference > 0);
    case 'gteq':
      return truthOf(difference >= 0);
    case 'eq':
      return truthOf(difference === 0);
    case 'neq':
      return truthOf(difference !== 0);
    default:
      return UNKNOWN;
  }
}

/**
 * Names that may mean the same, in other case or one a part of the other, are neither equal nor different: UNKNOWN, so that
 * `neq advertising` does not admit `Advertising` and a prohibition of `advertising` catches `advertising/online`.
 */
function nameTest({ operator, value }: AtomicConstraint, separator: string | null): (name: string) => Truth {
  const names = [value].flat().map(String);
  const folded = names.map((name) => name.toLowerCase());
  const near = (left: string): boolean => {
    const small = left.toLowerCase();
    return folded.some(
      (name) => small === name || isUnder(small, name, separator) || isUnder(name, small, separator),
    );
  };
  const known = new Set(names);
  const anyOf = (left: string): Truth => (known.has(left) ? TRUE : near(left) ? UNKNOWN : FALSE);
  const [whole = ''] = names;
  const within = (left: string): Truth => (isUnder(left, whole, separator) ? TRUE : anyOf(left));
  const allOf = (left: string): Truth => (names.length > 1 ? (near(left) ? UNKNOWN : FALSE) : anyOf(left));
  switch (operator) {
    case 'eq':
    case 'isAnyOf':
      return anyOf;
    case 'neq':
    case 'isNoneOf':
      return (left) => not(anyOf(left));
    case 'isAllOf':
      return allOf;
    case 'isA':
    case 'isPartOf':
      return within;
    default:
      return () => UNKNOWN;
  }
}

/** Purposes are refined by `/` (`research/load` is research), areas by `-` (DE-BY is part of DE, ISO 3166-2). */
const isUnder = (narrow: string, broad: string, separator: string | null): boolean =>
  separator !== null && narrow.startsWith(broad + separator);
