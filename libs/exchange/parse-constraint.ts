import { isoInstant, parseInstant } from '#core';
import { canonicalOrder } from './canonical-order.ts';
import { durationText, parseDuration } from './duration.ts';
import { fieldsOf, isName, listOf, localName, refuse, typedValue, wordOf } from './odrl-fields.ts';
import type { AtomicConstraint, Constraint } from './policy.ts';
import {
  LIST_OPERATORS,
  LOGICS,
  type Logic,
  OPERANDS,
  type Operand,
  OPERATORS,
  OPERATORS_OF,
} from './vocabulary.ts';

const MOST_CONSTRAINTS = 100;
const ATOMIC_KEYS = new Set(['uid', 'type', 'leftOperand', 'operator', 'rightOperand', 'dataType', 'unit']);
const LOGICAL_KEYS = new Set(['uid', 'type', ...LOGICS]);
const XSD = 'http://www.w3.org/2001/XMLSchema#';

/** Types a right operand may declare; a value under another type would mean something else. */
const DATATYPES: Readonly<Record<Operand, readonly string[]>> = {
  dateTime: ['dateTime'],
  elapsedTime: ['duration'],
  purpose: ['string', 'anyURI'],
  count: ['integer', 'nonNegativeInteger', 'positiveInteger'],
  recipient: ['string', 'anyURI'],
  spatial: ['string', 'anyURI'],
  resolution: ['duration'],
};

/** Constraints that must all hold, in canonical order. */
export function parseConstraints(value: unknown, path: string): Constraint[] {
  return canonicalOrder(
    listOf(value, path, MOST_CONSTRAINTS).map((each, i) => parseConstraint(each, `${path}[${i}]`)),
  );
}

function parseConstraint(value: unknown, path: string): Constraint {
  const logical =
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).some((key) => LOGICS.some((logic) => logic === localName(key)) || isSequence(key));
  return logical ? parseLogical(value, path) : parseAtomic(value, path);
}

const isSequence = (key: string): boolean => localName(key) === 'andSequence';

function parseLogical(value: unknown, path: string): Constraint {
  const fields = fieldsOf(value, path, LOGICAL_KEYS);
  if (fields.has('type'))
    wordOf(fields.get('type'), `${path}.type`, ['LogicalConstraint'], 'POLICY_TYPE_UNKNOWN');
  const given = LOGICS.filter((logic) => fields.has(logic));
  const [logic] = given;
  if (logic === undefined || given.length > 1)
    refuse('POLICY_MALFORMED', path, 'one logical operand', given.join());
  return { logic, constraints: operandsOf(fields.get(logic), `${path}.${logic}`, logic) };
}

function operandsOf(value: unknown, path: string, logic: Logic): Constraint[] {
  const constraints = parseConstraints(value, path);
  // xone of one is that one, but a lone operand is more likely a lost one.
  if (constraints.length < (logic === 'xone' ? 2 : 1))
    refuse('POLICY_MALFORMED', path, 'operands', constraints.length);
  return constraints;
}

/** @throws POLICY_OPERAND_UNKNOWN, POLICY_OPERATOR_UNKNOWN, POLICY_OPERATOR_UNFIT, POLICY_VALUE_INVALID, POLICY_UNIT_UNKNOWN */
export function parseAtomic(value: unknown, path: string): AtomicConstraint {
  const fields = fieldsOf(value, path, ATOMIC_KEYS);
  if (fields.has('type')) wordOf(fields.get('type'), `${path}.type`, ['Constraint'], 'POLICY_TYPE_UNKNOWN');
  const operand = wordOf(
    fields.get('leftOperand'),
    `${path}.leftOperand`,
    OPERANDS,
    'POLICY_OPERAND_UNKNOWN',
  );
  const operator = wordOf(fields.get('operator'), `${path}.operator`, OPERATORS, 'POLICY_OPERATOR_UNKNOWN');
  if (!OPERATORS_OF[operand].includes(operator)) {
    refuse(
      'POLICY_OPERATOR_UNFIT',
      path,
      `one of ${OPERATORS_OF[operand].join(', ')} for ${operand}`,
      operator,
    );
  }
  if (fields.has('unit'))
    refuse('POLICY_UNIT_UNKNOWN', `${path}.unit`, 'units inside the value', fields.get('unit'));
  if (fields.has('dataType')) requireDatatype(fields.get('dataType'), operand, path);
  const right = listOf(fields.get('rightOperand'), `${path}.rightOperand`).map((each) =>
    scalarOf(each, operand, `${path}.rightOperand`),
  );
  return LIST_OPERATORS.has(operator)
    ? { operand, operator, value: namesOf(right, path) }
    : { operand, operator, value: single(right, path) };
}

function single(values: readonly (string | number)[], path: string): string | number {
  const [one] = values;
  if (one === undefined || values.length !== 1)
    refuse('POLICY_VALUE_INVALID', `${path}.rightOperand`, 'one value', values.length);
  return one;
}

function namesOf(values: readonly (string | number)[], path: string): string[] {
  if (values.length === 0) refuse('POLICY_VALUE_INVALID', `${path}.rightOperand`, 'a value', values.length);
  return canonicalOrder([...new Set(values.map(String))]);
}

function scalarOf(given: unknown, operand: Operand, path: string): string | number {
  const { value, type } = typedValue(given, path);
  if (type !== undefined) requireDatatype(type, operand, path);
  return READ[operand](value, path);
}

function requireDatatype(value: unknown, operand: Operand, path: string): void {
  const [given] = listOf(value, path, 1);
  const name = typeof given === 'string' ? given.replace('xsd:', XSD) : '';
  if (!DATATYPES[operand].some((type) => name === XSD + type)) {
    refuse('POLICY_DATATYPE_UNKNOWN', path, `xsd:${DATATYPES[operand].join(' or xsd:')}`, given);
  }
}

/** An operand's values in their one text form. */
const READ: Readonly<Record<Operand, (value: unknown, path: string) => string | number>> = {
  dateTime: readInstant,
  elapsedTime: (value, path) => readDuration(value, path, 'a duration of ISO 8601'),
  purpose: readName,
  count: readCount,
  recipient: readName,
  spatial: readName,
  resolution(value, path) {
    const text = readDuration(value, path, 'a resolution longer than nothing');
    return text === 'PT0S'
      ? refuse('POLICY_VALUE_INVALID', path, 'a resolution longer than nothing', value)
      : text;
  },
};

/** A date alone is refused: it does not say in which zone it ends. */
function readInstant(value: unknown, path: string): string {
  if (typeof value !== 'string') refuse('POLICY_VALUE_INVALID', path, 'an instant', value);
  try {
    // Read back: an offset may lead past the year 9999, which has no such text.
    return isoInstant(parseInstant(isoInstant(parseInstant(value))));
  } catch {
    return refuse('POLICY_VALUE_INVALID', path, 'ISO 8601 with an offset', value);
  }
}

function readDuration(value: unknown, path: string, expected: string): string {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  return duration === null ? refuse('POLICY_VALUE_INVALID', path, expected, value) : durationText(duration);
}

function readCount(value: unknown, path: string): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
    refuse('POLICY_VALUE_INVALID', path, 'a whole number from 0', value);
  return count;
}

function readName(value: unknown, path: string): string {
  return typeof value === 'string' && isName(value)
    ? value
    : refuse('POLICY_VALUE_INVALID', path, 'a name', value);
}
