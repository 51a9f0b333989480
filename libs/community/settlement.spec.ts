import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type PriceRule,
  type SettledSlot,
  type SettlementTerms,
  bestFixedKeys,
  settleCommunity,
} from './index.ts';

const QUARTER_MS = 900_000;
const TARIFF = { retailPerMwh: 30_001, feedInPerMwh: 7_999 };

const slot = (n: number, of: Readonly<Record<string, readonly [number, number]>>): SettledSlot => ({
  startMs: n * QUARTER_MS,
  readings: Object.entries(of).map(([member, [loadWh, generationWh]]) => ({ member, loadWh, generationWh })),
});

const terms = (rule: PriceRule, more: Partial<SettlementTerms> = {}): SettlementTerms => ({
  rule,
  tariff: TARIFF,
  ...more,
});

const RULES: readonly PriceRule[] = [
  { kind: 'bill-sharing' },
  { kind: 'mmr' },
  { kind: 'sdr' },
  { kind: 'sdr-compensated', compensation: '0.3' },
  { kind: 'crossing' },
  {
    kind: 'curve',
    points: [
      { ratio: 0, price: 30_001 },
      { ratio: 1, price: 7_999 },
    ],
  },
  { kind: 'keys', allocation: { kind: 'static', coefficients: { a: '0.333', b: '0.333', c: '0.333' } } },
  { kind: 'keys', allocation: { kind: 'dynamic' }, localPrice: 19_000 },
];

const reading = fc.tuple(fc.nat({ max: 5_000 }), fc.nat({ max: 5_000 }));
const slots = fc
  .array(fc.record({ a: reading, b: reading, c: reading, d: reading }), { minLength: 1, maxLength: 12 })
  .map((all) => all.map((of, n) => slot(n, of)));

