import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, isoInstant, parseInstant } from '#core';
import {
  dueReason,
  localMidnight,
  requireRetraining,
  rolledEpochs,
  type RetrainingTerms,
} from './retraining.ts';

const ZONE = 'Europe/Berlin';
const TERMS: RetrainingTerms = {
  everyDays: 7,
  onDrift: true,
  leastGapDays: 7,
  trainDays: 4,
  validationDays: 2,
  lagDays: 1,
  mayOverlap: false,
};
const NOW = parseInstant('2026-04-05T12:00:00Z');

describe('requireRetraining', () => {
  it.each([
    ['RETRAINING_TERMS', { everyDays: 0 }],
    ['RETRAINING_TERMS', { everyDays: 7.5 }],
    ['RETRAINING_TERMS', { trainDays: 0 }],
    ['RETRAINING_TERMS', { validationDays: -1 }],
    ['RETRAINING_TERMS', { lagDays: 32 }],
    ['RETRAINING_TERMS', { leastGapDays: -1 }],
    ['RETRAINING_NEVER', { everyDays: null, onDrift: false }],
    ['RETRAINING_OVERLAPS', { everyDays: 5 }],
  ])('refuses with %s: %j', (code, change) => {
    expect(() => requireRetraining(TERMS)).not.toThrow();
    expect(() => requireRetraining({ ...TERMS, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it('lets ranges overlap where noise protects each sum, and drift alone decide', () => {
    expect(() => requireRetraining({ ...TERMS, everyDays: 1, mayOverlap: true })).not.toThrow();
    expect(() => requireRetraining({ ...TERMS, everyDays: null })).not.toThrow();
  });
});

describe('rolledEpochs', () => {
  it('are the newest whole local days, also across the change of the clock', () => {
    const epochs = rolledEpochs({ ...TERMS, trainDays: 6 }, ZONE, NOW, null)!;
    expect(
      [epochs.train, epochs.validation].map(({ startMs, endMs }) => [startMs, endMs].map(isoInstant)),
    ).toEqual([
      // Summer time begins on 29 March: midnight is 23:00Z before, 22:00Z after.
      ['2026-03-26T23:00:00Z', '2026-04-01T22:00:00Z'],
      ['2026-04-01T22:00:00Z', '2026-04-03T22:00:00Z'],
    ]);
  });

  it('wait until they no longer reach back into readings that were summed before', () => {
    const { startMs } = rolledEpochs(TERMS, ZONE, NOW, null)!.train;
    expect(rolledEpochs(TERMS, ZONE, NOW, startMs)).not.toBeNull();
    expect(rolledEpochs(TERMS, ZONE, NOW, startMs + 1)).toBeNull();
    expect(rolledEpochs({ ...TERMS, mayOverlap: true }, ZONE, NOW, startMs + 1)).not.toBeNull();
  });

  it('follow each other without overlap, begin and end at local midnights, and lie in the past', () => {
    const day = fc.integer({ min: 0, max: 800 });
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (at, trainDays, validationDays) => {
          const terms = { ...TERMS, trainDays, validationDays };
          const nowMs = NOW + at * DAY_MS;
          const first = rolledEpochs(terms, ZONE, nowMs, null)!;
          const ends = [
            first.train.startMs,
            first.train.endMs,
            first.validation.startMs,
            first.validation.endMs,
          ];
          for (const ms of ends) expect(localMidnight(ZONE, ms, 0)).toBe(ms);
          expect(first.train.endMs).toBe(first.validation.startMs);
          expect(first.validation.endMs).toBeLessThanOrEqual(nowMs - 24 * HOUR_MS + HOUR_MS);
          const laterMs = localMidnight(ZONE, nowMs, trainDays + validationDays);
          const second = rolledEpochs(terms, ZONE, laterMs, first.validation.endMs)!;
          expect(second.train.startMs).toBe(first.validation.endMs);
        },
      ),
    );
  });
});

describe('dueReason', () => {
  it.each([
    [{ onDrift: true, nextAtMs: null }, true, 'drift'],
    [{ onDrift: false, nextAtMs: null }, true, null],
    [{ onDrift: true, nextAtMs: null }, false, null],
    [{ onDrift: true, nextAtMs: 10 }, false, 'schedule'],
    [{ onDrift: true, nextAtMs: 11 }, false, null],
    [{ onDrift: false, nextAtMs: 10 }, true, 'schedule'],
  ] as const)('of %j with a drift pending %s is %s', (schedule, drifted, reason) => {
    expect(dueReason({ ...schedule, driftFromMs: null }, drifted, 10)).toBe(reason);
  });

  it.each([
    [10, 'drift'],
    [11, null],
  ])('with a gap after the last training that ends at %i is %s', (driftFromMs, reason) => {
    expect(dueReason({ onDrift: true, nextAtMs: null, driftFromMs }, true, 10)).toBe(reason);
    expect(dueReason({ onDrift: true, nextAtMs: 10, driftFromMs }, true, 10)).toBe(reason ?? 'schedule');
  });
});
