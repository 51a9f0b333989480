import { describe, expect, it } from '@jest/globals';
import { sharingFaults } from './shares.ts';

const share = (participantId: string, shareMinor: number) => ({ participantId, shareMinor, standardErrorMinor: 0 }); // prettier-ignore
const seen = (...shares: ReturnType<typeof share>[]) => ({
  shares: new Map(shares.map((each) => [each.participantId, each])),
});

const ALL = { surplusMinor: 10, aggregatorMinor: 3, refusal: null, ...seen(share('a', 4), share('b', 3)) };
const MEMBERS = ['a', 'b', 'c'].map((id) => ({ name: `firm ${id}`, participantId: id }));
const OWN = [seen(share('a', 4)), seen(share('b', 3)), seen()];

describe('shares of the demo', () => {
  it('hold where they sum to the surplus and each member sees its own', () => {
    expect(sharingFaults('NASH', ALL, MEMBERS, OWN)).toEqual([]);
  });

  it('do not where a unit is missing, a member sees another’s, a wrong one, or none of its own', () => {
    expect(sharingFaults('NASH', { ...ALL, surplusMinor: 11 }, MEMBERS, OWN)).toHaveLength(1);
    const told = [seen(share('a', 4), share('b', 3)), seen(share('b', 2)), seen(share('a', 4))];
    expect(sharingFaults('NASH', ALL, MEMBERS, told)).toHaveLength(3);
    expect(sharingFaults('NASH', ALL, MEMBERS, [seen(), ...OWN.slice(1)])).toEqual([
      'firm a sees other NASH shares than its own',
    ]);
  });
});
