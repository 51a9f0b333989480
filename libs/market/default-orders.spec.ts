import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, isoInstant, localDay } from '#core';
import {
  type DefaultDeclaration,
  defaultOrders,
  type DefaultSession,
  isDefaultOrder,
  requireDeclaration,
  standingDefaults,
  type TimedDeclaration,
} from './index.ts';

const ZONE = 'Europe/Berlin';
const DAY = localDay(ZONE, '2026-03-28');
const SESSION: DefaultSession = {
  product: 'energy',
  resolutionMinutes: 60,
  zone: ZONE,
  currency: 'EUR',
  day: DAY,
  gateMs: DAY.startMs - 1,
};
const LINE = { from: '07:00', until: '09:00', side: 'buy', quantityWh: 1_000, pricePerMwh: 20_000 } as const;

const declared = (change: Partial<TimedDeclaration> = {}): TimedDeclaration => ({
  participant: 'north',
  declaration: 'spring',
  product: 'energy',
  resolutionMinutes: 60,
  zone: ZONE,
  currency: 'EUR',
  firstDay: '2026-03-01',
  lastDay: '2026-03-31',
  orders: [LINE],
  declaredAtMs: 0,
  revokedAtMs: null,
  ...change,
});

const placed = (declarations: TimedDeclaration[], session = SESSION) =>
  defaultOrders(declarations, session, []).map(({ order, interval: { startMs } }) => [
    order,
    isoInstant(startMs),
  ]);

const on = (date: string): DefaultSession => {
  const day = localDay(ZONE, date);
  return { ...SESSION, day, gateMs: day.startMs };
};

describe('default orders', () => {
  it('stand in the slots that begin within their local times, for who was not heard', () => {
    expect(defaultOrders([declared()], SESSION, [])).toEqual(
      [7, 8].map((hour, n) => ({
        participant: 'north',
        declaration: 'spring',
        order: `default:${n}`,
        interval: { startMs: DAY.startMs + hour * HOUR_MS, endMs: DAY.startMs + (hour + 1) * HOUR_MS },
        side: 'buy',
        quantityWh: 1_000,
        pricePerMwh: 20_000,
      })),
    );
    expect(defaultOrders([declared()], SESSION, [{ participant: 'north' }])).toEqual([]);
    expect(defaultOrders([declared()], SESSION, [{ participant: 'south' }])).toHaveLength(2);
  });

  it('follow the clock on the wall where it jumps or is set back', () => {
    const night = [{ ...LINE, from: '02:00', until: '03:00' }];
    const year = { firstDay: '2026-01-01', lastDay: '2026-12-31', orders: night };
    expect(placed([declared(year)], on('2026-03-29'))).toEqual([]);
    expect(placed([declared(year)], on('2026-10-25'))).toEqual([
      ['default:0', '2026-10-25T00:00:00Z'],
      ['default:1', '2026-10-25T01:00:00Z'],
    ]);
  });

  it('of quarters stand in quarters, of a day in its one slot', () => {
    const quarter = declared({ resolutionMinutes: 15, orders: [{ ...LINE, from: '07:15', until: '07:45' }] });
    expect(placed([quarter], { ...SESSION, resolutionMinutes: 15 })).toEqual([
      ['default:0', '2026-03-28T06:15:00Z'],
      ['default:1', '2026-03-28T06:30:00Z'],
    ]);
    const day = declared({ resolutionMinutes: 1440, orders: [{ ...LINE, from: '00:00', until: '24:00' }] });
    expect(placed([day], { ...SESSION, resolutionMinutes: 1440 })).toEqual([
      ['default:0', isoInstant(DAY.startMs)],
    ]);
  });

  it.each<[string, Partial<TimedDeclaration>]>([
    ['another product', { product: 'reserve' }],
    ['other slots', { resolutionMinutes: 15 }],
    ['another zone', { zone: 'Europe/Vienna' }],
    ['another currency', { currency: 'CHF' }],
    ['days before', { lastDay: '2026-03-27' }],
    ['days after', { firstDay: '2026-03-29' }],
    ['a time after the gate', { declaredAtMs: SESSION.gateMs }],
    ['what was revoked before the gate', { revokedAtMs: SESSION.gateMs - 1 }],
  ])('of %s do not stand', (_, change) => {
    expect(placed([declared(change)])).toEqual([]);
  });

  it('revoked after the gate still stand, and none stands in a slot that had begun by then', () => {
    const gateMs = DAY.startMs + 8 * HOUR_MS;
    const session = { ...SESSION, gateMs };
    expect(placed([declared({ revokedAtMs: gateMs })], session)).toEqual([['default:0', isoInstant(gateMs)]]);
  });

  it('declared later replace earlier ones wholly, in whatever order they come', () => {
    const later = declared({
      declaration: 'new',
      declaredAtMs: 1,
      orders: [{ ...LINE, from: '20:00', until: '21:00' }],
    });
    for (const both of [
      [declared(), later],
      [later, declared()],
    ]) {
      expect(placed(both)).toEqual([['default:0', '2026-03-28T19:00:00Z']]);
    }
    expect(placed([declared(), { ...later, revokedAtMs: 2 }])).toHaveLength(2);
  });

  it('are each participant’s own: who else is heard or declares changes nothing of them', () => {
    const some = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(5), fc.nat(23)), { maxLength: 8 });
    fc.assert(
      fc.property(some, fc.subarray(['a', 'b', 'c']), (drawn, heard) => {
        const declarations = drawn.map(([participant, declaredAtMs, hour], n) =>
          declared({
            participant,
            declaredAtMs,
            declaration: `d${n}`,
            orders: [{ ...LINE, from: `${String(hour).padStart(2, '0')}:00`, until: '24:00' }],
          }),
        );
        const all = defaultOrders(
          declarations,
          SESSION,
          heard.map((participant) => ({ participant })),
        );
        for (const participant of ['a', 'b', 'c']) {
          const alone = declarations.filter((each) => each.participant === participant);
          const expected = heard.includes(participant) ? [] : defaultOrders(alone, SESSION, []);
          expect(all.filter((order) => order.participant === participant)).toEqual(expected);
        }
        expect([...standingDefaults(declarations.toReversed(), SESSION)]).toEqual([
          ...standingDefaults(declarations, SESSION),
        ]);
      }),
    );
  });

  it('have ids that no participant can choose', () => {
    expect(defaultOrders([declared()], SESSION, []).every(({ order }) => isDefaultOrder(order))).toBe(true);
    expect(isDefaultOrder('default-0')).toBe(false);
  });
});

