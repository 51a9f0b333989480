import { canonicalOrder } from './canonical-order.ts';
import { fieldsOf, listOf, nameOf, refinedAction, refuse, requireSize, wordOf } from './odrl-fields.ts';
import { parseConstraints } from './parse-constraint.ts';
import { parseDuties } from './parse-duty.ts';
import type { Constraint, Permission, Policy, Rule } from './policy.ts';
import {
  type Action,
  ACTIONS,
  CONFLICT_STRATEGIES,
  CONTEXTS,
  ODRL_NAMESPACE,
  POLICY_TYPES,
  PREFIXES,
  PROFILE,
} from './vocabulary.ts';

const MOST_RULES = 100;
const SHARED_KEYS = ['target', 'assigner', 'assignee', 'action'] as const;
const POLICY_KEYS = new Set([
  '@context',
  'uid',
  'type',
  'profile',
  'conflict',
  'permission',
  'prohibition',
  'obligation',
  ...SHARED_KEYS,
]);
const PROHIBITION_KEYS = new Set(['uid', 'type', ...SHARED_KEYS, 'constraint']);
const PERMISSION_KEYS = new Set([...PROHIBITION_KEYS, 'duty']);

const parsed = new WeakSet<object>();

/** Whether the policy came from parsePolicy and so is closed, canonical and frozen. */
export const isParsed = (policy: object): boolean => parsed.has(policy);

/**
 * Reads an ODRL 2.2 policy in JSON-LD: terms compact, with `odrl:` or under its namespace, single values or lists, properties of
 * the policy shared by its rules, refinements of a rule's action as constraints of the rule. Contexts are known by name and never
 * fetched. Whatever is not in the vocabulary is refused, never ignored.
 * @throws POLICY_* naming the place (docs/EXCHANGE.md lists them), CURRENCY_UNKNOWN, AMOUNT_INVALID
 */
export function parsePolicy(odrl: unknown): Policy {
  requireSize(odrl);
  const fields = fieldsOf(odrl, 'policy', POLICY_KEYS);
  requireContext(fields.get('@context'));
  for (const profile of listOf(fields.get('profile'), 'profile', 10))
    if (nameOf(profile, 'profile') !== PROFILE) refuse('POLICY_PROFILE_UNKNOWN', 'profile', PROFILE, profile);
  const rules = (key: string): readonly unknown[] => listOf(fields.get(key), key, MOST_RULES);
  const policy: Policy = {
    type: wordOf(fields.get('type') ?? 'Set', 'type', POLICY_TYPES, 'POLICY_TYPE_UNKNOWN'),
    uid: fields.has('uid') ? nameOf(fields.get('uid'), 'uid') : null,
    conflict: wordOf(
      fields.get('conflict') ?? 'invalid',
      'conflict',
      CONFLICT_STRATEGIES,
      'POLICY_CONFLICT_UNKNOWN',
    ),
    permissions: canonicalOrder(
      rules('permission').map((rule, i) => parsePermission(rule, `permission[${i}]`, fields)),
    ),
    prohibitions: canonicalOrder(
      rules('prohibition').map((rule, i) =>
        parseRule(
          fieldsOf(rule, `prohibition[${i}]`, PROHIBITION_KEYS),
          `prohibition[${i}]`,
          'Prohibition',
          fields,
        ),
      ),
    ),
    obligations: parseDuties(fields.get('obligation'), 'obligation'),
  };
  requireParties(policy);
  parsed.add(deepFreeze(policy));
  return policy;
}

type Fields = ReadonlyMap<string, unknown>;

