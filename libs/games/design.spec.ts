import { describe, expect, it } from '@jest/globals';
import {
  type CompetingMember,
  compareSchemes,
  competePlatforms,
  type DesignMember,
  gini,
  type Platform,
  type Scheme,
} from './index.ts';

const TERMS = { retail: 0.3, feedIn: 0.1, intensity: [400, 400] };
const SCHEMES: readonly Scheme[] = [
  { id: 'alone', kind: 'alone' },
  { id: 'auction', kind: 'call-auction' },
  { id: 'mmr', kind: 'price-rule', rule: { kind: 'mmr' } },
  { id: 'bills', kind: 'price-rule', rule: { kind: 'bill-sharing' } },
];
/** Sun in the first slot, load in both. */
const MEMBERS: readonly DesignMember[] = [
  { id: 'roof', load: [0, 0], generation: [4, 0] },
  { id: 'home', load: [2, 2], generation: [0, 0] },
  { id: 'flat', load: [1, 1], generation: [0, 0] },
];

const byScheme = (members: readonly DesignMember[]) =>
  new Map(compareSchemes(members, SCHEMES, TERMS).map((outcome) => [outcome.scheme, outcome]));

describe('trading schemes on the same members', () => {
  it('share the same energy and differ in who gains', () => {
    const outcomes = byScheme(MEMBERS);
    expect(outcomes.get('alone')).toMatchObject({
      welfare: 0,
      selfSufficiency: 0,
      peak: 4,
      emissions: 2_400,
      gini: null,
    });
    for (const scheme of ['auction', 'mmr', 'bills']) {
      // 3 of 4 shared: 3·(0.3 − 0.1)
      const { welfare, selfSufficiency, peak, emissions, convergence } = outcomes.get(scheme)!;
      expect([welfare, selfSufficiency, peak, emissions]).toEqual([expect.closeTo(0.6, 12), 0.5, 3, 1_200]);
      expect(convergence.converged).toBe(true);
    }
    const gainsOf = (scheme: string): number[] => outcomes.get(scheme)!.gains.map(({ gain }) => gain);
    expect(gainsOf('mmr')).toEqual([
      expect.closeTo(0.3, 12),
      expect.closeTo(0.2, 12),
      expect.closeTo(0.1, 12),
    ]);
    // At k = 0.5 a surplus has an efficient interval of one price, the feed-in tariff.
    expect(gainsOf('auction')).toEqual([
      expect.closeTo(0, 9),
      expect.closeTo(0.4, 9),
      expect.closeTo(0.2, 9),
    ]);
    expect(outcomes.get('bills')!.leastGain).toBeCloseTo(-0.3, 12);
    expect(outcomes.get('bills')!.gini).toBeNull();
  });

  it('move load to where a scheme makes it cheap, and members gain by it', () => {
    const flexible = MEMBERS.map((member) => ({ ...member, stiffness: 0.5 }));
    const outcomes = byScheme(flexible);
    const { welfare, selfSufficiency, convergence } = outcomes.get('mmr')!;
    expect(convergence.converged).toBe(true);
    expect(convergence.residual).toBeLessThanOrEqual(1e-6);
    expect(welfare).toBeGreaterThan(0.6);
    expect(selfSufficiency).toBeGreaterThan(0.5);
    expect(outcomes.get('alone')).toMatchObject({ welfare: 0, selfSufficiency: 0 });
  });

  it('Gini is 0 where all gain alike and nears 1 where one gains all', () => {
    expect(gini([1, 1, 1])).toBeCloseTo(0, 12);
    expect(gini([0, 0, 0, 4])).toBeCloseTo(0.75, 12);
    expect(gini([-1, 4])).toBeNull();
    expect(gini([0])).toBeNull();
  });

  it.each<[string, readonly DesignMember[], readonly Scheme[]]>([
    ['DESIGN_SCHEMES', MEMBERS, []],
    ['DESIGN_SCHEMES', MEMBERS, [SCHEMES[0]!, SCHEMES[0]!]],
    ['DESIGN_SIZE', [{ id: 'a', load: [], generation: [] }], SCHEMES],
    ['DESIGN_SIZE', [{ id: 'a', load: [1, 2, 3], generation: [1, 2, 3] }], SCHEMES],
    ['GAME_PLAYERS', [], SCHEMES],
    ['GAME_PARAMETER', [{ id: 'a', load: [1, -1], generation: [0, 0] }], SCHEMES],
    ['GAME_PARAMETER', [{ id: 'a', load: [1, 1], generation: [0, 0], stiffness: 0 }], SCHEMES],
    ['PRICE_RULE', MEMBERS, [{ id: 'x', kind: 'price-rule', rule: { kind: 'mmr', divisor: 0 } }]],
  ])('%s', (code, members, schemes) => {
    expect(() => compareSchemes(members, schemes, TERMS)).toThrow(expect.objectContaining({ code }));
  });
});

const competing = (stickiness: number): CompetingMember[] =>
  MEMBERS.map(({ id, load, generation }) => ({ id, load, generation, platform: 'dear', stickiness }));

describe('competing platforms', () => {
  const free: Platform = { id: 'free', rule: { kind: 'mmr' }, commission: 0 };
  const dear: Platform = { id: 'dear', rule: { kind: 'mmr' }, commission: 0.5 };

  it('members go where they save more', () => {
    const onFree = competing(0).map((member) => ({
      ...member,
      platform: member.id === 'flat' ? 'dear' : 'free',
    }));
    const outcome = competePlatforms([dear, free], onFree, TERMS);
    expect(outcome.members.map(({ platform }) => platform)).toEqual(['free', 'free', 'free']);
    expect(outcome.platforms).toMatchObject([
      { id: 'dear', members: 0, revenue: 0 },
      { id: 'free', members: 3, shared: 3 },
    ]);
    expect(outcome.convergence).toMatchObject({ converged: true, residual: 0 });
    expect(outcome.welfare).toBeCloseTo(0.6, 12);
  });

  it('nobody leaves alone for an empty platform: who all are on stays, commission and all', () => {
    const outcome = competePlatforms([dear, free], competing(0), TERMS);
    expect(outcome.platforms[0]).toMatchObject({ members: 3, revenue: expect.closeTo(0.3, 12) });
    expect(outcome).toMatchObject({ switches: 0, convergence: { converged: true } });
  });

  it('stickiness keeps members where they are', () => {
    const sticky = competing(10).map((member) => ({
      ...member,
      platform: member.id === 'flat' ? 'dear' : 'free',
    }));
    expect(competePlatforms([dear, free], sticky, TERMS)).toMatchObject({ switches: 0 });
  });

  it('a rule under which somebody loses sends it away', () => {
    const rude: Platform = { id: 'rude', rule: { kind: 'bill-sharing' }, commission: 0 };
    const all = competing(0).map((member) => ({ ...member, platform: 'rude' }));
    const { members: found } = competePlatforms([rude], all, TERMS);
    expect(found.find(({ id }) => id === 'roof')).toMatchObject({ platform: null, utility: 0 });
  });

  it.each<[string, Platform[], CompetingMember[]]>([
    ['PLATFORM', [{ ...free, commission: 2 }], competing(0)],
    ['PLATFORM', [free], competing(0)],
    ['GAME_PLAYERS', [], competing(0)],
    ['DESIGN_SIZE', [dear], [...competing(0), { id: 'x', load: [1], generation: [1] }]],
    ['GAME_PARAMETER', [dear], competing(-1)],
  ])('%s', (code, platforms, all) => {
    expect(() => competePlatforms(platforms, all, TERMS)).toThrow(expect.objectContaining({ code }));
  });
});
