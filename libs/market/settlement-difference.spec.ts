import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import {
  type Delivery,
  type DeliveryCorrection,
  MAX_DELIVERY_VERSIONS,
  newestDeliveries,
  requireCorrection,
  settle,
  settlementDifferences,
  type Trade,
} from './index.ts';

const TERMS = { retailPerMwh: 30_001, feedInPerMwh: 7_993 };
const slot = (n: number) => interval(n * HOUR_MS, (n + 1) * HOUR_MS);
const MEMBERS = ['a', 'b', 'c', 'd'] as const;

const trades = fc.array(
  fc
    .record({
      buyer: fc.constantFrom(...MEMBERS),
      seller: fc.constantFrom(...MEMBERS),
      n: fc.nat(2),
      quantityWh: fc.integer({ min: 1, max: 50_000 }),
      buyPricePerMwh: fc.integer({ min: -500, max: 40_000 }),
      margin: fc.nat(500),
    })
    .filter(({ buyer, seller }) => buyer !== seller)
    .map(({ n, margin, ...trade }): Trade => ({
      ...trade,
      sellPricePerMwh: trade.buyPricePerMwh - margin,
      buyOrder: 'buy',
      sellOrder: 'sell',
      interval: slot(n),
    })),
  { minLength: 1, maxLength: 8 },
);
const energies = fc.infiniteStream(fc.integer({ min: 0, max: 60_000 }));
const chances = fc.infiniteStream(fc.integer({ min: 0, max: 3 }));

const hoursOf = (all: readonly Trade[]) => [
  ...new Map(
    all.flatMap(({ buyer, seller, interval: of }) =>
      [buyer, seller].map((member) => [`${member}/${of.startMs}`, { member, interval: of }] as const),
    ),
  ).values(),
];

/** First statements of some hours, then corrections of some: also of hours that had none. */
function stated(
  all: readonly Trade[],
  energy: () => number,
  chance: () => number,
): { first: Delivery[]; corrections: DeliveryCorrection[] } {
  const hours = hoursOf(all);
  const energyOf = () => ({ netImportWh: energy(), netExportWh: energy() });
  const first = hours.filter(() => chance() > 0).map((hour) => ({ ...hour, ...energyOf() }));
  const corrections = hours.flatMap((hour) => {
    const had = first.some(({ member, interval: of }) => member === hour.member && of === hour.interval);
    const versions = Array.from({ length: chance() }, (_, i) => i + (had ? 2 : 1));
    return versions.map((version) => ({
      ...hour,
      ...energyOf(),
      version,
      reason: version === 1 ? ('LATE_READING' as const) : ('METER_CORRECTED' as const),
    }));
  });
  return { first, corrections };
}

const next =
  <T>(stream: Iterator<T>) =>
  (): T =>
    stream.next().value as T;

describe('settlementDifferences', () => {
  it('and what was booked before add up to the settlement of the newest statements, and to zero with the houses', () => {
    fc.assert(
      fc.property(trades, energies, chances, (all, energy, chance) => {
        const { first, corrections } = stated(all, next(energy), next(chance));
        const before = settle(all, first, TERMS);
        const after = settle(all, newestDeliveries(first, corrections), TERMS);
        const differences = settlementDifferences(before.members, after.members);
        const booked = new Map(before.members.map(({ member, ...amounts }) => [member, amounts]));
        for (const { member, localMinor, deviationMinor } of differences) {
          const { localMinor: local, deviationMinor: deviation, ...rest } = booked.get(member)!;
          booked.set(member, {
            ...rest,
            localMinor: local + localMinor,
            deviationMinor: deviation + deviationMinor,
          });
        }
        for (const { member, localMinor, deviationMinor } of after.members)
          expect(booked.get(member)).toMatchObject({ localMinor, deviationMinor });
        const sum = (of: (d: (typeof differences)[number]) => number) =>
          differences.reduce((total, each) => total + of(each), 0);
        expect(sum(({ localMinor }) => localMinor)).toBe(before.marketMinor - after.marketMinor);
        expect(sum(({ deviationMinor }) => deviationMinor)).toBe(before.retailerMinor - after.retailerMinor);
      }),
    );
  });

  it('never touch local trades, which corrections do not change', () => {
    fc.assert(
      fc.property(trades, energies, chances, (all, energy, chance) => {
        const { first, corrections } = stated(all, next(energy), next(chance));
        const before = settle(all, first, TERMS);
        const after = settle(all, newestDeliveries(first, corrections), TERMS);
        for (const { localMinor } of settlementDifferences(before.members, after.members))
          expect(localMinor).toBe(0);
      }),
    );
  });

  it('leave out who owes and is owed the same', () => {
    const amounts = { member: 'a', localMinor: 1, deviationMinor: 2 };
    expect(settlementDifferences([amounts], [{ ...amounts }])).toEqual([]);
    expect(settlementDifferences([amounts], [])).toEqual([
      { member: 'a', localMinor: -1, deviationMinor: -2 },
    ]);
  });
});

describe('newestDeliveries', () => {
  it('takes the highest version whatever the order they came in', () => {
    const of = (version: number, netImportWh: number): DeliveryCorrection => ({
      member: 'a',
      interval: slot(0),
      netImportWh,
      netExportWh: 0,
      version,
      reason: 'METER_CORRECTED',
    });
    const first = [{ member: 'a', interval: slot(0), netImportWh: 1, netExportWh: 0 }];
    for (const corrections of [
      [of(2, 20), of(3, 30)],
      [of(3, 30), of(2, 20)],
    ])
      // prettier-ignore
      expect(newestDeliveries(first, corrections)).toEqual([{ ...first[0], netImportWh: 30 }]);
  });
});

describe('requireCorrection', () => {
  const second = {
    interval: slot(0),
    netImportWh: 5,
    netExportWh: 0,
    version: 2,
    reason: 'METER_CORRECTED',
  } as const;
  const stored = { version: 1, netImportWh: 4, netExportWh: 0 };

  it('takes the next version, and the first of an interval that had none', () => {
    requireCorrection(second, stored);
    requireCorrection({ ...second, version: 1, reason: 'LATE_READING' }, undefined);
  });

  it.each([
    ['CORRECTION_VERSION', { version: 3 }, stored],
    ['CORRECTION_VERSION', { version: 1, reason: 'LATE_READING' }, stored],
    ['CORRECTION_VERSION', {}, undefined],
    ['CORRECTION_REASON', { reason: 'LATE_READING' }, stored],
    ['CORRECTION_REASON', { version: 1 }, undefined],
    ['CORRECTION_EMPTY', { netImportWh: 4 }, stored],
    ['CORRECTION_LIMIT', { version: MAX_DELIVERY_VERSIONS + 1 }, { ...stored, version: MAX_DELIVERY_VERSIONS }], // prettier-ignore
    ['DELIVERY_ENERGY', { netExportWh: -1 }, stored],
  ] as const)('refuses with %s', (code, change, before) => {
    expect(() => requireCorrection({ ...second, ...change }, before)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
