import { DomainError } from '#core';
import { minorUnits } from './currency.ts';
import { requestTest, type RequestTest } from './constraint-test.ts';
import { type Constraint, type Duty, isLogical, type Permission, type Policy, type Rule } from './policy.ts';
import { isParsed, parsePolicy } from './parse-policy.ts';
import { paymentKey, type PolicyRequest, type ReadyRequest, readyRequest } from './policy-request.ts';
import { toOdrl } from './to-odrl.ts';
import { FALSE, TRUE, type Truth, truthOf, UNKNOWN } from './truth.ts';
import { ACTIONS, covers } from './vocabulary.ts';

/** Why: a stable code, the rule or term of the canonical policy it is about, and what was expected in words. */
export interface Reason {
  readonly code: string;
  readonly term: string | null;
  readonly message: string;
}

export interface Decision {
  readonly decision: 'PERMIT' | 'DENY';
  readonly reasons: readonly Reason[];
}

export type CompiledPolicy = (request: PolicyRequest) => Decision;

const compiled = new WeakMap<Policy, CompiledPolicy>();

/**
 * Decides one request: PERMIT where a permission covers it, all its constraints are known to hold, its duties and the policy's
 * obligations are fulfilled, and no prohibition may apply; where one may, the conflict strategy decides. Everything else,
 * and anything not understood, is DENY with a code. docs/policy-truth-table.md is the whole function.
 * Compiles a policy once; never throws for a request or policy that is not understood.
 */
export function evaluate(policy: Policy, request: PolicyRequest): Decision {
  return denyWhatIsRefused(() => {
    const known = compiled.get(policy) ?? compilePolicy(policy);
    return known(request);
  });
}

/** As `evaluate` for ODRL that was not parsed: what parsePolicy refuses is DENY with its code. */
export const evaluateOdrl = (odrl: unknown, request: PolicyRequest): Decision =>
  denyWhatIsRefused(() => compilePolicy(parsePolicy(odrl))(request));

function denyWhatIsRefused(decide: () => Decision): Decision {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError) return deny([{ code: error.code, term: null, message: error.message }]);
    // A policy that parsePolicy did not make may hold anything.
    if (error instanceof TypeError)
      return deny([
        { code: 'POLICY_MALFORMED', term: null, message: 'expected a parsed policy, got another value' },
      ]);
    throw error;
  }
}

const deny = (reasons: readonly Reason[]): Decision => ({ decision: 'DENY', reasons });

/** The policy as a function; a policy that was not parsed is read again, so that nothing outside the vocabulary is compiled. */
function compilePolicy(policy: Policy): CompiledPolicy {
  const closed = isParsed(policy) ? policy : parsePolicy(toOdrl(policy));
  const targets = new Set([...closed.permissions, ...closed.prohibitions].flatMap((rule) => rule.targets));
  const [onlyTarget] = targets;
  const permissions = closed.permissions.map((rule, i) =>
    permissionTest(rule, `permission[${i}]`, closed.obligations),
  );
  const prohibitions = closed.prohibitions.map((rule, i) => prohibitionTest(rule, `prohibition[${i}]`));
  const decide: CompiledPolicy = (request) => {
    const asked = readyRequest(request);
    const named = asked.target === null && targets.size === 1 ? { ...asked, target: onlyTarget! } : asked;
    return resolve(
      permissions.map((test) => test(named)),
      prohibitions.map((test) => test(named)),
      closed.conflict,
    );
  };
  if (closed === policy) compiled.set(policy, decide);
  return decide;
}

/** What one rule says to a request. A permission without failures grants; a prohibition counts unless it is FALSE. */
interface Verdict {
  readonly applies: Truth;
  readonly reasons: readonly Reason[];
}

type RuleTest = (request: ReadyRequest) => Verdict;

function resolve(
  permissions: readonly Verdict[],
  prohibitions: readonly Verdict[],
  conflict: Policy['conflict'],
): Decision {
  const granted = permissions.find(({ applies }) => applies === TRUE);
  const against = prohibitions.filter(({ applies }) => applies !== FALSE).flatMap(({ reasons }) => reasons);
  if (granted !== undefined && (against.length === 0 || conflict === 'perm'))
    return { decision: 'PERMIT', reasons: granted.reasons };
  if (granted !== undefined) return deny(conflict === 'invalid' ? [CONFLICTING, ...against] : against);
  const lacking = permissions.flatMap(({ reasons }) => reasons);
  const reasons = [...against, ...lacking];
  return deny(reasons.length > 0 ? reasons : [NOT_PERMITTED]);
}

const CONFLICTING: Reason = Object.freeze({
  code: 'POLICY_CONFLICT',
  term: null,
  message: 'expected a permission or a prohibition to apply, got both; the policy is void for this request',
});
const NOT_PERMITTED: Reason = Object.freeze({
  code: 'NOT_PERMITTED',
  term: null,
  message: 'expected a permission of this action on this target, got none',
});
const SILENT: Verdict = Object.freeze({ applies: FALSE, reasons: [] });

