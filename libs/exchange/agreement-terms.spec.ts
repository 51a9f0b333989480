import { describe, expect, it } from '@jest/globals';
import { evaluate, fulfilledDuties, parsePolicy, rulesHash } from './index.ts';

const permission = (fields: object = {}): object => ({ action: 'use', ...fields });
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
    const amount = { leftOperand: 'payAmount', operator: 'eq', rightOperand: '5.00', unit: 'EUR' };
    const compensate = { action: [{ 'rdf:value': { '@id': 'odrl:compensate' }, refinement: [amount] }] };
    const policy = parsePolicy({
      permission: [permission({ duty: [compensate] })],
      obligation: [{ action: 'attribute' }],
    });
    const decide = (paid: boolean) =>
      evaluate(policy, { action: 'use', at: 0, fulfilled: fulfilledDuties(policy, paid) });
    expect(decide(true).decision).toBe('PERMIT');
    expect(decide(false)).toMatchObject({ decision: 'DENY', reasons: [{ code: 'COMPENSATION_UNPAID' }] });
  });
});
