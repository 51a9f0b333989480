import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  COMBUSTION_FACTORS,
  COMBUSTION_SECTORS,
  type CombustionFactor,
  combustionFactor,
  type EmissionFactor,
  factorById,
  type FactorRequest,
  type FactorSet,
  localGenerationFactor,
  PUBLISHED_FACTOR_SETS,
  requireOneKind,
  resolveCombustionFactor,
  resolveFactor,
  ZONE_PARENTS,
} from './index.ts';

const AT_MS = Date.UTC(2026, 0, 1);
const row = (id: string, of: Partial<EmissionFactor> = {}): EmissionFactor => ({
  id,
  subject: 'grid',
  gramsCo2ePerKwh: '100',
  basis: 'direct',
  averaging: 'average',
  zone: null,
  gwpSet: null,
  source: 'test',
  validFromMs: 0,
  validToMs: null,
  ...of,
});
const set = (id: string, factors: readonly EmissionFactor[], of: Partial<FactorSet> = {}): FactorSet => ({
  id,
  title: id,
  rank: 'published',
  sinceMs: 0,
  factors,
  fuels: [],
  ...of,
});
const ask = (of: Partial<FactorRequest> = {}): FactorRequest => ({
  subject: 'grid',
  zone: 'DK-DK1',
  atMs: AT_MS,
  basis: 'direct',
  ...of,
});

