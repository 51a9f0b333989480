import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError, type LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  admitSlot,
  baranWu33,
  busierEnd,
  brokenLimits,
  busNamed,
  type Feeder,
  feederOf,
  flowCarrying,
  type NetworkData,
  type SlotAdmission,
  type SlotTrade,
} from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem, { primalTolerance: 1e-9, dualTolerance: 1e-9 });
});

/** 1 MVA and 1 kV: 1 pu is 1 MW, an hour of it 1 000 000 Wh. */
function tail(limits: Readonly<Record<string, number>>, vmin?: number): NetworkData {
  const line = (from: string, to: string) => ({ from, to, r: 0.02, x: 0.01, limit: limits[`${from}${to}`] });
  return {
    base: { kv: 1, mva: 1 },
    powerUnit: 'pu',
    impedanceUnit: 'pu',
    root: 'r',
    buses: ['r', 'a', 'b', 'c'].map((id) => ({ id, p: id === 'r' ? 0 : 0.02, vmin })),
    lines: [line('r', 'a'), line('a', 'b'), line('a', 'c')],
  };
}

const admit = (feeder: Feeder, trades: readonly SlotTrade[], hours = 1): SlotAdmission =>
  admitSlot(feeder, trades, { hours, solve });

/** A trade of c, which has plenty, with b behind the narrow line, unless said otherwise. */
const named = (
  feeder: Feeder,
  id: string,
  quantityWh: number,
  gainPerMwh: number,
  [from, to]: readonly [string, string] = ['c', 'b'],
): SlotTrade => ({ id, from: busNamed(feeder, from), to: busNamed(feeder, to), quantityWh, gainPerMwh });

const carriedOf = (
  feeder: Feeder,
  trades: readonly SlotTrade[],
  wh: (i: number) => number,
  hours: number,
): { from: number; to: number; quantity: number }[] =>
  trades.map(({ from, to }, i) => ({ from, to, quantity: wh(i) / (feeder.whPerUnit * hours) }));

