import { describe, expect, it } from '@jest/globals';
import { MECHANISMS, clearsSessions, sessionMechanism, sessionNeeds } from './index.ts';

describe('what a trading session needs', () => {
  it.each([
    ['uniform-price', []],
    ['pay-as-limit', []],
    ['vcg', ['deficitCap']],
    ['muda-vickrey', ['lots']],
    ['muda-lottery', ['lots']],
    ['trade-reduction', ['oneOrder']],
    ['mcafee', ['oneOrder', 'unit']],
    ['sbb-trade-reduction', ['lots', 'oneOrder', 'unit']],
    // By preferences nothing is drawn.
    ['p2p-bilateral', []],
    ['block-orders', []],
  ])('before %s may clear it: %j', (name, needs) => {
    expect(sessionNeeds(sessionMechanism(name))).toEqual(needs);
  });

  it('is met by no session for a mechanism that refuses a book for its size', () => {
    expect(MECHANISMS.filter((each) => !clearsSessions(each)).map(({ name }) => name)).toEqual([
      'demand-curves',
    ]);
  });
});
