import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, interval, localDay } from '#core';
import { type SlotMinutes, SLOT_MINUTES, requireSlot, requireSlotMinutes, slotsOf } from './slot.ts';
import { slotQuantiles } from './slot-quantiles.ts';

const BERLIN = {
  plain: localDay('Europe/Berlin', '2026-05-01'),
  spring: localDay('Europe/Berlin', '2026-03-29'),
  autumn: localDay('Europe/Berlin', '2026-10-25'),
};
const zones = fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Auckland');
const dates = fc
  .integer({ min: 0, max: 3_650 })
  .map((n) => new Date(Date.UTC(2020, 0, 1) + n * 24 * HOUR_MS).toISOString().slice(0, 10));

describe('slots', () => {
  it.each([
    ['plain', [96, 48, 24, 1]],
    ['spring', [92, 46, 23, 1]],
    ['autumn', [100, 50, 25, 1]],
  ] as const)('of a %s day are as many as it has', (day, counts) => {
    expect(SLOT_MINUTES.map((minutes) => slotsOf(BERLIN[day], minutes).length)).toEqual(counts);
  });

  it('partition any local day without gap or overlap, and each is found by its start alone', () => {
    fc.assert(
      fc.property(zones, dates, fc.constantFrom(...SLOT_MINUTES), (zone, date, minutes) => {
        const day = localDay(zone, date);
        const slots = slotsOf(day, minutes);
        expect([slots[0]!.startMs, slots.at(-1)!.endMs]).toEqual([day.startMs, day.endMs]);
        for (const [n, slot] of slots.entries()) {
          expect(slot.startMs).toBe(n === 0 ? day.startMs : slots[n - 1]!.endMs);
          expect(requireSlot(day, minutes, slot.startMs)).toEqual(slot);
        }
      }),
    );
  });

  it.each([
    [15, BERLIN.plain.startMs + 60_000],
    [30, BERLIN.plain.startMs + HOUR_MS / 4],
    [60, BERLIN.plain.endMs],
    [60, BERLIN.plain.startMs - HOUR_MS],
    [1_440, BERLIN.plain.startMs + HOUR_MS],
  ] as const)('of %i minutes do not begin elsewhere', (minutes, startMs) => {
    expect(() => requireSlot(BERLIN.plain, minutes, startMs)).toThrow(
      expect.objectContaining({ code: 'HOUR_NOT_IN_SESSION' }),
    );
  });

  it('divide their day: a day of 23.5 hours has no hours, but quarters and itself', () => {
    const day = localDay('Australia/Lord_Howe', '2026-10-04');
    const refused = [15, 30, 60, 1_440].filter((minutes) => {
      try {
        return requireSlotMinutes(day, minutes) !== minutes;
      } catch {
        return true;
      }
    });
    expect([(day.endMs - day.startMs) / HOUR_MS, refused]).toEqual([23.5, [60]]);
    expect(() => requireSlotMinutes(BERLIN.plain, 45)).toThrow(
      expect.objectContaining({ code: 'SESSION_RESOLUTION' }),
    );
  });
});

const hourly = (p50s: readonly number[], startMs = 0) =>
  p50s.map((p50Wh, n) => ({ startMs: startMs + n * HOUR_MS, p10Wh: p50Wh - 7, p50Wh, p90Wh: p50Wh + 10 }));

describe('slotQuantiles', () => {
  it('divides an hour to the Wh, the first parts taking what is left over', () => {
    const quarters = slotQuantiles(hourly([10]), slotsOf(interval(0, HOUR_MS), 15));
    expect(quarters.map(({ p10Wh, p50Wh, p90Wh }) => [p10Wh, p50Wh, p90Wh])).toEqual([
      [1, 3, 5],
      [1, 3, 5],
      [1, 2, 5],
      [0, 2, 5],
    ]);
  });

  it('conserves energy over all resolutions of a day, quantile by quantile and in order', () => {
    const quantile = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const net = fc.tuple(quantile, quantile, quantile).map((each) => each.toSorted((a, b) => a - b));
    const days = fc.constantFrom(...Object.values(BERLIN));
    fc.assert(
      fc.property(days, fc.array(net, { minLength: 25, maxLength: 25 }), (day, drawn) => {
        const hours = slotsOf(day, 60).map(({ startMs }, n) => {
          const [p10Wh, p50Wh, p90Wh] = drawn[n]! as [number, number, number];
          return { startMs, p10Wh, p50Wh, p90Wh };
        });
        const totals = (minutes: SlotMinutes) => {
          const slots = slotQuantiles(hours, slotsOf(day, minutes));
          for (const { p10Wh, p50Wh, p90Wh } of slots) expect(p10Wh <= p50Wh && p50Wh <= p90Wh).toBe(true);
          return (['p10Wh', 'p50Wh', 'p90Wh'] as const).map((name) =>
            slots.reduce((sum, slot) => sum + slot[name], 0),
          );
        };
        for (const minutes of [15, 30, 1_440] as const) expect(totals(minutes)).toEqual(totals(60));
      }),
    );
  });

  it('says nothing of a slot of which an hour is missing', () => {
    const day = BERLIN.plain;
    const hours = hourly(
      Array.from({ length: 23 }, () => 4),
      day.startMs + HOUR_MS,
    );
    expect(slotQuantiles(hours, slotsOf(day, 1_440))).toEqual([]);
    expect(slotQuantiles(hours, slotsOf(day, 15))).toHaveLength(92);
    expect(slotQuantiles([], slotsOf(day, 60))).toEqual([]);
  });
});