describe('a slot on a feeder with one narrow line', () => {
  it('is carried whole, and free of charge, where nothing binds', () => {
    const feeder = feederOf(tail({}));
    const trades = [named(feeder, 't', 100_000, 9_000)];
    const { method, trades: carried, binding, prices } = admit(feeder, trades);
    expect({ method, carried, binding, prices }).toEqual({
      method: 'whole',
      carried: [{ id: 't', admittedWh: 100_000, chargePerMwh: 0, limits: [] }],
      binding: [],
      prices: null,
    });
  });

  it('carries the dearest trades first and the last in part, which pays all it gains', () => {
    const feeder = feederOf(tail({ ab: 0.1 }));
    const trades = [
      named(feeder, 'low', 60_000, 1_000),
      named(feeder, 'high', 50_000, 9_000),
      named(feeder, 'aside', 200_000, 10, ['r', 'c']),
    ];
    const { method, trades: carried, binding } = admit(feeder, trades);
    expect(method).toBe('optimal');
    expect(binding).toEqual(['line a–b']);
    const [low, high, aside] = carried;
    // 0.1 pu less the 0.02 pu of bus b and the loss of the line is what trades may bring: 80 kWh less 0.2 kWh.
    expect(high).toMatchObject({ admittedWh: 50_000, limits: ['line a–b'] });
    expect(low!.admittedWh).toBeGreaterThan(29_700);
    expect(low!.admittedWh).toBeLessThan(30_000);
    expect(low!.chargePerMwh).toBe(1_000);
    expect(Math.abs(high!.chargePerMwh - 1_000)).toBeLessThanOrEqual(10);
    expect(aside).toEqual({ id: 'aside', admittedWh: 200_000, chargePerMwh: 0, limits: [] });
  });

  it('carries twice the energy in two hours', () => {
    const feeder = feederOf(tail({ ab: 0.1 }));
    const [one, two] = [1, 2].map(
      (hours) => admit(feeder, [named(feeder, 't', 900_000, 1_000)], hours).trades[0]!.admittedWh,
    );
    expect(Math.abs(two! - 2 * one!)).toBeLessThanOrEqual(1);
  });

  it('pays a trade that relieves the line, out of what others pay', () => {
    const feeder = feederOf(tail({ ab: 0.1 }));
    const trades = [named(feeder, 'into', 200_000, 1_000), named(feeder, 'out', 20_000, 500, ['b', 'c'])];
    const [into, out] = admit(feeder, trades).trades;
    expect(out).toMatchObject({ admittedWh: 20_000 });
    expect(out!.chargePerMwh).toBeLessThan(-900);
    expect(into!.admittedWh).toBeGreaterThan(99_000);
    expect(into!.chargePerMwh * into!.admittedWh + out!.chargePerMwh * out!.admittedWh).toBeGreaterThan(0);
  });

  it('names the voltage that holds a trade back, and its part of the price', () => {
    const feeder = feederOf(tail({}, 0.995));
    const { binding, prices, state } = admit(feeder, [named(feeder, 't', 900_000, 1_000, ['r', 'b'])]);
    expect(binding).toEqual(['voltage of b']);
    expect(Math.sqrt(Math.min(...state.v))).toBeCloseTo(0.995, 7);
    expect(prices![busNamed(feeder, 'b')]!.voltage).toBeCloseTo(1_000, -1);
    expect(prices![busNamed(feeder, 'b')]!.congestion).toBe(0);
  });

  it('shares what is carried between equal trades in proportion to their energy', () => {
    const feeder = feederOf(tail({ ab: 0.1 }));
    const trades = [named(feeder, 'x', 100_000, 1_000), named(feeder, 'y', 300_000, 1_000)];
    const [x, y] = admit(feeder, trades).trades.map(({ admittedWh }) => admittedWh);
    expect(Math.abs(y! - 3 * x!)).toBeLessThanOrEqual(3);
  });

  it('takes trades from the largest gain down where they are too many for one program', () => {
    const feeder = feederOf(tail({ ab: 0.1 }));
    const trades = Array.from({ length: 1_001 }, (_, i) => named(feeder, `t${i}`, 1_000, i));
    const { method, trades: carried, binding, prices } = admit(feeder, trades);
    expect({ method, binding, prices }).toEqual({ method: 'in-order', binding: ['line a–b'], prices: null });
    const admitted = carried.map(({ admittedWh }) => admittedWh);
    expect(admitted.slice(-79)).toEqual(Array.from({ length: 79 }, () => 1_000));
    expect(admitted.slice(0, -80)).toEqual(Array.from({ length: 921 }, () => 0));
    expect(carried.every(({ chargePerMwh }) => chargePerMwh === 0)).toBe(true);
  });

  it('refuses two trades of one id, and energy that is not whole', () => {
    const feeder = feederOf(tail({}));
    const trade = named(feeder, 't', 1, 1);
    for (const bad of [[trade, trade], [{ ...trade, quantityWh: 0.5 }], [{ ...trade, quantityWh: 0 }]]) {
      expect(() => admit(feeder, bad)).toThrow(expect.objectContaining({ code: 'TRADE_INVALID' }));
    }
  });
});

describe('a feeder', () => {
  it.each<[string, NetworkData]>([
    ['FEEDER_OVERLOADED', tail({ ab: 0.01 })],
    ['FEEDER_OVERLOADED', { ...tail({}), buses: tail({}).buses.map((bus) => ({ ...bus, p: 20 })) }],
    ['FEEDER_PERIODS', { ...tail({}), buses: tail({}).buses.map((bus) => ({ ...bus, p: [0, 0] })) }],
    ['NETWORK_MESHED', { ...tail({}), lines: [...tail({}).lines, { from: 'b', to: 'c', r: 1, x: 1 }] }],
    ['NETWORK_BUS_UNKNOWN', { ...tail({}), root: 'q' }],
  ])('is refused with %s', (code, data) => {
    expect(() => feederOf(data)).toThrow(expect.objectContaining({ code }));
  });

  it('names its buses only', () => {
    expect(() => busNamed(feederOf(tail({})), 'z')).toThrow(
      expect.objectContaining({ code: 'NETWORK_BUS_UNKNOWN' }),
    );
  });
});

const WIDE = feederOf(baranWu33());

