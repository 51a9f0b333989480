import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#core';
import { evaluateOdrl, labelsOf, parsePolicy, policyHash, toOdrl } from './index.ts';

const limit = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});
const use = (...constraint: readonly object[]) => ({ action: 'use', constraint });

function refusal(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
}

const nested = (depth: number): object =>
  depth === 0 ? limit('count', 'lt', 5) : { and: [nested(depth - 1)] };

/** The same terms with every term prefixed, single values for lists and another order. */
const COMPACT = {
  '@context': 'http://www.w3.org/ns/odrl.jsonld',
  '@type': 'Agreement',
  '@id': 'urn:policy:1',
  permission: [
    {
      target: ['urn:set:1'],
      assigner: 'north',
      assignee: 'south',
      action: ['use', 'aggregate'],
      constraint: [limit('dateTime', 'lt', '2027-01-01T00:00:00Z'), limit('purpose', 'isAnyOf', ['a', 'b'])],
      duty: [
        { action: 'attribute' },
        { action: 'delete', constraint: [limit('elapsedTime', 'lteq', 'P30D')] },
      ],
    },
  ],
  prohibition: [{ target: 'urn:set:1', assigner: 'north', assignee: 'south', action: 'distribute' }],
};
const PREFIXED = {
  '@context': [{ odrl: 'http://www.w3.org/ns/odrl/2/' }, 'http://www.w3.org/ns/odrl.jsonld'],
  type: 'http://www.w3.org/ns/odrl/2/Agreement',
  uid: 'urn:policy:1',
  'odrl:assigner': { '@id': 'north' },
  'odrl:assignee': ['south'],
  'odrl:target': 'urn:set:1',
  'odrl:prohibition': { 'odrl:action': { '@id': 'odrl:distribute' } },
  'odrl:permission': {
    'odrl:duty': [
      {
        'odrl:action': 'odrl:delete',
        'odrl:constraint': {
          'odrl:leftOperand': { '@id': 'odrl:elapsedTime' },
          'odrl:operator': { '@id': 'odrl:lteq' },
          'odrl:rightOperand': { '@value': 'PT720H', '@type': 'xsd:duration' },
        },
      },
      { 'odrl:action': 'attribute' },
    ],
    'odrl:constraint': [
      limit('odrl:purpose', 'odrl:isAnyOf', ['b', 'a', 'a']),
      limit('odrl:dateTime', 'odrl:lt', { '@value': '2027-01-01T01:00:00+01:00', '@type': 'xsd:dateTime' }),
    ],
    'odrl:action': ['odrl:aggregate', 'odrl:use'],
  },
};

describe('a policy', () => {
  it('is the same, with the same hash, in every spelling and order', async () => {
    expect(parsePolicy(PREFIXED)).toEqual(parsePolicy(COMPACT));
    expect(await policyHash(parsePolicy(PREFIXED))).toBe(await policyHash(parsePolicy(COMPACT)));
  });

  it('has another hash for another term', async () => {
    const other = { ...COMPACT, conflict: 'prohibit' };
    expect(await policyHash(parsePolicy(other))).not.toBe(await policyHash(parsePolicy(COMPACT)));
  });

  it('comes back from its own ODRL', () => {
    expect(parsePolicy(toOdrl(parsePolicy(COMPACT)))).toEqual(parsePolicy(COMPACT));
  });

  it('cannot be changed once parsed', () => {
    expect(() => Object.assign(parsePolicy(COMPACT).permissions[0]!, { constraints: [] })).toThrow(TypeError);
  });
});

const duty = (value: unknown) => ({ permission: { action: 'use', duty: value } });

