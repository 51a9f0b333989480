import { describe, expect, it } from '@jest/globals';
import { isPriceInPolicy, parsePolicy, type PriceModel, takePrice, withPrice } from './index.ts';

const compensate = (amount: string, party: object = {}) => ({
  action: {
    'rdf:value': 'compensate',
    refinement: { leftOperand: 'payAmount', operator: 'eq', rightOperand: amount, unit: 'EUR' },
  },
  ...party,
});
const policyOf = (obligation: object[], duty: object[] = []) =>
  parsePolicy({ permission: [{ action: 'use', duty }], obligation });
const FLAT: PriceModel = { kind: 'flat', currency: 'EUR', amountMinor: 550 };
const FREE: PriceModel = { kind: 'free' };
const PERIODIC: PriceModel = { kind: 'subscription', currency: 'EUR', amountMinor: 550, period: 'P1M' };

describe('a policy that carries its price', () => {
  it('is the policy with an obligation to compensate, and comes apart into the two', () => {
    const attribute = { action: 'attribute' };
    const bare = policyOf([attribute]);
    const priced = withPrice(bare, FLAT);
    expect(priced).toEqual(policyOf([compensate('5.50'), attribute]));
    expect(takePrice(priced)).toEqual({ policy: bare, price: FLAT });
    expect(takePrice(bare)).toEqual({ policy: bare, price: FREE });
    expect(withPrice(bare, FREE)).toBe(bare);
  });

  it('does not carry a price that has no word in ODRL, nor one beside a payment of its own', () => {
    const own = policyOf([compensate('3')]);
    const ofPermission = policyOf([], [compensate('3')]);
    for (const [policy, price] of [[policyOf([]), PERIODIC], [own, FLAT], [ofPermission, FLAT]] as const) {
      expect(isPriceInPolicy(policy, price)).toBe(false);
      expect(withPrice(policy, price)).toBe(policy);
    } // prettier-ignore
    expect(isPriceInPolicy(policyOf([]), FREE)).toBe(true);
  });

  it.each([
    ['two payments', policyOf([compensate('1'), compensate('2')])],
    ['a payment to a third party', policyOf([compensate('1', { compensatedParty: 'urn:third' })])],
    ['a payment that a permission asks', policyOf([compensate('1')], [compensate('2')])],
  ])('is unclear with %s', (_, policy) => {
    expect(() => takePrice(policy)).toThrow(expect.objectContaining({ code: 'POLICY_PRICE_UNCLEAR' }));
  });
});
