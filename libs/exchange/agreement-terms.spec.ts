import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  evaluate,
  fulfilledDuties,
  parsePolicy,
  type PriceModel,
  requirePaidBy,
  rulesHash,
} from './index.ts';

const permission = (fields: object = {}): object => ({ action: 'use', ...fields });
const compensate = ({
  amount,
  unit = 'EUR',
  party,
}: {
  amount: string;
  unit?: string;
  party?: string | undefined;
}) => ({
  action: [
    {
      'rdf:value': { '@id': 'odrl:compensate' },
      refinement: [{ leftOperand: 'payAmount', operator: 'eq', rightOperand: amount, unit }],
    },
  ],
  ...(party === undefined ? {} : { compensatedParty: party }),
});
const flat = (amountMinor: number, currency = 'EUR'): PriceModel => ({ kind: 'flat', amountMinor, currency });
const outcome = (work: () => void): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const CEILING = [{ leftOperand: 'count', operator: 'lteq', rightOperand: 3 }];
const hashOf = (odrl: object): Promise<string> => rulesHash(parsePolicy(odrl));

describe('terms of an agreement', () => {
  it('are the same under another name, from another assigner, about another asset, and rule by rule', async () => {
    const terms = await hashOf({
      '@type': 'Offer',
      '@id': 'urn:offer:1',
      assigner: 'urn:firm:1',
      permission: [permission({ action: ['derive', 'use'], target: 'urn:set:1', constraint: CEILING })],
    });
    const apart = ['use', 'derive'].map((action) => permission({ action, constraint: CEILING }));
    expect(await hashOf({ permission: apart })).toBe(terms);
  });

  it('are others where a rule, a constraint, an assignee or the conflict strategy is another', async () => {
    const variants: object[] = [
      {},
      { permission: [permission({ constraint: CEILING })] },
      { permission: [permission({ assignee: 'urn:firm:2' })] },
      { permission: [permission({ action: 'derive' })] },
      { conflict: 'prohibit' },
      { prohibition: [{ action: 'distribute' }] },
      { obligation: [{ action: 'attribute' }] },
    ];
    const hashes = await Promise.all(variants.map((each) => hashOf({ permission: [permission()], ...each })));
    expect(new Set(hashes).size).toBe(variants.length);
  });

  it('are paid when the order is, and attributed by agreeing', () => {
    const policy = parsePolicy({
      permission: [permission({ duty: [compensate({ amount: '5.00' })] })],
      obligation: [{ action: 'attribute' }],
    });
    const decide = (paid: PriceModel | null) =>
      evaluate(policy, {
        action: 'use',
        at: 0,
        fulfilled: fulfilledDuties(policy, paid === null ? null : { price: paid, seller: ['urn:seller'] }),
      });
    expect(decide(flat(500)).decision).toBe('PERMIT');
    const others = [null, flat(499), flat(500, 'USD'), { kind: 'perReading', amountMinor: 500, readings: 1, currency: 'EUR' }]; // prettier-ignore
    for (const other of [...others, { kind: 'revenueShare', basisPoints: 10_000, currency: 'EUR' }]) {
      const reasons = [{ code: 'COMPENSATION_UNPAID' }];
      expect(decide(other as PriceModel | null)).toMatchObject({ decision: 'DENY', reasons });
    }
  });

  it('are paid by a price just where it is all that is asked of a permission, whoever of the seller’s names it goes to', () => {
    const duty = fc.record({
      amount: fc.constantFrom('0.50', '1.00', '2.00'),
      unit: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
      party: fc.constantFrom(undefined, undefined, 'urn:seller', 'urn:seller:2', 'urn:third'),
    });
    const duties = fc.array(duty, { maxLength: 2 });
    fc.assert(
      fc.property(
        duties,
        duties,
        duties,
        fc.constantFrom(100, 200, 300),
        (first, second, all, amountMinor) => {
          const policy = parsePolicy({
            permission: [
              permission({ duty: first.map(compensate) }),
              permission({ action: 'derive', duty: second.map(compensate) }),
            ],
            obligation: all.map(compensate),
          });
          const price: PriceModel = { kind: 'flat', amountMinor, currency: 'EUR' };
          const seller = ['urn:seller', 'urn:seller:2'];
          const isCovered = [first, second].every((asked) => {
            const due = [...asked, ...all];
            const isToSeller = due.every(({ unit, party }) => unit === 'EUR' && party !== 'urn:third');
            return (
              isToSeller && due.reduce((sum, { amount }) => sum + 100 * Number(amount), 0) <= amountMinor
            );
          });
          const refused = (of: PriceModel) => outcome(() => requirePaidBy(policy, of, seller));
          expect(refused(price)).toBe(isCovered ? undefined : 'POLICY_PRICE_SHORT');
          const decide = (paid: PriceModel) =>
            evaluate(policy, {
              action: 'use',
              at: 0,
              fulfilled: fulfilledDuties(policy, { price: paid, seller }),
            }).decision;
          const isUseFree = [...first, ...all].length === 0;
          expect(decide(price)).toBe(isCovered || isUseFree ? 'PERMIT' : 'DENY');
          // Without a price the policy stands, and nothing is read that it asks a payment for.
          expect(refused({ kind: 'free' })).toBeUndefined();
          expect(decide({ kind: 'free' })).toBe(isUseFree ? 'PERMIT' : 'DENY');
        },
      ),
    );
  });
});
