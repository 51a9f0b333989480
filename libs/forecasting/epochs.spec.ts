import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '#core';
import { localMidnights, splitDays } from './epochs.ts';

/** Two days before and three after a date of 2026 in Berlin. */
const around = (month: number, day: number) =>
  localMidnights('Europe/Berlin', {
    startMs: Date.UTC(2026, month, day - 2),
    endMs: Date.UTC(2026, month, day + 3),
  });
const gaps = (list: number[]) => list.slice(1).map((ms, i) => (ms - list[i]!) / HOUR_MS);
const days = ({ startMs: from, endMs: to }: { startMs: number; endMs: number }) => (to - from) / DAY_MS;

describe('local midnights', () => {
  it('begin whole days only', () => {
    const range = { startMs: Date.UTC(2016, 7, 1, 7), endMs: Date.UTC(2016, 7, 4, 7) };
    // 07:00 UTC is 23:00 at −08:00: an hour, then two whole days, then 23 hours.
    expect(localMidnights('-08:00', range)).toEqual([Date.UTC(2016, 7, 1, 8), Date.UTC(2016, 7, 2, 8)]);
  });

  it('are 23 and 25 hours apart where the clock changes', () => {
    expect(gaps(around(2, 29))).toEqual([24, 23, 24]);
    expect(gaps(around(9, 25))).toEqual([24, 25, 24]);
  });

  it('fall on full UTC hours in a zone half an hour off them', () => {
    const startMs = Date.UTC(2026, 0, 1, 18);
    const midnights = localMidnights('Asia/Kolkata', { startMs, endMs: startMs + 3 * DAY_MS });
    expect(midnights).toEqual([Date.UTC(2026, 0, 1, 19), Date.UTC(2026, 0, 2, 19)]);
  });
});

describe('split of days', () => {
  it('is 60/20/20 of whole local days', () => {
    const startMs = Date.UTC(2016, 7, 1, 7);
    const { train, validation, test } = splitDays('-08:00', { startMs, endMs: startMs + 8760 * HOUR_MS });
    // 364 whole days: ⌊218.4⌋, ⌊291.2⌋ − 218, the rest.
    expect([days(train), days(validation), days(test)]).toEqual([218, 73, 73]);
    expect([train.endMs, validation.endMs]).toEqual([validation.startMs, test.startMs]);
  });

  it('refuses a set too short to learn from', () => {
    expect(() => splitDays('+00:00', { startMs: 0, endMs: 19 * DAY_MS })).toThrow(
      expect.objectContaining({ code: 'SERIES_TOO_SHORT', data: { days: 19 } }),
    );
  });
});
