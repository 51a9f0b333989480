import { describe, expect, it } from '@jest/globals';
import { type Decision, evaluate, evaluateOdrl, parsePolicy, type PolicyRequest } from './index.ts';

const AT = '2026-06-01T12:00:00Z';
const AT_MS = Date.parse(AT);
const ask = (more: Partial<PolicyRequest> = {}): PolicyRequest => ({ action: 'use', at: AT, ...more });
const limit = (leftOperand: string, operator: string, rightOperand: unknown) => ({
  leftOperand,
  operator,
  rightOperand,
});
const use = (...constraint: readonly object[]) => ({ action: 'use', constraint });
const decide = (policy: object, request = ask()): Decision['decision'] =>
  evaluate(parsePolicy(policy), request).decision;
const codes = (policy: unknown, request = ask()): string[] =>
  evaluateOdrl(policy, request).reasons.map(({ code }) => code);

const agreedThen = (ms: number) => ask({ at: ms, agreedAt: '2026-05-02T12:00:00Z' });
const forPurpose = (operator: string, value: unknown, asked: string): string =>
  decide({ permission: use(limit('purpose', operator, value)) }, ask({ purpose: asked }));
const least = (bound: string, resolution: string) =>
  codes({ permission: use(limit('resolution', 'gteq', bound)) }, ask({ resolution }))[0];
const pay = (amount: string, unit = 'EUR', party = {}) => ({
  action: {
    'rdf:value': { '@id': 'odrl:compensate' },
    refinement: [{ ...limit('payAmount', 'eq', amount), unit }],
  },
  ...party,
});
const paid = (amount: string, currency = 'EUR', party?: string) =>
  ask({ fulfilled: [{ action: 'compensate', amount, currency, party }] });
const purposes = (logic: string, ...values: string[]) => ({
  permission: use({ [logic]: values.map((value) => limit('purpose', 'eq', value)) }),
});
describe('actions', () => {
  it('that include another permit it and forbid it, never the other way round', () => {
    expect(decide({ permission: use() }, ask({ action: 'train' }))).toBe('PERMIT');
    expect(codes({ permission: { action: 'train' } }, ask({ action: 'use' }))).toEqual(['NOT_PERMITTED']);
    expect(codes({ permission: { action: 'derive' } }, ask({ action: 'train' }))).toEqual(['NOT_PERMITTED']);
    const reserved = { permission: { action: 'train' }, prohibition: { action: 'use' } };
    expect(decide(reserved, ask({ action: 'train' }))).toBe('DENY');
  });

  it('forbidden beside a broader permission leave the broader one', () => {
    const kept = { permission: use(), prohibition: { action: 'distribute' } };
    expect(decide(kept)).toBe('PERMIT');
    expect(codes(kept, ask({ action: 'distribute' }))).toEqual(['POLICY_CONFLICT', 'PROHIBITED']);
  });
});

describe('a conflict', () => {
  it.each([
    ['invalid', 'DENY', 'POLICY_CONFLICT'],
    ['prohibit', 'DENY', 'PROHIBITED'],
    ['perm', 'PERMIT', 'PERMITTED'],
  ])('under %s ends in %s', (conflict, decision, code) => {
    const result = evaluateOdrl({ conflict, permission: use(), prohibition: use() }, ask());
    expect([result.decision, result.reasons[0]?.code]).toEqual([decision, code]);
  });
});

const around = (constraint: object): string =>
  [-1, 0, 1].map((by) => decide({ permission: use(constraint) }, agreedThen(AT_MS + by))[0]).join('');

describe('time is exact to the millisecond', () => {
  it.each([
    ['lt', 'PDD'],
    ['lteq', 'PPD'],
    ['gt', 'DDP'],
    ['gteq', 'DPP'],
  ])('%s at t − 1 ms, t and t + 1 ms: %s', (operator, expected) => {
    expect(around(limit('dateTime', operator, AT))).toBe(expected);
    expect(around(limit('elapsedTime', operator, 'P30D'))).toBe(expected);
  });

  it('counts months by the calendar, to the last day of a shorter one', () => {
    const month = { permission: use(limit('elapsedTime', 'lt', 'P1M')) };
    const agreedAt = '2026-01-31T10:00:00Z';
    expect(decide(month, ask({ agreedAt, at: '2026-02-28T09:59:59.999Z' }))).toBe('PERMIT');
    expect(decide(month, ask({ agreedAt, at: '2026-02-28T10:00:00Z' }))).toBe('DENY');
  });

  it('before the agreement nothing is permitted', () => {
    const early = ask({ agreedAt: AT_MS + 1 });
    expect(codes({ permission: use() }, early)).toEqual(['REQUEST_BEFORE_AGREEMENT']);
    expect(codes({ permission: use(limit('elapsedTime', 'lt', 'P30D')) }, early)).toEqual([
      'REQUEST_BEFORE_AGREEMENT',
    ]);
  });

  it('a deadline of deletion ends reading, whatever is said to be fulfilled', () => {
    const duty = { action: 'delete', constraint: limit('dateTime', 'lt', AT) };
    expect(decide({ permission: { action: 'use', duty } }, agreedThen(AT_MS - 1))).toBe('PERMIT');
    expect(codes({ permission: { action: 'use', duty } }, agreedThen(AT_MS))).toEqual(['DUTY_OVERDUE']);
    expect(codes({ permission: use(), obligation: duty }, agreedThen(AT_MS))).toEqual(['OBLIGATION_OVERDUE']);
  });
});

