import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fieldOf,
  limitsOf,
  minorUnits,
  otherTerms,
  priceFields,
  priceOf,
  termsFields,
  withLimits,
} from './terms.ts';

const count = (most: number | string) => ({ leftOperand: 'count', operator: 'lteq', rightOperand: most });
const purpose = (...words: string[]) => ({
  leftOperand: 'purpose',
  operator: 'isAnyOf',
  rightOperand: words,
});
const until = { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-01-01T00:00:00Z' };
const policyOf = (...constraint: object[]) => ({
  '@type': 'Set',
  permission: [{ action: ['use'], constraint }],
});
const standing = {
  price: { kind: 'flat', currency: 'EUR', amountMinor: 1_250 },
  policy: policyOf(until, count(10)),
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: null,
};

describe('an amount of a form', () => {
  it.each([
    ['12.50', 'EUR', 1_250],
    ['12', 'EUR', 1_200],
    ['12.5', 'JPY', null],
    ['1250', 'JPY', 1_250],
    ['0.001', 'KWD', 1],
    ['12.505', 'EUR', null],
    ['-1', 'EUR', null],
    ['1e3', 'EUR', null],
    ['', 'EUR', null],
  ])('reads %s %s as %s minor units', (amount, currency, minor) => {
    expect(minorUnits(amount, currency)).toBe(minor);
  });

  it('is written and read as the same, to the unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (amountMinor, currency) => {
          const price = { kind: 'flat', currency, amountMinor };
          expect(priceOf(priceFields(price))).toEqual(price);
        },
      ),
    );
  });
});

describe('a price of a form', () => {
  it.each([
    { kind: 'free' },
    { kind: 'perReading', currency: 'EUR', amountMinor: 5, readings: 1_000 },
    { kind: 'subscription', currency: 'EUR', amountMinor: 900, period: 'P1Y' },
    { kind: 'revenueShare', currency: 'EUR', basisPoints: 250 },
  ])('has what $kind has and nothing else', (price) => {
    expect(priceOf(priceFields(price))).toEqual(price);
  });
});

describe('other terms', () => {
  it('are nothing where nothing was changed', () => {
    expect(otherTerms(termsFields(standing), standing)).toEqual({});
    expect(otherTerms(termsFields({ ...standing, price: null }), { ...standing, price: null })).toEqual({});
  });

  it('say what was changed and keep what a form does not know', () => {
    const fields = { ...termsFields(standing), amount: '9.99', count: '20', validUntil: '2026-12-31T23:00' };
    expect(otherTerms(fields, standing)).toEqual({
      price: { kind: 'flat', currency: 'EUR', amountMinor: 999 },
      policy: policyOf(until, count(20)),
      validUntil: '2026-12-31T23:00:00Z',
    });
  });

  it('are a whole policy where limits do not say it', () => {
    const either = { or: [count(1), purpose('research')] };
    const odd = { ...standing, policy: policyOf(either) };
    const fields = termsFields(odd);
    expect(JSON.parse(fields.policy)).toEqual(odd.policy);
    expect(otherTerms(fields, odd)).toEqual({});
    expect(otherTerms({ ...fields, policy: '{}' }, odd)).toEqual({ policy: {} });
    expect(() => otherTerms({ ...fields, policy: '{' }, odd)).toThrow(SyntaxError);
  });
});

describe('limits of a policy', () => {
  it('are read and written in every permission', () => {
    const policy = policyOf(until, count(10), purpose('research', 'planning'));
    expect(limitsOf(policy)).toEqual({ count: '10', purposes: 'research, planning' });
    expect(withLimits(policy, { count: '', purposes: '' })).toEqual(policyOf(until));
    expect(withLimits({ permission: [{ action: ['use'] }] }, { count: '3', purposes: 'a' })).toEqual({
      permission: [{ action: ['use'], constraint: [count(3), purpose('a')] }],
    });
  });

  it.each([
    ['two of a kind', policyOf(count(1), count(2))],
    ['another comparison', policyOf({ ...count(1), operator: 'lt' })],
    ['different permissions', { permission: [...policyOf(count(1)).permission, { action: ['train'] }] }],
    ['no permission', { prohibition: [] }],
  ])('are not told of %s', (_, policy) => {
    expect(limitsOf(policy)).toBeNull();
  });
});

describe('a refusal of terms', () => {
  const policy = policyOf(until, count('many'), purpose('a'));
  it.each([
    ['PRICE_AMOUNT', 'expected a whole number', 'amount'],
    ['VALIDITY_RANGE', 'expected an end after the beginning', 'validUntil'],
    ['POLICY_VALUE_INVALID', 'expected a number in policy.permission[0].constraint[1].rightOperand', 'count'],
    [
      'POLICY_VALUE_INVALID',
      'expected a name in policy.permission[0].constraint[2].rightOperand',
      'purposes',
    ],
    ['POLICY_UNSATISFIABLE', 'expected terms that can hold', 'policy'],
    ['TRANSITION_REFUSED', 'expected another state', null],
  ])('%s is said beside its field', (code, message, field) => {
    expect(fieldOf({ code, message }, { policy })).toBe(field);
  });
});
