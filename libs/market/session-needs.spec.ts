import { describe, expect, it } from '@jest/globals';
import { MECHANISMS, clearsSessions, sessionNeeds } from './index.ts';

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
  ])('before %s may clear it: %j', (name, needs) => {
    expect(sessionNeeds(MECHANISMS.find((each) => each.name === name)!)).toEqual(needs);
  });

  it('is met by no session for a mechanism that refuses a book for its size', () => {
    expect(MECHANISMS.filter((each) => !clearsSessions(each)).map(({ name }) => name)).toEqual([
      'p2p-bilateral',
      'demand-curves',
    ]);
  });
});
