import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closeDay, type ReportedScore, toldTypicalMase } from './day-close.ts';

const report = (organisation: string, modelHash: string, mase: number, coverage = 0.8): ReportedScore => ({
  organisation,
  modelHash,
  mase,
  coverage,
  pinball: mase / 2,
});
const all = (modelHash: string, ...mases: number[]) =>
  mases.map((mase, i) => report(`org ${i}`, modelHash, mase));
const of = (modelHash: string, reports: readonly ReportedScore[]) =>
  closeDay(reports, 'champion').find((score) => score.modelHash === modelHash);

const toldOver = (...panel: string[]) => [{ modelHash: 'champion', againstHash: null, panel }];

describe('closeDay', () => {
  it('gives the mean over four organisations, and of three only that there were three', () => {
    expect(closeDay(all('champion', 1, 2, 3, 6), 'champion')).toEqual([
      {
        modelHash: 'champion',
        organisations: 4,
        mase: 3,
        typicalMase: 2.5,
        coverage: 0.8,
        pinball: 1.5,
        againstHash: null,
        lossDifference: null,
        panel: ['org 0', 'org 1', 'org 2', 'org 3'],
      },
    ]);
    expect(of('champion', all('champion', 1, 2, 3))).toMatchObject({
      organisations: 3,
      mase: null,
      coverage: null,
    });
    expect(closeDay([], 'champion')).toEqual([]);
  });

  it('tells no typical error beside a mean that one of four could read another off', () => {
    const ofFour = of('champion', all('champion', 0, 2, 3, 6))!;
    // Who reported the 0, surely the least: 4 · mean − 2 · typical = 6 is what another organisation reported.
    expect(4 * ofFour.mase! - 2 * ofFour.typicalMase!).toBe(6);
    expect(toldTypicalMase(ofFour)).toBeNull();
    expect(toldTypicalMase(of('champion', all('champion', 1, 2, 3, 4, 5, 6, 7))!)).toBeNull();
    expect(toldTypicalMase(of('champion', all('champion', 1, 2, 3, 4, 5, 6, 7, 80))!)).toBe(4.5);
  });

  it('counts organisations, not their participants', () => {
    const reports = [...all('champion', 1, 2, 3), report('org 2', 'champion', 5)];
    expect(of('champion', reports)).toMatchObject({ organisations: 3, mase: null });
    // (1 + 2 + (3 + 5)/2 + 5)/4
    expect(of('champion', [...reports, report('org 3', 'champion', 5)])).toMatchObject({
      organisations: 4,
      mase: 3,
    });
  });

  it('compares a challenger with the champion over the organisations that reported both', () => {
    const reports = [
      ...all('champion', 1, 2, 3, 6),
      ...all('challenger', 0, 2, 2, 4),
      report('org 9', 'challenger', 99),
    ];
    // (−1 + 0 − 1 − 2)/4
    expect(of('challenger', reports)).toMatchObject({
      organisations: 4,
      mase: 2,
      againstHash: 'champion',
      lossDifference: -1,
    });
  });

  it.each([
    [5, 4, false],
    [7, 4, false],
    [8, 4, true],
    [8, 8, true],
    [9, 3, false],
  ])('of %i organisations %i with the challenger: told %s', (champions, challengers, told) => {
    const score = of('challenger', [
      ...all('champion', ...Array.from({ length: champions }, (_, i) => i)),
      ...all('challenger', ...Array.from({ length: challengers }, (_, i) => i + 1)),
    ]);
    expect(score!.mase !== null).toBe(told);
    expect(score!.lossDifference).toBe(told ? 1 : null);
  });

  it('tells a challenger alone where there is no champion', () => {
    expect(closeDay(all('challenger', 1, 1, 1, 1), null)).toMatchObject([{ mase: 1, againstHash: null }]);
  });

  it('judges challengers over one panel also on a day on which nobody reports the champion', () => {
    const [wide, narrow] = [all('wide', 1, 2, 3, 4, 5), all('narrow', 1, 2, 3, 4)];
    expect(closeDay([...wide, ...narrow], 'champion')).toMatchObject([
      { modelHash: 'wide', organisations: 4, mase: 2.5, againstHash: null, lossDifference: null },
      { modelHash: 'narrow', organisations: 4, mase: 2.5, againstHash: null, lossDifference: null },
    ]);
  });

  it('never shows a figure that fewer than four organisations can be told from', () => {
    const scores = fc.array(
      fc.record({
        organisation: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
        modelHash: fc.constantFrom('champion', 'x', 'y'),
        mase: fc.double({ min: 0, max: 5, noNaN: true }),
        coverage: fc.double({ min: 0, max: 1, noNaN: true }),
        pinball: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(scores, (reports) => {
        const closed = closeDay(reports, 'champion').filter(({ mase }) => mase !== null);
        const panels = closed.map(({ panel }) => new Set(panel));
        for (const a of panels) {
          expect(a.size).toBeGreaterThanOrEqual(4);
          for (const b of panels)
            expect([1, 2, 3]).not.toContain([...a].filter((each) => !b.has(each)).length);
        }
        // Of challengers there is one panel.
        const judged = closed.filter(({ againstHash }) => againstHash !== null);
        expect(new Set(judged.map(({ panel }) => panel.join())).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('judges all challengers over one panel: nested ones would tell the one organisation between them', () => {
    const champion = all('champion', ...Array.from({ length: 13 }, (_, i) => i));
    const [wide, narrow] = [all('wide', 1, 2, 3, 4, 5, 6, 7, 8, 9), all('narrow', 1, 2, 3, 4, 5, 6, 7, 8)];
    const closed = closeDay([...champion, ...wide, ...narrow], 'champion');
    const [, ofWide, ofNarrow] = closed;
    expect(ofWide).toMatchObject({ modelHash: 'wide', organisations: 8, mase: 4.5, lossDifference: 1 });
    expect(ofNarrow).toMatchObject({ modelHash: 'narrow', organisations: 8, mase: 4.5, lossDifference: 1 });
    expect(ofWide!.panel).toEqual(ofNarrow!.panel);
  });

  it('gives no figure to a challenger that not all of the panel reported', () => {
    const eight = Array.from({ length: 8 }, (_, i) => i);
    const reports = [...all('champion', ...eight), ...all('x', ...eight), ...all('y', ...eight.slice(1))];
    expect(closeDay(reports, 'champion')).toMatchObject([
      { modelHash: 'champion', organisations: 8, mase: 3.5 },
      { modelHash: 'x', organisations: 8, mase: 3.5 },
      { modelHash: 'y', organisations: 7, mase: null, lossDifference: null, panel: [] },
    ]);
  });

  it('gives no figure of a model that was told in another product over nearly the same organisations', () => {
    const reports = all('champion', 1, 2, 3, 4, 5);
    const four = ['org 0', 'org 1', 'org 2', 'org 3'];
    expect(closeDay(reports, 'champion', toldOver(...four))).toMatchObject([
      { mase: null, organisations: 5 },
    ]);
    expect(closeDay(reports, 'champion', toldOver(...four, 'org 4'))).toMatchObject([{ mase: 3 }]);
    // What a challenger was compared with there is told there, too.
    const against = [{ modelHash: 'other', againstHash: 'champion', panel: four }];
    expect(closeDay(reports, 'champion', against)).toMatchObject([{ mase: null }]);
  });

  it('lets one organisation move the mean, and what is typical no further than the others are', () => {
    const mase = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(mase, { minLength: 3, maxLength: 12 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (honest, lie) => {
          const [score] = closeDay(all('champion', ...honest, lie), 'champion');
          expect(score!.typicalMase).toBeGreaterThanOrEqual(Math.min(...honest) - 1e-12);
          expect(score!.typicalMase).toBeLessThanOrEqual(Math.max(...honest) + 1e-12);
        },
      ),
    );
  });

  it('tells no pinball loss where one organisation reported none', () => {
    const reports = all('champion', 1, 2, 3, 6);
    expect(closeDay([{ ...reports[0]!, pinball: null }, ...reports.slice(1)], 'champion')).toMatchObject([
      { mase: 3, pinball: null },
    ]);
  });
});