describe('what is not in the vocabulary is refused, and denied', () => {
  const pay = (right: unknown, unit: unknown = 'EUR') => ({
    action: [{ 'rdf:value': 'compensate', refinement: { ...limit('payAmount', 'eq', right), unit } }],
  });
  it.each<[string, string, unknown]>([
    ['POLICY_MALFORMED', 'no object', 'use'],
    ['POLICY_MALFORMED', 'a list', []],
    ['POLICY_EMPTY', 'no rule', {}],
    ['POLICY_EMPTY', 'obligations alone', { obligation: { action: 'attribute' } }],
    ['POLICY_KEY_UNKNOWN', 'key', { permission: use(), comment: 'x' }],
    [
      'POLICY_KEY_UNKNOWN',
      'prototype key',
      JSON.parse('{"permission":{"action":"use","__proto__":{"assignee":"x"}}}'),
    ],
    ['POLICY_KEY_UNKNOWN', 'constructor key', { permission: { action: 'use', constructor: {} } }],
    ['POLICY_KEY_REPEATED', 'two spellings', { permission: use(), 'odrl:permission': use() }],
    ['POLICY_CONTEXT_UNKNOWN', 'context', { '@context': 'https://example.org/c.jsonld', permission: use() }],
    ['POLICY_CONTEXT_UNKNOWN', 'prefix', { '@context': { odrl: 'https://example.org/' }, permission: use() }],
    ['POLICY_CONTEXT_UNKNOWN', 'renamed word', { '@context': { use: 'odrl:distribute' }, permission: use() }],
    ['POLICY_PROFILE_UNKNOWN', 'profile', { profile: 'https://example.org/p', permission: use() }],
    ['POLICY_TYPE_UNKNOWN', 'type', { '@type': 'Ticket', permission: use() }],
    ['POLICY_CONFLICT_UNKNOWN', 'strategy', { conflict: 'permit', permission: use() }],
    ['POLICY_PARTY_MISSING', 'offer of nobody', { '@type': 'Offer', permission: use() }],
    [
      'POLICY_PARTY_MISSING',
      'agreement with nobody',
      { '@type': 'Agreement', assigner: 'a', permission: use() },
    ],
    [
      'POLICY_PARTY_UNCLEAR',
      'two assignees',
      { assignee: 'a', permission: { action: 'use', assignee: 'b' } },
    ],
    ['POLICY_ACTION_UNKNOWN', 'action', { permission: { action: 'sell' } }],
    ['POLICY_ACTION_UNKNOWN', 'no action', { permission: {} }],
    ['POLICY_OPERAND_UNKNOWN', 'operand', { permission: use(limit('weather', 'eq', 'good')) }],
    ['POLICY_OPERATOR_UNKNOWN', 'operator', { permission: use(limit('purpose', 'like', 'a')) }],
    ['POLICY_OPERATOR_UNFIT', 'order of names', { permission: use(limit('purpose', 'lt', 'a')) }],
    [
      'POLICY_OPERATOR_UNFIT',
      'equality of instants',
      { permission: use(limit('dateTime', 'eq', '2027-01-01T00:00:00Z')) },
    ],
    ['POLICY_VALUE_INVALID', 'a date', { permission: use(limit('dateTime', 'lt', '2027-01-01')) }],
    ['POLICY_VALUE_INVALID', 'no value', { permission: use({ leftOperand: 'purpose', operator: 'eq' }) }],
    ['POLICY_VALUE_INVALID', 'two values', { permission: use(limit('purpose', 'eq', ['a', 'b'])) }],
    ['POLICY_VALUE_INVALID', 'days as a number', { permission: use(limit('elapsedTime', 'lt', 30)) }],
    ['POLICY_VALUE_INVALID', 'negative duration', { permission: use(limit('elapsedTime', 'lt', '-P1D')) }],
    ['POLICY_VALUE_INVALID', 'fraction', { permission: use(limit('count', 'lt', 1.5)) }],
    [
      'POLICY_VALUE_INVALID',
      'name with a look-alike',
      { permission: use(limit('purpose', 'eq', 'reseаrch')) },
    ],
    [
      'POLICY_DATATYPE_UNKNOWN',
      'datatype',
      { permission: use(limit('count', 'lt', { '@value': 5, '@type': 'xsd:float' })) },
    ],
    [
      'POLICY_UNIT_UNKNOWN',
      'unit',
      { permission: use({ ...limit('elapsedTime', 'lt', 'P1D'), unit: 'day' }) },
    ],
    ['POLICY_UNSUPPORTED', 'andSequence', { permission: use({ andSequence: [limit('count', 'lt', 5)] }) }],
    ['POLICY_UNSUPPORTED', 'remedy', { prohibition: { action: 'use', remedy: { action: 'attribute' } } }],
    ['POLICY_UNSUPPORTED', 'inheritance', { inheritFrom: 'urn:p', permission: use() }],
    [
      'POLICY_UNSUPPORTED',
      'value by reference',
      { permission: use({ ...limit('count', 'lt', 5), rightOperandReference: 'urn:x' }) },
    ],
    [
      'POLICY_UNSUPPORTED',
      'consequence',
      duty({ action: 'attribute', consequence: { action: 'attribute' } }),
    ],
    [
      'POLICY_UNSUPPORTED',
      'action twice',
      { action: 'distribute', permission: use(), prohibition: { action: 'aggregate' } },
    ],
    ['POLICY_ACTION_UNKNOWN', 'null for an action', { permission: { action: null } }],
    [
      'POLICY_VALUE_INVALID',
      'past the last year',
      { permission: use(limit('dateTime', 'lt', '9999-12-31T23:59:00-12:00')) },
    ],
    ['POLICY_VALUE_INVALID', 'escaped name', { permission: use(limit('purpose', 'neq', 'advertis%69ng')) }],
    ['POLICY_MALFORMED', 'null for constraints', { permission: { action: 'use', constraint: null } }],
    ['POLICY_MALFORMED', 'null for duties', { permission: { action: 'use', duty: null } }],
    ['POLICY_MALFORMED', 'constraint by name', { permission: { action: 'use', constraint: 'urn:c' } }],
    ['POLICY_MALFORMED', 'empty or', { permission: use({ or: [] }) }],
    [
      'POLICY_KEY_UNKNOWN',
      'or beside an atom',
      { permission: use({ or: [limit('count', 'lt', 5)], leftOperand: 'count' }) },
    ],
    ['POLICY_DUTY_UNKNOWN', 'duty', duty({ action: 'inform' })],
    ['POLICY_DUTY_INCOMPLETE', 'compensate nothing', duty({ action: 'compensate' })],
    ['POLICY_DUTY_INCOMPLETE', 'delete some time', duty({ action: 'delete' })],
    [
      'POLICY_DUTY_INCOMPLETE',
      'delete not before',
      duty({ action: 'delete', constraint: limit('elapsedTime', 'gt', 'P1D') }),
    ],
    ['CURRENCY_UNKNOWN', 'currency', duty(pay('5', 'XBT'))],
    ['CURRENCY_UNKNOWN', 'currency by address', duty(pay('5', 'http://dbpedia.org/resource/Euro'))],
    ['CURRENCY_UNKNOWN', 'no currency', duty(pay('5', null))],
    ['AMOUNT_INVALID', 'half a yen', duty(pay('5.5', 'JPY'))],
    ['AMOUNT_INVALID', 'nothing', duty(pay('0.00'))],
    ['AMOUNT_INVALID', 'negative', duty(pay(-5))],
    ['POLICY_TOO_LARGE', 'rules', { permission: Array.from({ length: 101 }, () => use()) }],
    ['POLICY_TOO_LARGE', 'a megabyte', { permission: use(limit('purpose', 'eq', 'x'.repeat(1_000_001))) }],
    ['POLICY_TOO_DEEP', 'nesting', { permission: use(nested(100_000 / 2000)) }],
  ])('%s: %s', (code, _name, policy) => {
    expect(refusal(() => parsePolicy(policy))).toBe(code);
    const decision = evaluateOdrl(policy, { action: 'use', at: 0 });
    expect(decision).toMatchObject({ decision: 'DENY', reasons: [{ code }] });
  });

  it('a document nested deeper than the stack is refused, not a crash', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(refusal(() => parsePolicy({ permission: deep }))).toBe('POLICY_TOO_DEEP');
  });
});

it('each term is labelled with who enforces it, in words for the buyer', () => {
  const labels = labelsOf(parsePolicy(COMPACT)).map(({ term, label, text }) => `${term} ${label} ${text}`);
  expect(labels).toEqual([
    'permission[0].action[0] CONTRACTUAL You may make aggregates of the data (urn:set:1), if you are south.',
    'permission[0].action[1] TECHNICAL You may read and use the data (urn:set:1), if you are south.',
    'permission[0].constraint[0] TECHNICAL This applies only while the time is before 2027-01-01T00:00:00Z.',
    'permission[0].constraint[1] CONTRACTUAL This applies only while your purpose is one of a, b.',
    'permission[0].duty[0] CONTRACTUAL You name the provider wherever you show results.',
    'permission[0].duty[1] TECHNICAL You can read only while the time since the agreement is at most P30D.',
    'permission[0].duty[1] CONTRACTUAL You delete what you have read while the time since the agreement is at most P30D; it cannot be taken back from you.',
    'prohibition[0].action[0] CONTRACTUAL You may not pass the data on to others (urn:set:1), if you are south.',
  ]);
});