describe('a declaration', () => {
  it('of one order or as many as a day takes is accepted', () => {
    expect(() => requireDeclaration(declared())).not.toThrow();
    const steps = [1, 2, 3].map((n) => ({ ...LINE, from: '00:00', until: '24:00', pricePerMwh: n }));
    expect(() => requireDeclaration(declared({ resolutionMinutes: 15, orders: steps }))).not.toThrow();
  });

  it.each<[string, Partial<DefaultDeclaration>]>([
    ['DEFAULTS_ID', { declaration: 'default:0' }],
    ['DEFAULTS_PRODUCT', { product: 'flexibility' }],
    ['DEFAULTS_DAYS', { firstDay: '2026-02-30x' }],
    ['DEFAULTS_DAYS', { lastDay: '2026-02-28' }],
    ['DEFAULTS_DAYS', { lastDay: '2027-03-02' }],
    ['DEFAULTS_LINES', { orders: [] }],
    ['DEFAULTS_LINES', { orders: [{ ...LINE, from: '7:00' }] }],
    ['DEFAULTS_LINES', { orders: [{ ...LINE, until: '24:01' }] }],
    ['DEFAULTS_LINES', { orders: [{ ...LINE, from: '09:00' }] }],
    ['DEFAULTS_LINES', { orders: [{ ...LINE, from: '07:15', until: '07:45' }] }],
    [
      'DEFAULTS_LINES',
      { orders: Array.from({ length: 13 }, () => ({ ...LINE, from: '00:00', until: '24:00' })) },
    ],
    ['ORDER_SELF_CROSSED', { orders: [LINE, { ...LINE, from: '08:00', side: 'sell', pricePerMwh: 20_000 }] }],
  ])('is refused with %s: %j', (code, change) => {
    expect(() => requireDeclaration(declared(change))).toThrow(expect.objectContaining({ code }));
  });
});