const amongNamed = (named: string | null, wanted: boolean): Truth =>
  named === null ? UNKNOWN : truthOf(wanted);

/** Whether the rule is about the action, target and assignee; a party or target the request does not name is UNKNOWN. */
function scopeTest(rule: Rule): RequestTest {
  const actions = new Set(ACTIONS.filter((action) => rule.actions.some((broad) => covers(broad, action))));
  const targets = new Set(rule.targets);
  return ({ action, target, assignee }) => {
    if (!actions.has(action)) return FALSE;
    const aim = targets.size === 0 ? TRUE : amongNamed(target, target !== null && targets.has(target));
    const party = rule.assignee === null ? TRUE : amongNamed(assignee, assignee === rule.assignee);
    return Math.min(aim, party) as Truth;
  };
}

function permissionTest(rule: Permission, path: string, obligations: readonly Duty[]): RuleTest {
  const scope = scopeTest(rule);
  const checks = [
    ...rule.constraints.map((constraint, i) => constraintCheck(constraint, `${path}.constraint[${i}]`)),
    ...dutyChecks(rule.duties, `${path}.duty`, 'DUTY'),
    ...dutyChecks(obligations, 'obligation', 'OBLIGATION'),
    ...paymentChecks([...rule.duties, ...obligations], path),
  ];
  const grant: Verdict = { applies: TRUE, reasons: [reason('PERMITTED', path, 'the permission holds')] };
  const unnamed: Verdict = {
    applies: UNKNOWN,
    reasons: [
      reason('SCOPE_UNKNOWN', path, 'expected the target and assignee the permission names, got none'),
    ],
  };
  return (request) => {
    const about = scope(request);
    if (about === FALSE) return SILENT;
    if (about === UNKNOWN) return unnamed;
    const reasons: Reason[] = [];
    for (const check of checks) {
      const failure = check(request);
      if (failure !== null) reasons.push(failure);
    }
    return reasons.length === 0 ? grant : { applies: FALSE, reasons };
  };
}

function prohibitionTest(rule: Rule, path: string): RuleTest {
  const scope = scopeTest(rule);
  const tests = rule.constraints.map(requestTest);
  const sure: Verdict = { applies: TRUE, reasons: [reason('PROHIBITED', path, 'the prohibition holds')] };
  const unsure: Verdict = {
    applies: UNKNOWN,
    reasons: [
      reason('PROHIBITION_UNDECIDED', path, 'expected facts that exclude the prohibition, got too few'),
    ],
  };
  return (request) => {
    let applies = scope(request);
    for (const test of tests) if (applies !== FALSE) applies = Math.min(applies, test(request)) as Truth;
    return applies === FALSE ? SILENT : applies === TRUE ? sure : unsure;
  };
}

type Check = (request: ReadyRequest) => Reason | null;

const reason = (code: string, term: string, message: string): Reason =>
  Object.freeze({ code, term, message });

function constraintCheck(constraint: Constraint, path: string): Check {
  const test = requestTest(constraint);
  const name = isLogical(constraint) ? constraint.logic : `${constraint.operand} ${constraint.operator}`;
  const failed = reason(
    'CONSTRAINT_NOT_MET',
    path,
    `expected ${name} to hold, got a request where it does not`,
  );
  const open = reason('CONSTRAINT_UNDECIDED', path, `expected ${name} to be decidable, got too few facts`);
  return (request) => {
    const truth = test(request);
    return truth === TRUE ? null : truth === FALSE ? failed : open;
  };
}

/** Deletion ends the permission at its deadline, done or not: nothing may be held after it. */
function dutyChecks(duties: readonly Duty[], path: string, kind: 'DUTY' | 'OBLIGATION'): Check[] {
  return duties.flatMap((duty, i): Check[] => {
    const term = `${path}[${i}]`;
    if (duty.action === 'attribute') {
      const missing = reason(`${kind}_UNFULFILLED`, term, 'expected attribution promised or made, got none');
      return [({ attributed }) => (attributed.has(duty.party ?? '') ? null : missing)];
    }
    if (duty.action === 'compensate') return [];
    const test = requestTest(duty.deadline);
    const over = reason(
      `${kind}_OVERDUE`,
      term,
      'expected a request before the deadline of deletion, got none such',
    );
    return [(request) => (test(request) === TRUE ? null : over)];
  });
}

/** Sums by currency and party: one payment fulfils one duty once. */
function paymentChecks(duties: readonly Duty[], path: string): Check[] {
  const owed = new Map<string, number>();
  for (const duty of duties) {
    if (duty.action !== 'compensate') continue;
    const key = paymentKey(duty.currency, duty.party);
    owed.set(key, (owed.get(key) ?? 0) + minorUnits(duty.amount, duty.currency));
  }
  return [...owed].map(([key, minor]): Check => {
    const unpaid = reason(
      'COMPENSATION_UNPAID',
      path,
      'expected the compensation to be paid in full, got less',
    );
    return ({ paid }) => ((paid.get(key) ?? 0) >= minor ? null : unpaid);
  });
}
