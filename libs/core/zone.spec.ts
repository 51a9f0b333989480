import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError } from './domain-error.ts';
import { HOUR_MS, isoInstant } from './interval.ts';
import {
  minuteOfLocalWeek,
  instantsOfLocal,
  localDate,
  localDay,
  requireZone,
  startOfLocalDay,
  zoneOffsetMs,
} from './zone.ts';

const at = (text: string) => Date.parse(text);
const code = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
  return 'no error';
};
const span = (zone: string, date: string) => {
  const day = localDay(zone, date);
  return [isoInstant(day.startMs), isoInstant(day.endMs)];
};
const instants = (local: string) => instantsOfLocal('Europe/Berlin', local).map(isoInstant);
const sundayHours = (start: string) =>
  [0, 1, 2].map((i) => minuteOfLocalWeek('Europe/Berlin', at(start) + i * HOUR_MS) / 60 - 6 * 24);

describe('zones', () => {
  it('knows IANA names and fixed offsets, and refuses anything else', () => {
    for (const zone of ['Europe/Berlin', 'UTC', '+05:45', '-08:00'])
      expect(() => requireZone(zone)).not.toThrow();
    for (const zone of ['', 'Europe/Bielefeld', '+5:45', '+24:00', 'x'.repeat(999)]) {
      expect(code(() => requireZone(zone))).toBe('ZONE_UNKNOWN');
    }
  });

  it('gives the offset on both sides of the change to the millisecond', () => {
    const spring = at('2026-03-29T01:00:00Z');
    expect(zoneOffsetMs('Europe/Berlin', spring - 1)).toBe(HOUR_MS);
    expect(zoneOffsetMs('Europe/Berlin', spring)).toBe(2 * HOUR_MS);
    expect(zoneOffsetMs('-08:00', spring)).toBe(-8 * HOUR_MS);
    expect(zoneOffsetMs('+00:00', spring)).toBe(0);
    // Lord Howe Island moves by half an hour, at half past an hour of UTC.
    const howe = at('2026-04-04T15:00:00Z');
    expect(zoneOffsetMs('Australia/Lord_Howe', howe - 1)).toBe(11 * HOUR_MS);
    expect(zoneOffsetMs('Australia/Lord_Howe', howe)).toBe(10.5 * HOUR_MS);
  });

  it('refuses instants that no calendar date of four digits has', () => {
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, at('0900-01-01T00:00:00Z')]) {
      expect(code(() => zoneOffsetMs('Europe/Berlin', ms))).toBe('INSTANT_OUT_OF_RANGE');
    }
  });
});

describe('local days', () => {
  it('have 23, 24 and 25 hours', () => {
    expect(span('Europe/Berlin', '2026-03-29')).toEqual(['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z']);
    expect(span('Europe/Berlin', '2026-06-01')).toEqual(['2026-05-31T22:00:00Z', '2026-06-01T22:00:00Z']);
    expect(span('Europe/Berlin', '2026-10-25')).toEqual(['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z']);
    expect(span('-08:00', '2026-03-08')).toEqual(['2026-03-08T08:00:00Z', '2026-03-09T08:00:00Z']);
  });

  it('begin at the jump where midnight does not exist, and at the first midnight where it exists twice', () => {
    expect(span('Africa/Cairo', '2026-04-24')).toEqual(['2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z']);
    expect(span('America/Havana', '2026-11-01')).toEqual(['2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z']);
  });

  it('refuse dates that do not exist', () => {
    expect(code(() => localDay('Pacific/Apia', '2011-12-30'))).toBe('INTERVAL_EMPTY');
    for (const date of ['2026-02-30', '2026-13-01', '2026-1-1', '26-01-01', '']) {
      expect(code(() => localDay('UTC', date))).toBe('LOCAL_TIME_MALFORMED');
    }
  });

  it('contain every instant whose date they are, and begin where startOfLocalDay says', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'America/Havana',
      'Asia/Kathmandu',
      '-08:00',
    );
    const instant = fc.integer({ min: at('2012-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zone, instant, (name, ms) => {
        const day = localDay(name, localDate(name, ms));
        expect(day.startMs).toBeLessThanOrEqual(ms);
        expect(day.endMs).toBeGreaterThan(ms);
        expect(startOfLocalDay(name, ms)).toBe(day.startMs);
      }),
    );
  });
});

describe('local times', () => {
  it('have no instant in the skipped hour, two in the repeated one, one otherwise', () => {
    expect(instants('2026-03-29T02:30')).toEqual([]);
    expect(instants('2026-03-29T03:00')).toEqual(['2026-03-29T01:00:00Z']);
    expect(instants('2026-10-25T02:30:15')).toEqual(['2026-10-25T00:30:15Z', '2026-10-25T01:30:15Z']);
    expect(instants('2026-10-25T03:00')).toEqual(['2026-10-25T02:00:00Z']);
    expect(instantsOfLocal('-08:00', '2026-03-08T02:30').map(isoInstant)).toEqual(['2026-03-08T10:30:00Z']);
  });

  it('refuse text that is not a local time', () => {
    for (const local of ['2026-03-29 02:30', '2026-03-29T24:00', '2026-02-29T00:00', '2026-03-29T02:30Z']) {
      expect(code(() => instantsOfLocal('Europe/Berlin', local))).toBe('LOCAL_TIME_MALFORMED');
    }
  });
});

describe('hour of the local week', () => {
  it('is 0 on Monday at midnight and 167 on Sunday at 23', () => {
    expect(minuteOfLocalWeek('Europe/Berlin', at('2026-03-29T22:00:00Z'))).toBe(0);
    expect(minuteOfLocalWeek('Europe/Berlin', at('2026-03-29T21:59:59Z'))).toBe(10_079);
    expect(minuteOfLocalWeek('UTC', at('1970-01-01T00:01:00Z'))).toBe(72 * 60 + 1);
    expect(minuteOfLocalWeek('UTC', at('1969-12-29T00:00:00Z'))).toBe(0);
  });

  it('skips one value in spring and repeats one in autumn', () => {
    expect(sundayHours('2026-03-29T00:00:00Z')).toEqual([1, 3, 4]);
    expect(sundayHours('2026-10-25T00:00:00Z')).toEqual([2, 2, 3]);
  });
});
