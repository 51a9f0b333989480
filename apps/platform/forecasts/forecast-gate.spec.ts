import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '#core';
import {
  type AfterGate,
  closedSpans,
  closureMs,
  type GateRule,
  lateFor,
  requireAhead,
  requireGateRule,
  ruleAt,
} from './forecast-gate.ts';

const ZONE = 'Europe/Berlin';
const rule = (fields: Partial<GateRule> = {}): GateRule => ({
  name: 'day-ahead',
  zone: ZONE,
  daysBefore: 1,
  closesAt: '12:00',
  afterGate: 'KEEP',
  validFromMs: Date.UTC(2026, 0, 1),
  validToMs: null,
  ...fields,
});
const coded = (code: string) => expect.objectContaining({ code });
const at = (text: string): number => Date.parse(text);

const rules = fc.record({
  name: fc.constant('day-ahead'),
  zone: fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    '-08:00',
  ),
  daysBefore: fc.integer({ min: 1, max: 14 }),
  closesAt: fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  afterGate: fc.constant<AfterGate>('KEEP'),
  validFromMs: fc.integer({ min: -20, max: 20 }).map((days) => at('2026-03-20T00:00Z') + days * DAY_MS),
  validToMs: fc.constant(null),
});
const instants = fc.nat(60 * 96).map((quarters) => at('2026-03-01T00:00Z') + (quarters * HOUR_MS) / 4);

describe('closureMs', () => {
  it('is noon of the local day before, also where that day or the one of delivery changes its clock', () => {
    expect(closureMs(rule(), at('2026-05-12T00:00+02:00'))).toBe(at('2026-05-11T12:00+02:00'));
    expect(closureMs(rule(), at('2026-05-12T23:45+02:00'))).toBe(at('2026-05-11T12:00+02:00'));
    // Clocks go forward on 29 March 2026 and back on 25 October.
    expect(closureMs(rule(), at('2026-03-29T23:00+02:00'))).toBe(at('2026-03-28T12:00+01:00'));
    expect(closureMs(rule(), at('2026-03-30T00:00+02:00'))).toBe(at('2026-03-29T12:00+02:00'));
    expect(closureMs(rule(), at('2026-10-26T00:00+01:00'))).toBe(at('2026-10-25T12:00+01:00'));
  });

  it('is the first of a doubled local time, and as long after midnight as one that spring skips', () => {
    const night = rule({ closesAt: '02:30' });
    expect(closureMs(night, at('2026-10-26T00:00+01:00'))).toBe(at('2026-10-25T02:30+02:00'));
    expect(closureMs(night, at('2026-03-30T00:00+02:00'))).toBe(at('2026-03-29T03:30+02:00'));
  });

  it('never decreases from one interval to a later one', () => {
    fc.assert(
      fc.property(rules, instants, instants, (each, a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        expect(closureMs(each, second)).toBeGreaterThanOrEqual(closureMs(each, first));
      }),
    );
  });
});

describe('lateFor', () => {
  it('is late from the very moment of closure', () => {
    const start = at('2026-05-12T08:00+02:00');
    const closure = at('2026-05-11T12:00+02:00');
    expect(lateFor([rule()], start, closure - 1)).toEqual([]);
    expect(lateFor([rule()], start, closure)).toEqual(['day-ahead']);
  });

  it('names each gate that was missed, and none where no rule governs the interval', () => {
    const week = rule({ name: 'week-ahead', daysBefore: 7 });
    const ended = rule({ name: 'trial', validToMs: at('2026-05-12T00:00+02:00') });
    const start = at('2026-05-12T08:00+02:00');
    expect(lateFor([rule(), week, ended], start, at('2026-05-10T00:00Z'))).toEqual(['week-ahead']);
    expect(lateFor([rule(), week, ended], start, start)).toEqual(['day-ahead', 'week-ahead']);
    expect(lateFor([rule()], at('2025-12-31T08:00Z'), start)).toEqual([]);
  });

  it('refuses where one of the rules says so', () => {
    const strict = rule({ name: 'intraday', afterGate: 'REFUSE' });
    const start = at('2026-05-12T08:00+02:00');
    expect(() => lateFor([rule(), strict], start, start)).toThrow(coded('FORECAST_GATE_CLOSED'));
    expect(lateFor([rule(), strict], start, at('2026-05-11T09:00Z'))).toEqual([]);
  });
});

