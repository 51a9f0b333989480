import {
  type AtomicConstraint,
  type Constraint,
  type Duty,
  isLogical,
  type Policy,
  type Rule,
} from './policy.ts';
import type { Action, Operand, Operator } from './vocabulary.ts';

/** TECHNICAL: the platform refuses the read. CONTRACTUAL: the parties promise it, and nothing but the contract keeps them to it. */
export type Enforcement = 'TECHNICAL' | 'CONTRACTUAL';

export interface PolicyLabel {
  /** Place in the canonical policy: `permission[0].constraint[1]`. */
  readonly term: string;
  readonly label: Enforcement;
  /** For the buyer, in plain words. */
  readonly text: string;
}

/** Each term of a policy, who enforces it, and what it means. */
export function labelsOf(policy: Policy): PolicyLabel[] {
  return [
    ...policy.permissions.flatMap((rule, i) => [
      ...ruleLabels(rule, `permission[${i}]`, 'You may'),
      ...rule.duties.flatMap((duty, k) => dutyLabels(duty, `permission[${i}].duty[${k}]`)),
    ]),
    ...policy.prohibitions.flatMap((rule, i) => ruleLabels(rule, `prohibition[${i}]`, 'You may not')),
    ...policy.obligations.flatMap((duty, i) => dutyLabels(duty, `obligation[${i}]`)),
  ];
}

/** What is done with data after a read is out of the platform's sight; the read itself is not. */
const ENFORCED: Readonly<Record<Action, Enforcement>> = {
  use: 'TECHNICAL',
  aggregate: 'CONTRACTUAL',
  train: 'CONTRACTUAL',
  derive: 'CONTRACTUAL',
  distribute: 'CONTRACTUAL',
  anonymize: 'CONTRACTUAL',
};

const ACTION_WORDS: Readonly<Record<Action, string>> = {
  use: 'read and use the data',
  aggregate: 'make aggregates of the data',
  train: 'train models on the data',
  derive: 'make new data from the data',
  distribute: 'pass the data on to others',
  anonymize: 'make the data anonymous',
};

function ruleLabels(rule: Rule, path: string, may: string): PolicyLabel[] {
  const who = rule.assignee === null ? '' : `, if you are ${rule.assignee}`;
  const what = rule.targets.length === 0 ? '' : ` (${rule.targets.join(', ')})`;
  return [
    ...rule.actions.map((action, i) => ({
      term: `${path}.action[${i}]`,
      label: ENFORCED[action],
      text: `${may} ${ACTION_WORDS[action]}${what}${who}.`,
    })),
    ...rule.constraints.map((constraint, i) => ({
      term: `${path}.constraint[${i}]`,
      label: enforcementOf(constraint),
      text: `This applies only while ${constraintText(constraint)}.`,
    })),
  ];
}

/** A purpose and a place are what the buyer says they are; the platform knows the others, of what is read as of the reader. */
const OPERAND_ENFORCED: Readonly<Record<Operand, Enforcement>> = {
  dateTime: 'TECHNICAL',
  elapsedTime: 'TECHNICAL',
  purpose: 'CONTRACTUAL',
  count: 'TECHNICAL',
  recipient: 'TECHNICAL',
  spatial: 'CONTRACTUAL',
  resolution: 'TECHNICAL',
};

/** A combination is as weak as its weakest part: what it decides follows from that. */
function enforcementOf(constraint: Constraint): Enforcement {
  if (!isLogical(constraint)) return OPERAND_ENFORCED[constraint.operand];
  return constraint.constraints.every((part) => enforcementOf(part) === 'TECHNICAL')
    ? 'TECHNICAL'
    : 'CONTRACTUAL';
}

const OPERAND_WORDS: Readonly<Record<Operand, string>> = {
  dateTime: 'the time',
  elapsedTime: 'the time since the agreement',
  purpose: 'your purpose',
  count: 'the number of uses, this one included,',
  recipient: 'the recipient',
  spatial: 'the place of use',
  resolution: 'the interval of the data',
};

const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  eq: 'is',
  neq: 'is not',
  lt: 'is less than',
  lteq: 'is at most',
  gt: 'is more than',
  gteq: 'is at least',
  isA: 'is a kind of',
  isPartOf: 'is a part of',
  isAnyOf: 'is one of',
  isAllOf: 'is all of',
  isNoneOf: 'is none of',
};

const INSTANT_WORDS: Readonly<Partial<Record<Operator, string>>> = {
  lt: 'is before',
  lteq: 'is not after',
  gt: 'is after',
  gteq: 'is not before',
};

function constraintText(constraint: Constraint): string {
  if (!isLogical(constraint)) return atomText(constraint);
  const parts = constraint.constraints.map((part) =>
    isLogical(part) ? `(${constraintText(part)})` : atomText(part),
  );
  if (constraint.logic === 'xone') return `exactly one holds: ${parts.join('; ')}`;
  return parts.join(` ${constraint.logic} `);
}

function atomText({ operand, operator, value }: AtomicConstraint): string {
  const word = (operand === 'dateTime' ? INSTANT_WORDS[operator] : undefined) ?? OPERATOR_WORDS[operator];
  return `${OPERAND_WORDS[operand]} ${word} ${[value].flat().join(', ')}`;
}

function dutyLabels(duty: Duty, term: string): PolicyLabel[] {
  if (duty.action === 'compensate') {
    const to = duty.party === null ? '' : ` to ${duty.party}`;
    return [
      {
        term,
        label: 'TECHNICAL',
        text: `You pay ${duty.amount} ${duty.currency}${to} before the first read.`,
      },
    ];
  }
  if (duty.action === 'attribute') {
    const text = `You name ${duty.party ?? 'the provider'} wherever you show results.`;
    return [{ term, label: 'CONTRACTUAL', text }];
  }
  const until = atomText(duty.deadline);
  return [
    { term, label: 'TECHNICAL', text: `You can read only while ${until}.` },
    {
      term,
      label: 'CONTRACTUAL',
      text: `You delete what you have read while ${until}; it cannot be taken back from you.`,
    },
  ];
}