/** The 33-bus feeder with 100 kVA to spare in every line and little voltage. */
const LIMITED = feederOf({
  ...baranWu33(),
  buses: baranWu33().buses.map((bus) => ({ ...bus, vmin: 0.912, vmax: 1.01 })),
  lines: baranWu33().lines.map((line) => {
    const { tree } = WIDE;
    const { s } = busierEnd(tree, flowCarrying(WIDE, [])!, tree.positionOf[busNamed(WIDE, line.to)]!);
    return { ...line, limit: s * tree.network.powerUnit + 100 };
  }),
});

const withoutOptimum: LpSolve = () => {
  throw new DomainError('NETWORK_NOT_CONVERGED', 'expected an optimum, got none');
};

const slots = fc.array(
  fc.record({
    from: fc.nat({ max: 32 }),
    to: fc.nat({ max: 32 }),
    quantityWh: fc.integer({ min: 1, max: 3_000_000 }),
    gainPerMwh: fc.integer({ min: 0, max: 22_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const withIds = (drawn: readonly Omit<SlotTrade, 'id'>[]): SlotTrade[] =>
  drawn.map((trade, i) => ({ ...trade, id: `t${i}` }));

describe('slots of random trades on the 33-bus feeder', () => {
  it('keep every limit in the exact power flow, between nothing and all of each trade', () => {
    fc.assert(
      fc.property(slots, fc.constantFrom(0.25, 1), (drawn, hours) => {
        const trades = withIds(drawn);
        const { trades: carried } = admit(LIMITED, trades, hours);
        carried.forEach(({ id, admittedWh, chargePerMwh }, i) => {
          expect(id).toBe(trades[i]!.id);
          expect(Number.isSafeInteger(admittedWh)).toBe(true);
          expect(admittedWh).toBeGreaterThanOrEqual(0);
          expect(admittedWh).toBeLessThanOrEqual(trades[i]!.quantityWh);
          expect(chargePerMwh).toBeLessThanOrEqual(trades[i]!.gainPerMwh);
        });
        expect(
          brokenLimits(
            LIMITED,
            carriedOf(LIMITED, trades, (i) => carried[i]!.admittedWh, hours),
          ),
        ).toEqual([]);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('leave no trade that alone could carry another Wh', () => {
    fc.assert(
      fc.property(slots, (drawn) => {
        const trades = withIds(drawn);
        const { trades: carried } = admit(LIMITED, trades);
        carried.forEach(({ admittedWh }, one) => {
          // A Wh between equal trades is shared by rounding.
          if (admittedWh === trades[one]!.quantityWh) return;
          const more = carriedOf(LIMITED, trades, (i) => carried[i]!.admittedWh + (i === one ? 1 : 0), 1);
          expect(brokenLimits(LIMITED, more)).not.toEqual([]);
        });
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('withdraw nothing and charge nothing where the feeder has no limits', () => {
    fc.assert(
      fc.property(slots, (drawn) => {
        const trades = withIds(drawn);
        const { trades: carried, method } = admit(WIDE, trades);
        fc.pre(method === 'whole');
        expect(carried.map(({ admittedWh }) => admittedWh)).toEqual(
          trades.map(({ quantityWh }) => quantityWh),
        );
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('gain no less than trades taken in the order of their gain, and pay out no more than they pay in', () => {
    fc.assert(
      fc.property(slots, (drawn) => {
        const trades = withIds(drawn);
        const optimal = admit(LIMITED, trades);
        const inOrder = admitSlot(LIMITED, trades, { hours: 1, solve: withoutOptimum });
        const gain = ({ trades: carried }: SlotAdmission): number =>
          carried.reduce((sum, { admittedWh }, i) => sum + admittedWh * trades[i]!.gainPerMwh, 0);
        expect(gain(optimal)).toBeGreaterThanOrEqual(gain(inOrder) * (1 - 1e-4));
        const paid = optimal.trades.reduce((sum, each) => sum + each.admittedWh * each.chargePerMwh, 0);
        expect(paid).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it('come out the same in any order of trades', () => {
    fc.assert(
      fc.property(slots, (drawn) => {
        const trades = withIds(drawn);
        const turned = admit(LIMITED, trades.toReversed());
        const { trades: carried, ...rest } = admit(LIMITED, trades);
        expect({ ...turned, trades: turned.trades.toReversed() }).toEqual({ ...rest, trades: carried });
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
