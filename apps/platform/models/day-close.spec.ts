import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closeDay, type ReportedScore } from './day-close.ts';

const report = (organisation: string, modelHash: string, mase: number, coverage = 0.8): ReportedScore => ({
  organisation,
  modelHash,
  mase,
  coverage,
});
const all = (modelHash: string, ...mases: number[]) =>
  mases.map((mase, i) => report(`org ${i}`, modelHash, mase));
const of = (modelHash: string, reports: readonly ReportedScore[]) =>
  closeDay(reports, 'champion').find((score) => score.modelHash === modelHash);

describe('closeDay', () => {
  it('gives the mean over four organisations, and of three only that there were three', () => {
    expect(closeDay(all('champion', 1, 2, 3, 6), 'champion')).toEqual([
      {
        modelHash: 'champion',
        organisations: 4,
        mase: 3,
        coverage: 0.8,
        againstHash: null,
        lossDifference: null,
      },
    ]);
    expect(of('champion', all('champion', 1, 2, 3))).toMatchObject({
      organisations: 3,
      mase: null,
      coverage: null,
    });
    expect(closeDay([], 'champion')).toEqual([]);
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

  it('never shows a figure that fewer than four organisations can be told from', () => {
    const scores = fc.array(
      fc.record({
        organisation: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
        modelHash: fc.constantFrom('champion', 'x', 'y'),
        mase: fc.double({ min: 0, max: 5, noNaN: true }),
        coverage: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(scores, (reports) => {
        const panel = of('champion', reports)?.organisations ?? 0;
        for (const { organisations, mase, lossDifference } of closeDay(reports, 'champion')) {
          const left = panel - organisations;
          const safe = organisations >= 4 && (panel === 0 || left === 0 || left >= 4);
          expect(mase === null || safe).toBe(true);
          expect(lossDifference === null || (mase !== null && panel > 0)).toBe(true);
        }
      }),
    );
  });
});