describe('resolveFactor', () => {
  const zone = row('zone', { zone: 'DK-DK1' });
  const parent = row('parent', { zone: 'DK' });
  const world = row('world');

  it('takes the zone, else what the zone is a part of, else the default, and marks the last two as estimated', () => {
    expect(resolveFactor([set('s', [world, parent, zone])], ask())).toEqual({
      factor: zone,
      setId: 's',
      via: 'zone',
      estimated: false,
    });
    expect(resolveFactor([set('s', [world, parent])], ask())).toMatchObject({
      factor: parent,
      via: 'parent',
      estimated: true,
    });
    expect(resolveFactor([set('s', [world])], ask())).toMatchObject({
      factor: world,
      via: 'default',
      estimated: true,
    });
    expect(resolveFactor([set('s', [parent, world])], ask({ zone: null })).factor).toBe(world);
  });

  it('climbs parents that the caller names, nearest first, and refuses a circle of them', () => {
    const top = row('top', { zone: 'C' });
    const middle = row('middle', { zone: 'B' });
    const parents = { A: 'B', B: 'C' };
    expect(resolveFactor([set('s', [top, middle])], ask({ zone: 'A', parents })).factor).toBe(middle);
    expect(resolveFactor([set('s', [top])], ask({ zone: 'A', parents })).factor).toBe(top);
    expect(() => resolveFactor([set('s', [top])], ask({ zone: 'A', parents: { A: 'B', B: 'A' } }))).toThrow(
      expect.objectContaining({ code: 'ZONE_PARENTS_CYCLE' }),
    );
  });

  it("prefers the own set's default to the community's zone, and that to a published zone", () => {
    const own = set('own', [row('own')], { rank: 'own' });
    const community = set('community', [row('community', { zone: 'DK-DK1' })], { rank: 'community' });
    const published = set('published', [zone]);
    expect(resolveFactor([published, community, own], ask()).factor.id).toBe('own');
    expect(resolveFactor([published, community], ask()).factor.id).toBe('community');
    expect(resolveFactor([published], ask()).factor.id).toBe('zone');
  });

  it('prefers the newer set, then the row valid from later', () => {
    const older = set('a', [row('older', { validFromMs: 9 })], { sinceMs: 1 });
    const newer = set('b', [row('newer'), row('newest', { validFromMs: 5 })], { sinceMs: 2 });
    expect(resolveFactor([older, newer], ask()).factor.id).toBe('newest');
    expect(resolveFactor([older], ask()).factor.id).toBe('older');
  });

  it('knows a row from its first instant to before its last', () => {
    const dated = set('s', [row('2025', { validFromMs: Date.UTC(2025, 0, 1), validToMs: AT_MS })]);
    expect(resolveFactor([dated], ask({ atMs: AT_MS - 1 })).factor.id).toBe('2025');
    for (const atMs of [AT_MS, Date.UTC(2025, 0, 1) - 1]) {
      expect(() => resolveFactor([dated], ask({ atMs }))).toThrow(
        expect.objectContaining({ code: 'FACTOR_MISSING' }),
      );
    }
  });

  it('says what was asked where nothing answers, and never takes another basis or averaging', () => {
    const others = [row('l', { basis: 'lifecycle' }), row('m', { averaging: 'marginal' })];
    expect(() => resolveFactor([set('s', others)], ask())).toThrow(
      expect.objectContaining({
        code: 'FACTOR_MISSING',
        kind: 'not-found',
        data: {
          subject: 'grid',
          basis: 'direct',
          averaging: 'average',
          zone: 'DK-DK1',
          at: '2026-01-01T00:00:00Z',
        },
      }),
    );
  });

  it('answers what was asked, from the first rank that can, whatever the order of sets and rows', () => {
    const anyRow = fc.record({
      subject: fc.constantFrom('grid', 'coal'),
      basis: fc.constantFrom('direct' as const, 'lifecycle' as const),
      averaging: fc.constantFrom('average' as const, 'marginal' as const),
      zone: fc.constantFrom(null, 'DK', 'DK-DK1', 'DE'),
      validFromMs: fc.constantFrom(0, 1_000),
    });
    const anySet = fc.record({
      rank: fc.constantFrom('own' as const, 'community' as const, 'published' as const),
      sinceMs: fc.integer({ min: 0, max: 2 }),
      rows: fc.array(anyRow, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(anySet, { maxLength: 4 }), anyRow, (drawn, { subject, basis, averaging }) => {
        const sets = drawn.map(({ rank, sinceMs, rows }, s) =>
          set(
            `set-${s}`,
            rows.map((of, r) => row(`row-${s}-${r}`, of)),
            { rank, sinceMs },
          ),
        );
        const turned = sets.map((each) => ({ ...each, factors: each.factors.toReversed() })).toReversed();
        const request = ask({ subject, basis, averaging });
        const answer = attempt(() => resolveFactor(sets, request));
        expect(attempt(() => resolveFactor(turned, request))).toEqual(answer);
        const could = sets.filter(({ factors }) =>
          factors.some(
            (each) =>
              each.subject === subject &&
              each.basis === basis &&
              each.averaging === averaging &&
              each.zone !== 'DE',
          ),
        );
        const firstRank = ['own', 'community', 'published'].find((rank) =>
          could.some((each) => each.rank === rank),
        );
        expect(
          typeof answer === 'string'
            ? { code: answer, rank: undefined }
            : { ...kindOf(answer.factor), rank: sets.find(({ id }) => id === answer.setId)?.rank },
        ).toEqual(
          could.length === 0
            ? { code: 'FACTOR_MISSING', rank: undefined }
            : { subject, basis, averaging, rank: firstRank },
        );
      }),
    );
  });
});

const gas = (id: string, of: Partial<CombustionFactor> = {}): CombustionFactor => ({
  ...COMBUSTION_FACTORS[0]!,
  fuel: 'natural-gas',
  id,
  ...of,
});
const cells = (fuel: string): string[] =>
  COMBUSTION_SECTORS.map((sector) => {
    const { kgCo2PerTj, kgCh4PerTj, kgN2oPerTj } = combustionFactor(fuel, AT_MS, sector);
    return [kgCo2PerTj, kgCh4PerTj, kgN2oPerTj].join(' ');
  });

describe('resolveCombustionFactor', () => {
  it('takes the row of the sector before one of any, and the own zone before both', () => {
    const any = gas('any', { sector: null });
    const exact = gas('exact', { sector: 'energy-industries' });
    const own = { ...set('own', [], { rank: 'own' as const }), fuels: [any, exact] };
    const request = { fuel: 'natural-gas', zone: 'DE', atMs: AT_MS };
    expect(resolveCombustionFactor([own], request)).toMatchObject({ factor: exact, estimated: true });
    expect(resolveCombustionFactor([own], { ...request, sector: 'residential-agriculture' }).factor).toBe(
      any,
    );
    const german = gas('german', { sector: null, zone: 'DE' });
    expect(
      resolveCombustionFactor([{ ...own, fuels: [any, exact, german] }, ...PUBLISHED_FACTOR_SETS], request),
    ).toMatchObject({ factor: german, via: 'zone', estimated: false });
  });

  it('knows CH4 and N2O of other sectors (IPCC 2006 vol. 2 Tables 2.2 to 2.5)', () => {
    expect(cells('natural-gas')).toEqual(['56100 1 0.1', '56100 1 0.1', '56100 5 0.1', '56100 5 0.1']);
    expect(cells('anthracite')).toEqual(['98300 1 1.5', '98300 10 1.5', '98300 10 1.5', '98300 300 1.5']);
    expect(cells('jet-gasoline')).toEqual(['70000 3 0.6', '70000 3 0.6', '70000 10 0.6', '70000 10 0.6']);
    expect(cells('wood-waste')).toEqual(['112000 30 4', '112000 30 4', '112000 300 4', '112000 300 4']);
    expect(cells('peat')).toEqual(['106000 1 1.5', '106000 2 1.5', '106000 10 1.4', '106000 300 1.4']);
    expect(() => combustionFactor('hydrogen', AT_MS)).toThrow(
      expect.objectContaining({ code: 'FACTOR_MISSING' }),
    );
  });
});

const kindOf = ({ subject, basis, averaging }: EmissionFactor) => ({ subject, basis, averaging });

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('requireOneKind', () => {
  it('lets factors of one kind pass and refuses direct beside lifecycle, average beside marginal', () => {
    requireOneKind([]);
    requireOneKind([row('a'), row('b')]);
    expect(() => requireOneKind([row('a'), row('b', { basis: 'lifecycle' })])).toThrow(
      expect.objectContaining({ code: 'BASIS_MIXED' }),
    );
    expect(() => requireOneKind([row('a'), row('b', { averaging: 'marginal' })])).toThrow(
      expect.objectContaining({ code: 'AVERAGING_MIXED' }),
    );
  });
});

describe('published factor sets', () => {
  const rows = PUBLISHED_FACTOR_SETS.flatMap(({ factors }) => factors);

  it('names every row once, with its source', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const { source } of rows) expect(source).toMatch(/https:\/\//);
  });

  it('keeps the ids that published figures refer to', () => {
    expect(factorById('pv-rooftop/direct/ipcc-ar5')).toBe(localGenerationFactor('direct', AT_MS));
    expect(factorById('pv-rooftop/lifecycle/ipcc-ar5').gramsCo2ePerKwh).toBe('41');
    expect(() => factorById('pv')).toThrow(expect.objectContaining({ code: 'FACTOR_MISSING' }));
    expect(() => localGenerationFactor('direct', Date.UTC(2013, 11, 31))).toThrow(
      expect.objectContaining({ code: 'FACTOR_MISSING' }),
    );
  });

  it('dates what storage gives back by the year, the last until another is published', () => {
    const request = { subject: 'battery-discharge', basis: 'lifecycle' } as const;
    const grams = [2015, 2018, 2021, 2030].map(
      (year) =>
        resolveFactor(PUBLISHED_FACTOR_SETS, { ...request, atMs: Date.UTC(year, 5, 1) }).factor
          .gramsCo2ePerKwh,
    );
    expect(grams).toEqual(['363.85', '407.34', '391.33', '391.33']);
  });

  it('puts areas into the country that their name begins with', () => {
    for (const [zone, parent] of Object.entries(ZONE_PARENTS))
      expect(zone).toBe(`${parent}-${zone.slice(3)}`);
  });
});