describe('a fact that the request does not tell', () => {
  it.each([
    ['elapsedTime', 'gteq', 'PT0S'],
    ['purpose', 'neq', 'advertising'],
    ['count', 'gteq', 0],
    ['recipient', 'isNoneOf', ['rival']],
    ['spatial', 'neq', 'DE'],
    ['resolution', 'gteq', 'PT1S'],
  ])('%s: neither meets a permission nor clears a prohibition', (operand, operator, value) => {
    const unknown = limit(operand, operator, value);
    expect(codes({ permission: use(unknown) })).toEqual(['CONSTRAINT_UNDECIDED']);
    expect(codes({ conflict: 'prohibit', permission: use(), prohibition: use(unknown) })).toEqual([
      'PROHIBITION_UNDECIDED',
    ]);
  });

  it('assignee or one of several targets: is not guessed', () => {
    expect(codes({ permission: { action: 'use', assignee: 'north' } })).toEqual(['SCOPE_UNKNOWN']);
    expect(codes({ permission: { action: 'use', target: ['a', 'b'] } })).toEqual(['SCOPE_UNKNOWN']);
    expect(decide({ permission: { action: 'use', target: 'a' } })).toBe('PERMIT');
    expect(codes({ permission: { action: 'use', target: 'a' } }, ask({ target: 'b' }))).toEqual([
      'NOT_PERMITTED',
    ]);
  });
});

describe('names', () => {
  it('that are nearly the same are neither equal nor different', () => {
    for (const near of ['Advertising', 'advertising/online', 'ADVERTISING']) {
      expect(forPurpose('eq', 'advertising', near)).toBe('DENY');
      expect(forPurpose('neq', 'advertising', near)).toBe('DENY');
      expect(forPurpose('isNoneOf', ['advertising', 'resale'], near)).toBe('DENY');
    }
    expect(forPurpose('neq', 'advertising', 'research')).toBe('PERMIT');
  });

  it('have kinds by / and parts by -', () => {
    expect(forPurpose('isA', 'research', 'research/load')).toBe('PERMIT');
    expect(forPurpose('isA', 'research', 'researcher')).toBe('DENY');
    expect(forPurpose('isA', 'research/load', 'research')).toBe('DENY');
    const part = { permission: use(limit('spatial', 'isPartOf', 'DE')) };
    expect(['DE', 'DE-BY', 'DEX', 'FR'].map((spatial) => decide(part, ask({ spatial })))).toEqual([
      'PERMIT',
      'PERMIT',
      'DENY',
      'DENY',
    ]);
  });

  it('cannot be all of several', () => {
    expect(forPurpose('isAllOf', ['gold', 'silver'], 'gold')).toBe('DENY');
    expect(forPurpose('isAnyOf', ['gold', 'silver'], 'gold')).toBe('PERMIT');
  });
});

describe('resolution', () => {
  it('compares lengths of time, not spellings, and leaves months against days open', () => {
    expect(least('PT1H', 'PT60M')).toBe('PERMITTED');
    expect(least('PT1H', 'PT15M')).toBe('CONSTRAINT_NOT_MET');
    expect(least('P28D', 'P1M')).toBe('PERMITTED');
    expect(least('P30D', 'P1M')).toBe('CONSTRAINT_UNDECIDED');
  });
});

