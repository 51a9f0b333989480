import { DomainError, parseInstant } from '#core';
import { valueTest } from './constraint-test.ts';
import { addDuration, type Duration, parseDuration, REFERENCE_STARTS } from './duration.ts';
import {
  type AtomicConstraint,
  type Constraint,
  isLogical,
  type Permission,
  type Policy,
  type Rule,
} from './policy.ts';
import type { OperandValue } from './policy-request.ts';
import { FALSE, TRUE } from './truth.ts';
import { type Action, covers, type Operand } from './vocabulary.ts';

/** A constraint that is wanted to hold, or to be known not to. */
interface Goal {
  readonly constraint: Constraint;
  readonly holds: boolean;
}

/** Values of each operand that satisfy every goal so far. */
type Candidates = ReadonlyMap<Operand, readonly OperandValue[]>;

/** Branches of and, or, xone that are tried before a policy is too intricate to judge. */
const MOST_BRANCHES = 20_000;

/**
 * Refuses terms that can never hold: a permission or prohibition no request satisfies, or an action of a permission that
 * prohibitions take away from every request (unless permissions override them).
 *
 * Operands are independent and each compares with finitely many bounds, so a rule is satisfiable exactly if one of the values
 * at, beside and between its bounds satisfies it: these are tried by the evaluator's own tests.
 * @throws POLICY_UNSATISFIABLE naming the rule, POLICY_TOO_INTRICATE
 */
export function assertSatisfiable(policy: Policy): void {
  const budget = { left: MOST_BRANCHES };
  if (policy.permissions.length === 0) unsatisfiable('policy', 'a permission');
  policy.prohibitions.forEach((rule, i) => {
    if (!canHold(wanted(rule.constraints), budget))
      unsatisfiable(`prohibition[${i}]`, 'a request it forbids');
  });
  policy.permissions.forEach((rule, i) => {
    for (const action of rule.actions)
      for (const target of rule.targets.length > 0 ? rule.targets : [null])
        if (!canHold(goalsOf(policy, rule, action, target), budget))
          unsatisfiable(`permission[${i}]`, `a request of ${action} it permits`);
  });
}

function unsatisfiable(term: string, expected: string): never {
  throw new DomainError(
    'POLICY_UNSATISFIABLE',
    `expected ${expected} in ${term}, got terms that never hold`,
    'invalid',
    {
      term,
    },
  );
}

const wanted = (constraints: readonly Constraint[], holds = true): Goal[] =>
  constraints.map((constraint) => ({ constraint, holds }));

/** The permission and its deadlines hold, and each prohibition of the same is known not to. */
function goalsOf(policy: Policy, rule: Permission, action: Action, target: string | null): Goal[] {
  const deadlines = [...rule.duties, ...policy.obligations].flatMap((duty) =>
    duty.action === 'delete' ? [duty.deadline] : [],
  );
  const against =
    policy.conflict === 'perm'
      ? []
      : policy.prohibitions.filter((other) => forbids(other, rule, action, target));
  return [
    ...wanted([...rule.constraints, ...deadlines]),
    ...against.map(({ constraints }): Goal => ({ constraint: { logic: 'and', constraints }, holds: false })),
  ];
}

/** Whether a prohibition is about every request of this action on this target that the permission is about. */
const forbids = (prohibition: Rule, permission: Rule, action: Action, target: string | null): boolean =>
  prohibition.actions.some((broad) => covers(broad, action)) &&
  (prohibition.targets.length === 0 || (target !== null && prohibition.targets.includes(target))) &&
  (prohibition.assignee === null || prohibition.assignee === permission.assignee);

/** Depth first over the branches of logical constraints, narrowing candidates at every atomic one. */
function canHold(goals: readonly Goal[], budget: { left: number }): boolean {
  const candidates = candidatesOf(goals.map(({ constraint }) => constraint));
  const search = (open: readonly Goal[], left: Candidates): boolean => {
    const [goal, ...rest] = open;
    if (goal === undefined) return true;
    budget.left -= 1;
    if (budget.left < 0)
      throw new DomainError(
        'POLICY_TOO_INTRICATE',
        'expected terms that can be judged, got too many cases',
        'limit',
      );
    const { constraint, holds } = goal;
    if (isLogical(constraint))
      return branches(constraint.logic, constraint.constraints, holds).some((branch) =>
        search([...branch, ...rest], left),
      );
    const test = valueTest(constraint);
    const fit = (left.get(constraint.operand) ?? []).filter(
      (value) => test(value) === (holds ? TRUE : FALSE),
    );
    return fit.length > 0 && search(rest, new Map([...left, [constraint.operand, fit]]));
  };
  // Atomic goals first: they cost no branch.
  return search(
    goals.toSorted((a, b) => Number(isLogical(a.constraint)) - Number(isLogical(b.constraint))),
    candidates,
  );
}

/** The ways a logical constraint can hold, or be known not to; each is a list of goals. */
function branches(logic: 'and' | 'or' | 'xone', parts: readonly Constraint[], holds: boolean): Goal[][] {
  if (logic === 'xone') return holds ? exactlyOne(parts) : noneOrTwo(parts);
  if ((logic === 'and') === holds) return [wanted(parts, holds)];
  return parts.map((part) => wanted([part], holds));
}

const exactlyOne = (parts: readonly Constraint[]): Goal[][] =>
  parts.map((_, one) => parts.map((constraint, i): Goal => ({ constraint, holds: i === one })));

const noneOrTwo = (parts: readonly Constraint[]): Goal[][] => [
  wanted(parts, false),
  ...parts.flatMap((first, i) => parts.slice(i + 1).map((second) => wanted([first, second]))),
];

/** Deduplicated by text: a list of a thousand names is tried once. */
function candidatesOf(constraints: readonly Constraint[]): Candidates {
  const found = new Map<Operand, Map<string, OperandValue>>();
  const visit = (constraint: Constraint): void => {
    if (isLogical(constraint)) return constraint.constraints.forEach(visit);
    const values = found.get(constraint.operand) ?? new Map<string, OperandValue>();
    for (const value of valuesAround(constraint)) values.set(JSON.stringify(value), value);
    found.set(constraint.operand, values);
  };
  constraints.forEach(visit);
  return new Map([...found].map(([operand, values]) => [operand, [...values.values()]]));
}

function valuesAround({ operand, value }: AtomicConstraint): OperandValue[] {
  switch (operand) {
    case 'dateTime': {
      const bound = parseInstant(String(value));
      return [bound - 1, bound, bound + 1];
    }
    case 'count':
      return [1, Number(value) - 1, Number(value), Number(value) + 1].filter((count) => count >= 1);
    case 'elapsedTime':
      return elapsedAround(parseDuration(String(value))!);
    case 'resolution': {
      const { months, ms } = parseDuration(String(value))!;
      return [ms - 1, ms, ms + 1]
        .map((near) => ({ months, ms: near }))
        .filter((near) => near.months > 0 || near.ms > 0);
    }
    case 'purpose':
    case 'recipient':
    case 'spatial':
      return namesAround(value);
  }
}

const elapsedAround = (bound: Duration): OperandValue[] =>
  REFERENCE_STARTS.flatMap((sinceMs) =>
    [-1, 0, 1]
      .map((by) => ({ sinceMs, atMs: addDuration(sinceMs, bound) + by }))
      .filter(({ atMs }) => atMs >= sinceMs),
  );

/** The name, one narrower in either notation, and one that no policy can write. */
const namesAround = (value: AtomicConstraint['value']): string[] => [
  ...[value].flat().flatMap((name) => [String(name), `${name}/\n`, `${name}-\n`]),
  '\n',
];
