import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { oneHot, peerPosition } from './histogram.ts';
import { sectorView } from './sector-view.ts';

describe('peerPosition', () => {
  const edges = [100, 200, 300];
  const sumOf = (figures: readonly number[]) =>
    figures
      .map((figure) => oneHot(figure, edges))
      .reduce((sum, vector) => sum.map((value, i) => value + vector[i]!), new Float64Array(4));

  it('says between which shares of its peers a figure stands', () => {
    const figures = [50, 120, 150, 180, 220, 240, 310, 400];
    expect(peerPosition(150, [...sumOf(figures)], edges, 4)).toEqual({
      peers: 8,
      atLeastShareBelow: 1 / 8,
      atMostShareBelow: 4 / 8,
      quartiles: [
        { from: 100, to: 200 },
        { from: 100, to: 200 },
        { from: 200, to: 300 },
      ],
    });
  });

  it('holds the true share between its two', () => {
    const figure = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(fc.array(figure, { minLength: 4, maxLength: 30 }), (figures) => {
        const own = figures[0]!;
        const { atLeastShareBelow, atMostShareBelow } = peerPosition(own, [...sumOf(figures)], edges, 4);
        const share = figures.filter((each) => each < own).length / figures.length;
        expect(share).toBeGreaterThanOrEqual(atLeastShareBelow);
        expect(share).toBeLessThanOrEqual(atMostShareBelow);
      }),
    );
  });

  it.each([
    ['PEERS_FEW', [1, 1, 1, 0], edges, 1],
    ['HISTOGRAM_SUM', [1, 1, 1.5, 2], edges, 1],
    ['HISTOGRAM_SUM', [4, 4], edges, 1],
    ['HISTOGRAM_EDGES', [4, 4, 4], [2, 1], 1],
    ['HISTOGRAM_VALUE', [4, 4, 4, 4], edges, Number.NaN],
  ])('refuses with %s', (code, counts, given, own) => {
    expect(() => peerPosition(own, counts, given, 4)).toThrow(expect.objectContaining({ code }));
  });
});

const figuresOf = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(sizes).flatMap(([sector, size]) =>
    Array.from({ length: size }, (_, i) => ({ organisation: `${sector} ${i}`, sector, value: i + 1 })),
  );

describe('sectorView', () => {
  it('shows rows of enough organisations, the median of twice as many', () => {
    expect(sectorView(figuresOf({ retail: 8, steel: 4 }), 4)).toEqual({
      sectors: [
        { sector: 'retail', organisations: 8, sum: 36, mean: 4.5, median: 4.5 },
        { sector: 'steel', organisations: 4, sum: 10, mean: 2.5, median: null },
      ],
      total: { organisations: 12, sum: 46, mean: 46 / 12, median: 3.5 },
      leastOrganisations: 4,
    });
  });

  it('withholds a second row where the total would tell the first', () => {
    const { sectors, total } = sectorView(figuresOf({ glass: 1, retail: 8, steel: 5 }), 4);
    expect(sectors.map(({ sector, sum }) => [sector, sum])).toEqual([
      ['glass', null],
      ['retail', 36],
      ['steel', null],
    ]);
    expect(total.sum).toBe(52);
  });

  it('leaves no sum of fewer to be told from the total and the rows', () => {
    const sizes = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 5 }), (of, least) => {
        const { sectors, total } = sectorView(figuresOf(of), least);
        const few = sectors.filter(({ sum, organisations }) => sum !== null && organisations < least);
        expect(few).toEqual([]);
        const hidden = sectors
          .filter(({ sum }) => sum === null)
          .reduce((sum, row) => sum + row.organisations, 0);
        // Nothing is told by the difference of a total that is withheld itself.
        expect(total.sum === null || hidden === 0 || hidden >= least).toBe(true);
      }),
    );
  });

  it('refuses an organisation twice, and what is no figure', () => {
    const figure = { organisation: 'a', sector: 's', value: 1 };
    expect(() => sectorView([figure, figure], 4)).toThrow(
      expect.objectContaining({ code: 'SECTOR_REPEATED' }),
    );
    expect(() => sectorView([{ ...figure, value: Number.NaN }], 4)).toThrow(
      expect.objectContaining({ code: 'SECTOR_VALUE' }),
    );
  });
});
