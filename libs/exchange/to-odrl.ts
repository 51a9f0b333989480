import { hashJson, type Json } from '#core';
import {
  type AtomicConstraint,
  type Constraint,
  type Duty,
  isLogical,
  type Policy,
  type Rule,
} from './policy.ts';
import { PROFILE } from './vocabulary.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** The policy as ODRL 2.2 JSON-LD; parsePolicy reads the same policy back. */
export function toOdrl(policy: Policy): JsonObject {
  const rules = [...policy.permissions, ...policy.prohibitions];
  return {
    '@context': 'http://www.w3.org/ns/odrl.jsonld',
    '@type': policy.type,
    ...present('@id', policy.uid),
    ...(rules.some(({ actions }) => actions.includes('train')) ? { profile: PROFILE } : {}),
    conflict: policy.conflict,
    ...listed(
      'permission',
      policy.permissions.map((rule) => ({ ...ruleJson(rule), ...listed('duty', rule.duties.map(dutyJson)) })),
    ),
    ...listed('prohibition', policy.prohibitions.map(ruleJson)),
    ...listed('obligation', policy.obligations.map(dutyJson)),
  };
}

/** SHA-256 of the canonical policy: the same for every order and spelling of the same terms. */
export const policyHash = (policy: Policy): Promise<string> => hashJson(policy as unknown as Json);

const present = (key: string, value: string | null): JsonObject => (value === null ? {} : { [key]: value });

const listed = (key: string, items: readonly Json[]): JsonObject =>
  items.length === 0 ? {} : { [key]: items };

function ruleJson(rule: Rule): JsonObject {
  return {
    ...listed('target', rule.targets),
    ...present('assigner', rule.assigner),
    ...present('assignee', rule.assignee),
    action: rule.actions,
    ...listed('constraint', rule.constraints.map(constraintJson)),
  };
}

const constraintJson = (constraint: Constraint): JsonObject =>
  isLogical(constraint)
    ? { [constraint.logic]: constraint.constraints.map(constraintJson) }
    : atomicJson(constraint);

const atomicJson = ({ operand, operator, value }: AtomicConstraint): JsonObject => ({
  leftOperand: operand,
  operator,
  rightOperand: TYPE_OF[operand] === undefined ? value : { '@value': value, '@type': TYPE_OF[operand] },
});

const TYPE_OF: Readonly<Partial<Record<string, string>>> = {
  dateTime: 'xsd:dateTime',
  elapsedTime: 'xsd:duration',
  resolution: 'xsd:duration',
};

function dutyJson(duty: Duty): JsonObject {
  if (duty.action === 'attribute') return { action: 'attribute', ...present('attributedParty', duty.party) };
  if (duty.action === 'delete') return { action: 'delete', constraint: [atomicJson(duty.deadline)] };
  const amount = {
    leftOperand: 'payAmount',
    operator: 'eq',
    rightOperand: { '@value': duty.amount, '@type': 'xsd:decimal' },
    unit: duty.currency,
  };
  return {
    action: [{ 'rdf:value': { '@id': 'odrl:compensate' }, refinement: [amount] }],
    ...present('compensatedParty', duty.party),
  };
}