describe('closedSpans', () => {
  it('holds an interval exactly when a version that arrives now would be late: no frozen version can change', () => {
    fc.assert(
      fc.property(
        fc.array(rules, { minLength: 1, maxLength: 4 }),
        instants,
        instants,
        (drawn, start, now) => {
          const each = [...new Map(drawn.map((one) => [one.validFromMs, one])).values()];
          const spans = closedSpans(each, 'day-ahead', now);
          const isClosed = spans.some(({ startMs, endMs }) => startMs <= start && start < endMs);
          expect(lateFor(each, start, now)).toEqual(isClosed ? ['day-ahead'] : []);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('requireAhead', () => {
  it('lets no rule change what has closed, whatever rules there were', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 6 }), instants, (drawn, now) => {
        let accepted: GateRule[] = [];
        for (const each of drawn) {
          try {
            requireAhead(each, accepted, now);
          } catch {
            continue;
          }
          expect(closedSpans([...accepted, each], 'day-ahead', now)).toEqual(
            closedSpans(accepted, 'day-ahead', now),
          );
          accepted = [...accepted, each];
        }
        expect(accepted.length).toBeLessThanOrEqual(drawn.length);
      }),
    );
  });

  it('refuses a rule for intervals whose gate has closed, by the new rule or by the one before', () => {
    const now = at('2026-05-11T09:00+02:00');
    const tomorrow = at('2026-05-12T00:00+02:00');
    expect(() => requireAhead(rule({ validFromMs: tomorrow }), [rule()], now)).not.toThrow();
    for (const [fields, known] of [
      [{ closesAt: '09:00' }, []],
      [{}, [rule({ closesAt: '08:00' })]],
    ] as const) {
      expect(() => requireAhead(rule({ validFromMs: tomorrow, ...fields }), known, now)).toThrow(
        coded('FORECAST_GATE_PASSED'),
      );
    }
    const same = rule({ validFromMs: tomorrow });
    expect(() => requireAhead(same, [same], now)).toThrow(coded('FORECAST_GATE_EXISTS'));
  });
});

describe('ruleAt', () => {
  it('is the newest that has begun, until its end', () => {
    const first = rule();
    const second = rule({ validFromMs: at('2026-02-01T00:00Z'), validToMs: at('2026-03-01T00:00Z') });
    const both = [second, first];
    expect(ruleAt(both, 'day-ahead', at('2026-01-15T00:00Z'))).toBe(first);
    expect(ruleAt(both, 'day-ahead', at('2026-02-01T00:00Z'))).toBe(second);
    expect(ruleAt(both, 'day-ahead', at('2026-03-01T00:00Z'))).toBeUndefined();
    expect(ruleAt(both, 'intraday', at('2026-02-01T00:00Z'))).toBeUndefined();
  });
});

describe('requireGateRule', () => {
  it.each<[string, Partial<GateRule>]>([
    ['FORECAST_GATE_RULE', { name: 'Day ahead' }],
    ['FORECAST_GATE_RULE', { daysBefore: 0 }],
    ['FORECAST_GATE_RULE', { daysBefore: 15 }],
    ['FORECAST_GATE_RULE', { daysBefore: 1.5 }],
    ['FORECAST_GATE_RULE', { closesAt: '24:00' }],
    ['INTERVAL_EMPTY', { validToMs: Date.UTC(2026, 0, 1) }],
  ])('refuses with %s %j', (code, fields) => {
    expect(() => requireGateRule(rule(fields))).toThrow(coded(code));
  });
});