describe('duties', () => {
  it('of compensation need the whole sum, in its currency, to its party', () => {
    const priced = { permission: { action: 'use', duty: [pay('10'), pay('10.00')] } };
    expect(codes(priced)).toEqual(['COMPENSATION_UNPAID']);
    expect(codes(priced, paid('10.00'))).toEqual(['COMPENSATION_UNPAID']);
    expect(codes(priced, paid('19.99'))).toEqual(['COMPENSATION_UNPAID']);
    expect(codes(priced, paid('20', 'USD'))).toEqual(['COMPENSATION_UNPAID']);
    expect(codes(priced, paid('20', 'EUR', 'someone'))).toEqual(['COMPENSATION_UNPAID']);
    expect(codes(priced, paid('20'))).toEqual(['PERMITTED']);
  });

  it('of permission and policy are both owed by one payment', () => {
    const both = { permission: { action: 'use', duty: pay('10') }, obligation: pay('5') };
    expect(decide(both, paid('10'))).toBe('DENY');
    expect(decide(both, paid('15'))).toBe('PERMIT');
  });

  it('of attribution need it promised to the same party', () => {
    const named = { permission: { action: 'use', duty: { action: 'attribute', attributedParty: 'north' } } };
    expect(codes(named)).toEqual(['DUTY_UNFULFILLED']);
    expect(decide(named, ask({ fulfilled: [{ action: 'attribute' }] }))).toBe('DENY');
    expect(decide(named, ask({ fulfilled: [{ action: 'attribute', party: 'north' }] }))).toBe('PERMIT');
  });
});

describe('logical constraints', () => {
  it('and, or, xone', () => {
    const asked = ask({ purpose: 'a' });
    expect(decide(purposes('or', 'a', 'b'), asked)).toBe('PERMIT');
    expect(decide(purposes('and', 'a', 'b'), asked)).toBe('DENY');
    expect(decide(purposes('xone', 'a', 'b'), asked)).toBe('PERMIT');
    expect(decide(purposes('xone', 'a', 'a'), asked)).toBe('DENY');
  });

  it('with an unknown operand hold only where it cannot matter', () => {
    const either = { permission: use({ or: [limit('count', 'lt', 5), limit('purpose', 'eq', 'a')] }) };
    expect(decide(either, ask({ purpose: 'a' }))).toBe('PERMIT');
    expect(codes(either, ask({ purpose: 'b' }))).toEqual(['CONSTRAINT_UNDECIDED']);
    const one = { permission: use({ xone: [limit('count', 'lt', 5), limit('purpose', 'eq', 'a')] }) };
    expect(codes(one, ask({ purpose: 'a' }))).toEqual(['CONSTRAINT_UNDECIDED']);
  });
});

describe('a request that is not understood', () => {
  it.each([
    ['ACTION_UNKNOWN', { action: 'Use' }],
    ['ACTION_UNKNOWN', { action: 'constructor' }],
    ['INSTANT_MALFORMED', { at: '2026-06-01' }],
    ['REQUEST_INVALID', { at: Number.NaN }],
    ['REQUEST_INVALID', { count: 0 }],
    ['REQUEST_INVALID', { count: 1.5 }],
    ['REQUEST_INVALID', { purpose: ['research', 'resale'] }],
    ['REQUEST_INVALID', { purpose: 'research/../resale' }],
    ['REQUEST_INVALID', { resolution: 'hourly' }],
    ['REQUEST_INVALID', { fulfilled: 'everything' }],
    ['REQUEST_INVALID', { fulfilled: [{ action: 'delete' }] }],
    ['CURRENCY_UNKNOWN', { fulfilled: [{ action: 'compensate', amount: '1', currency: 'XYZ' }] }],
    ['AMOUNT_INVALID', { fulfilled: [{ action: 'compensate', amount: '-1', currency: 'EUR' }] }],
    ['REQUEST_KEY_UNKNOWN', { Purpose: 'research' }],
  ])('is denied with %s for %j', (code, wrong) => {
    const request = { ...ask(), ...wrong } as unknown as PolicyRequest;
    expect(evaluateOdrl({ permission: use() }, request)).toMatchObject({
      decision: 'DENY',
      reasons: [{ code }],
    });
  });
});

it('a policy that was not parsed is denied unless parsing would make it', () => {
  const policy = parsePolicy({ permission: use() });
  expect(evaluate(structuredClone(policy), ask()).decision).toBe('PERMIT');
  const forged = { ...policy, permissions: [{ ...policy.permissions[0]!, actions: ['own'] }] };
  expect(evaluate(forged as never, ask())).toMatchObject({
    decision: 'DENY',
    reasons: [{ code: 'POLICY_ACTION_UNKNOWN' }],
  });
  expect(evaluate({} as never, ask())).toMatchObject({
    decision: 'DENY',
    reasons: [{ code: 'POLICY_MALFORMED' }],
  });
});
