import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Sector, SharedLabel } from '#analytics';
import { emissionsBySector, portraitsBySector } from './sector-figures.ts';

const flat: readonly SharedLabel[] = [{ label: 'flat', percentOfDays: 100 }];
const evening: readonly SharedLabel[] = [{ label: 'evening-peak', percentOfDays: 100 }];
const gramsOf = (organisationId: string, grams: number) => ({ organisationId, grams });

describe('portraitsBySector', () => {
  it('counts an organisation once, as the mean of its members', () => {
    const portraits = [
      { tenantId: 'a', labels: flat },
      { tenantId: 'a', labels: evening },
      ...['b', 'c', 'd'].map((tenantId) => ({ tenantId, labels: flat })),
    ];
    const { total } = portraitsBySector(portraits, new Map());
    expect(total.organisations).toBe(4);
    // (50 + 3 × 100) / 4
    expect(total.labels).toContainEqual({ label: 'flat', percentOfDays: 87.5 });
    expect(total.labels).toContainEqual({ label: 'evening-peak', percentOfDays: 12.5 });
  });

  it('has no rows and no labels where nobody shares', () => {
    expect(portraitsBySector([], new Map())).toMatchObject({
      sectors: [],
      total: { organisations: 0, labels: null },
    });
  });
});

describe('emissionsBySector', () => {
  it('withholds nothing that four are in, or else leaves four or none to be found by subtraction', () => {
    const sector = fc.constantFrom<Sector | null>('A', 'C', 'G', null);
    fc.assert(
      fc.property(fc.array(sector, { minLength: 1, maxLength: 30 }), (of) => {
        const sectors = new Map(of.map((each, i) => [`o${i}`, each]));
        const sums = of.map((_, i) => gramsOf(`o${i}`, i + 1));
        const view = emissionsBySector(sums, sectors);
        const hidden = view.sectors.filter(({ grams }) => grams === null);
        const hiddenOrganisations = hidden.reduce((sum, { organisations }) => sum + organisations, 0);
        const shown = view.sectors.filter(({ grams }) => grams !== null);
        expect(shown.every(({ organisations }) => organisations >= 4)).toBe(true);
        const canSubtract = hidden.length > 0 && view.total.grams !== null;
        expect(!canSubtract || hiddenOrganisations >= 4).toBe(true);
      }),
    );
  });

  it('does not depend on the order of organisations', () => {
    const sums = [gramsOf('a', 4), gramsOf('b', 2), gramsOf('c', 4), gramsOf('d', 5)];
    const sectors = new Map<string, Sector>([['a', 'C']]);
    expect(emissionsBySector(sums.toReversed(), sectors)).toEqual(emissionsBySector(sums, sectors));
  });
});