describe('ex-post settlement', () => {
  it('bills a slot as the rule prices it, in whole minor units', () => {
    // Mid 19 000; buy (500·19 000 + 1 500·30 001)/2 000, so 27.25075 ct for each Wh·10³
    const settled = settleCommunity([slot(0, { load: [2_000, 0], pv: [0, 500] })], terms({ kind: 'mmr' }));
    expect(settled).toEqual({
      slots: 1,
      members: [
        {
          member: 'load',
          loadWh: 2_000,
          generationWh: 0,
          boughtWh: 500,
          soldWh: 0,
          billMinor: 55,
          aloneMinor: 60,
          savingMinor: 5,
        },
        {
          member: 'pv',
          loadWh: 0,
          generationWh: 500,
          boughtWh: 0,
          soldWh: 500,
          billMinor: -10,
          aloneMinor: -4,
          savingMinor: 6,
        },
      ],
      sharedWh: 500,
      shareableWh: 500,
      retailerMinor: 45,
      operatorMinor: 0,
    });
  });

  it.each(RULES)('$kind: money and energy conserve to the unit, at any tariff, netted or not', (rule) => {
    fc.assert(
      fc.property(slots, fc.boolean(), fc.nat({ max: 60_000 }), (all, net, retailPerMwh) => {
        const settled = settleCommunity(
          all,
          terms(rule, { net, ownTariffs: { b: { ...TARIFF, retailPerMwh } } }),
        );
        const total = (of: (m: (typeof settled.members)[number]) => number): number =>
          settled.members.reduce((all_, member) => all_ + of(member), 0);
        expect(total(({ billMinor }) => billMinor)).toBe(settled.retailerMinor + settled.operatorMinor);
        expect(total(({ boughtWh }) => boughtWh)).toBe(settled.sharedWh);
        expect(total(({ soldWh }) => soldWh)).toBe(settled.sharedWh);
        expect(settled.sharedWh).toBeLessThanOrEqual(settled.shareableWh);
        const drawn = all
          .flatMap(({ readings }) => readings)
          .reduce((wh, { loadWh, generationWh }) => wh + loadWh - generationWh, 0);
        expect(total(({ loadWh, generationWh }) => loadWh - generationWh)).toBe(drawn);
        for (const { savingMinor, aloneMinor, billMinor } of settled.members)
          expect(savingMinor).toBe(aloneMinor - billMinor);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it('does not depend on the order of slots, of members, or on what else was settled before', () => {
    fc.assert(
      fc.property(slots, (all) => {
        const turned = all
          .toReversed()
          .map(({ readings, ...of }) => ({ ...of, readings: readings.toReversed() }));
        expect(settleCommunity(turned, terms({ kind: 'sdr' }))).toEqual(
          settleCommunity(all, terms({ kind: 'sdr' })),
        );
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('takes tariffs that change from slot to slot', () => {
    const dear = { retailPerMwh: 100_000, feedInPerMwh: 0 };
    const day = [slot(0, { a: [1_000, 0] }), { ...slot(1, { a: [1_000, 0] }), tariff: dear }];
    expect(settleCommunity(day, terms({ kind: 'mmr' })).members[0]).toMatchObject({
      billMinor: 130,
      aloneMinor: 130,
    });
  });

  it('settles a month of quarters of an hour of 20 homes', () => {
    const month = Array.from({ length: 2_976 }, (_, n) =>
      slot(
        n,
        Object.fromEntries(
          Array.from({ length: 20 }, (__, i) => [
            `home${i}`,
            [100 + ((n * 7 + i * 13) % 400), n % 96 > 30 && n % 96 < 70 && i % 2 === 0 ? 600 : 0] as const,
          ]),
        ),
      ),
    );
    const { members, retailerMinor, sharedWh, shareableWh } = settleCommunity(month, terms({ kind: 'sdr' }));
    expect(members.reduce((total, { billMinor }) => total + billMinor, 0)).toBe(retailerMinor);
    expect(sharedWh).toBe(shareableWh);
    expect(members.every(({ savingMinor }) => savingMinor > 0)).toBe(true);
  });

  it.each<[string, readonly SettledSlot[], Partial<SettlementTerms>?]>([
    ['SLOTS_EMPTY', []],
    ['SLOT_DUPLICATE', [slot(1, { a: [1, 0] }), slot(1, { a: [1, 0] })]],
    ['READING_MISSING', [slot(0, { a: [1, 0], b: [1, 0] }), slot(1, { a: [1, 0] })]],
    ['READING_MISSING', [slot(0, { a: [1, 0] }), slot(1, { a: [1, 0], b: [1, 0] })]],
    ['READING_ENERGY', [slot(0, { a: [0.5, 0] })]],
    ['READING_ENERGY', [slot(0, { a: [1, -1] })]],
    [
      'MEMBER_DUPLICATE',
      [
        {
          startMs: 0,
          readings: [
            { member: 'a', loadWh: 1, generationWh: 0 },
            { member: 'a', loadWh: 1, generationWh: 0 },
          ],
        },
      ],
    ],
    ['TARIFF_NOT_WHOLE', [slot(0, { a: [1, 0] })], { tariff: { retailPerMwh: 0.5, feedInPerMwh: 0 } }],
    ['PRICE_RULE', [slot(0, { a: [1, 0] })], { rule: { kind: 'mmr', divisor: -1 } }],
  ])('%s', (code, all, more = {}) => {
    expect(() => settleCommunity(all, terms({ kind: 'mmr' }, more))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

const sharedBy = (all: readonly SettledSlot[], coefficients: Readonly<Record<string, number>>): number =>
  settleCommunity(all, terms({ kind: 'keys', allocation: { kind: 'static', coefficients } })).sharedWh;

describe('fixed keys in hindsight', () => {
  it('lose two thirds where three members draw one after the other', () => {
    const turns = [0, 1, 2].map((n) =>
      slot(n, {
        a: [n === 0 ? 900 : 0, 0],
        b: [n === 1 ? 900 : 0, 0],
        c: [n === 2 ? 900 : 0, 0],
        pv: [0, 900],
      }),
    );
    expect(sharedBy(turns, bestFixedKeys(turns))).toBe(900);
    expect(settleCommunity(turns, terms({ kind: 'keys', allocation: { kind: 'dynamic' } })).sharedWh).toBe(
      2_700,
    );
  });

  it('share as much as any other fixed keys', () => {
    const share = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(slots, fc.tuple(share, share, share, share), (all, weights) => {
        const total = Math.max(
          1,
          weights.reduce((a, b) => a + b),
        );
        const other = Object.fromEntries(
          ['a', 'b', 'c', 'd'].map((id, i) => [id, Math.floor((weights[i]! * 1e6) / total) / 1e6]),
        );
        // Nine decimals of keys on twelve slots of at most 20 kWh: less than a Wh a member.
        expect(sharedBy(all, bestFixedKeys(all))).toBeGreaterThanOrEqual(sharedBy(all, other) - 4);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});
