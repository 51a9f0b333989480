import { DomainError } from '#core';
import { canonicalOrder } from './canonical-order.ts';
import { amountText, minorUnits } from './currency.ts';
import {
  fieldsOf,
  listOf,
  localName,
  nameOf,
  refinedAction,
  refuse,
  typedValue,
  wordOf,
} from './odrl-fields.ts';
import { parseAtomic } from './parse-constraint.ts';
import type { AtomicConstraint, Compensation, Duty } from './policy.ts';

const MOST_DUTIES = 20;
const DUTY_ACTIONS = ['compensate', 'delete', 'attribute'] as const;
const KEYS = new Set(['uid', 'type', 'action', 'constraint', 'compensatedParty', 'attributedParty']);
const PAYMENT_KEYS = new Set(['uid', 'type', 'leftOperand', 'operator', 'rightOperand', 'dataType', 'unit']);

/** What a duty says besides its action: refinements of the action and constraints of the duty mean the same for these three. */
type DutyFields = ReadonlyMap<string, unknown>;

/**
 * Duties in canonical order; two alike are two.
 * @throws POLICY_DUTY_UNKNOWN for another action, POLICY_DUTY_INCOMPLETE without amount or deadline, CURRENCY_UNKNOWN, AMOUNT_INVALID
 */
export function parseDuties(value: unknown, path: string): Duty[] {
  return canonicalOrder(listOf(value, path, MOST_DUTIES).map((each, i) => parseDuty(each, `${path}[${i}]`)));
}

function parseDuty(value: unknown, path: string): Duty {
  const fields = fieldsOf(value, path, KEYS);
  if (fields.has('type'))
    wordOf(fields.get('type'), `${path}.type`, ['Duty', 'Obligation'], 'POLICY_TYPE_UNKNOWN');
  const { action, terms } = dutyAction(fields, path);
  const party = (name: string): string | null =>
    fields.has(name) ? nameOf(fields.get(name), `${path}.${name}`) : null;
  requireOnlyParty(fields, action, path);
  if (action === 'compensate') return compensation(terms, party('compensatedParty'), path);
  if (action === 'delete') return { action, deadline: deadline(terms, path) };
  if (terms.length > 0) refuse('POLICY_UNSUPPORTED', path, 'attribute without conditions', terms.length);
  return { action, party: party('attributedParty') };
}

const PARTY_OF: Readonly<Record<string, string>> = {
  compensate: 'compensatedParty',
  attribute: 'attributedParty',
};

function requireOnlyParty(fields: DutyFields, action: string, path: string): void {
  for (const name of Object.values(PARTY_OF))
    if (fields.has(name) && PARTY_OF[action] !== name)
      refuse('POLICY_KEY_UNKNOWN', path, `no such party of ${action}`, name);
}

function dutyAction(fields: DutyFields, path: string) {
  const [given] = listOf(fields.get('action'), `${path}.action`, 1);
  const constraints = listOf(fields.get('constraint'), `${path}.constraint`);
  const { word, refinement } = refinedAction(given, `${path}.action`);
  return {
    action: wordOf(word, `${path}.action`, DUTY_ACTIONS, 'POLICY_DUTY_UNKNOWN'),
    terms: [...listOf(refinement, `${path}.refinement`), ...constraints],
  };
}

/** payAmount eq AMOUNT with the currency as its unit, once. */
function compensation(terms: readonly unknown[], party: string | null, path: string): Compensation {
  const [term] = terms;
  if (term === undefined || terms.length !== 1)
    refuse('POLICY_DUTY_INCOMPLETE', path, 'payAmount once', terms.length);
  const fields = fieldsOf(term, `${path}.payAmount`, PAYMENT_KEYS);
  wordOf(fields.get('leftOperand'), path, ['payAmount'], 'POLICY_OPERAND_UNKNOWN');
  wordOf(fields.get('operator'), path, ['eq'], 'POLICY_OPERATOR_UNFIT');
  const { amount, currency } = payment(fields, path);
  const minor = minorUnits(amount, currency);
  if (minor === 0) throw new DomainError('AMOUNT_INVALID', `expected an amount above 0 in ${path}, got 0`);
  return { action: 'compensate', amount: amountText(minor, currency), currency, party };
}

function payment(fields: DutyFields, path: string): { amount: string | number; currency: string } {
  const [unit] = listOf(fields.get('unit'), `${path}.unit`, 1);
  if (typeof unit !== 'string') refuse('CURRENCY_UNKNOWN', `${path}.unit`, 'a code of ISO 4217', unit);
  const [right] = listOf(fields.get('rightOperand'), path, 1);
  const [dataType] = listOf(fields.get('dataType'), path, 1);
  const { value, type } = typedValue(right, path);
  for (const given of [dataType, type])
    if (given !== undefined && !DECIMAL.has(given))
      refuse('POLICY_DATATYPE_UNKNOWN', path, 'xsd:decimal', given);
  if (typeof value !== 'string' && typeof value !== 'number')
    refuse('AMOUNT_INVALID', path, 'an amount', value);
  return { amount: value, currency: unit };
}

const DECIMAL: ReadonlySet<unknown> = new Set(['xsd:decimal', 'http://www.w3.org/2001/XMLSchema#decimal']);

function deadline(terms: readonly unknown[], path: string): AtomicConstraint {
  const [term] = terms;
  if (term === undefined || terms.length !== 1)
    refuse('POLICY_DUTY_INCOMPLETE', path, 'one deadline of delete', terms.length);
  const parsed = parseAtomic(term, `${path}.deadline`);
  const { operand, operator } = parsed;
  const timed = operand === 'dateTime' || operand === 'elapsedTime';
  if (!timed || (operator !== 'lt' && operator !== 'lteq'))
    refuse(
      'POLICY_DUTY_INCOMPLETE',
      path,
      'a deadline: dateTime or elapsedTime, lt or lteq',
      localName(operator),
    );
  return parsed;
}
