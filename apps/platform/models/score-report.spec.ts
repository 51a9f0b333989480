import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { requireOpen, requireScores, reportWindow } from './score-report.ts';

const DAY = { dayStartMs: 1_000 };
const judged = [{ modelHash: 'a', validationEnd: new Date(1_000) }];
const score = (fields: object = {}) => ({ modelHash: 'a', mase: 0.8, coverage: 0.8, ...fields });

describe('a report of scores', () => {
  it('is taken for two days after the end of the local day', () => {
    const window = reportWindow('Europe/Berlin', '2026-03-29');
    // The day that summer time begins on ends an hour earlier.
    expect(isoInstant(window.opensMs)).toBe('2026-03-29T22:00:00Z');
    expect(window.closesMs - window.opensMs).toBe(48 * HOUR_MS);
    expect(() => requireOpen(window, window.opensMs)).not.toThrow();
    expect(() => requireOpen(window, window.opensMs - 1)).toThrow(
      expect.objectContaining({ code: 'SCORE_TOO_EARLY' }),
    );
    expect(() => requireOpen(window, window.closesMs)).toThrow(
      expect.objectContaining({ code: 'SCORE_TOO_LATE' }),
    );
    expect(() => reportWindow('UTC', '29.3.2026')).toThrow(
      expect.objectContaining({ code: 'DATE_MALFORMED' }),
    );
  });

  it.each([
    ['SCORES_COUNT', []],
    ['SCORES_COUNT', Array.from({ length: 6 }, (_, i) => score({ modelHash: String(i) }))],
    ['SCORE_RANGE', [score({ pinball: -1 })]],
    ['SCORE_REPEATED', [score(), score({ mase: 1 })]],
    ['SCORE_RANGE', [score({ mase: -1 })]],
    ['SCORE_RANGE', [score({ mase: 101 })]],
    ['SCORE_RANGE', [score({ mase: Number.NaN })]],
    ['SCORE_RANGE', [score({ coverage: 1.1 })]],
    ['MODEL_NOT_JUDGED', [score({ modelHash: 'b' })]],
  ])('is refused with %s: %j', (code, scores) => {
    expect(() => requireScores([score()], judged, DAY)).not.toThrow();
    expect(() => requireScores(scores, judged, DAY)).toThrow(expect.objectContaining({ code }));
  });

  it('is of a day after the readings that the model was fitted on', () => {
    expect(() => requireScores([score()], judged, { dayStartMs: 999 })).toThrow(
      expect.objectContaining({ code: 'SCORE_IN_EPOCHS' }),
    );
  });
});