/** An object may only repeat what a prefix means; a term of its own would rename our words. */
function requireContext(value: unknown): void {
  for (const context of listOf(value, '@context', 10)) {
    if (typeof context === 'string' && CONTEXTS.has(context)) continue;
    if (typeof context !== 'object' || context === null)
      refuse('POLICY_CONTEXT_UNKNOWN', '@context', [...CONTEXTS].join(' or '), context);
    for (const [key, meaning] of Object.entries(context)) {
      const known = key === '@vocab' ? ODRL_NAMESPACE : PREFIXES.get(key);
      if (known === undefined || known !== meaning)
        refuse('POLICY_CONTEXT_UNKNOWN', '@context', `prefixes ${[...PREFIXES.keys()].join(', ')}`, key);
    }
  }
}

function parsePermission(value: unknown, path: string, shared: Fields): Permission {
  const fields = fieldsOf(value, path, PERMISSION_KEYS);
  return {
    ...parseRule(fields, path, 'Permission', shared),
    duties: parseDuties(fields.get('duty'), `${path}.duty`),
  };
}

function parseRule(fields: Fields, path: string, type: string, shared: Fields): Rule {
  if (fields.has('type')) wordOf(fields.get('type'), `${path}.type`, [type], 'POLICY_TYPE_UNKNOWN');
  // The standard adds the policy's action to the rule's own: too easily written for a default.
  if (fields.has('action') && shared.has('action'))
    refuse('POLICY_UNSUPPORTED', path, 'an action in the policy or in its rules', 'both');
  const { actions, refinements } = parseActions(
    (fields.has('action') ? fields : shared).get('action'),
    `${path}.action`,
  );
  // What a rule says itself stands beside what the policy says for all its rules.
  const party = (key: 'assigner' | 'assignee'): string | null => {
    const names = [shared.get(key), fields.get(key)]
      .filter((each) => each !== undefined)
      .map((each) => nameOf(each, `${path}.${key}`));
    if (new Set(names).size > 1)
      refuse('POLICY_PARTY_UNCLEAR', path, `one ${key} in policy and rule`, names.join());
    return names[0] ?? null;
  };
  const targets = [shared.get('target'), fields.get('target')].flatMap((each) =>
    listOf(each, `${path}.target`).map((name) => nameOf(name, `${path}.target`)),
  );
  return {
    actions,
    targets: canonicalOrder([...new Set(targets)]),
    assigner: party('assigner'),
    assignee: party('assignee'),
    constraints: canonicalOrder([
      ...refinements,
      ...parseConstraints(fields.get('constraint'), `${path}.constraint`),
    ]),
  };
}

function parseActions(value: unknown, path: string): { actions: Action[]; refinements: Constraint[] } {
  const given = listOf(value, path, 20);
  const actions = new Set<Action>();
  const refinements: Constraint[] = [];
  for (const each of given) {
    const { word, refinement } = refinedAction(each, path);
    actions.add(wordOf(word, path, ACTIONS, 'POLICY_ACTION_UNKNOWN'));
    const found = parseConstraints(refinement, `${path}.refinement`);
    // A refinement narrows its own action: beside others it would narrow those, too.
    if (found.length > 0 && given.length > 1)
      refuse('POLICY_UNSUPPORTED', path, 'a refined action alone in its rule', given.length);
    refinements.push(...found);
  }
  if (actions.size === 0) refuse('POLICY_ACTION_UNKNOWN', path, 'an action', value);
  return { actions: canonicalOrder([...actions]), refinements };
}

/** An offer comes from an assigner; an agreement binds an assigner and an assignee (ODRL 2.2, section 2.1). */
function requireParties(policy: Policy): void {
  const rules = [...policy.permissions, ...policy.prohibitions];
  if (rules.length === 0) refuse('POLICY_EMPTY', 'policy', 'a permission or prohibition', 0);
  const needed = { Set: [], Offer: ['assigner'], Agreement: ['assigner', 'assignee'] } as const;
  for (const key of needed[policy.type])
    if (rules.some((rule) => rule[key] === null))
      refuse('POLICY_PARTY_MISSING', 'policy', `${policy.type} with ${key}`, null);
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const item of Object.values(value))
    if (typeof item === 'object' && item !== null) deepFreeze(item as object);
  return Object.freeze(value);
}
