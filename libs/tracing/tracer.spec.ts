import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TRACED, tracer, WITHOUT_INFLOW, WITHOUT_SOURCE } from './tracer.ts';

const line = (from: number, to: number) => ({ from, to });

function network(zones: number, lines: readonly { from: number; to: number }[]) {
  return {
    zones,
    from: Int32Array.from(lines, ({ from }) => from),
    to: Int32Array.from(lines, ({ to }) => to),
  };
}

/** A ring with chords; supply and flows at random, so that only what enters is known. */
const grids = fc.integer({ min: 2, max: 12 }).chain((zones) =>
  fc.record({
    zones: fc.constant(zones),
    supply: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })), {
      minLength: zones,
      maxLength: zones,
    }),
    lines: fc.uniqueArray(
      fc
        .record({
          from: fc.integer({ min: 0, max: zones - 1 }),
          to: fc.integer({ min: 0, max: zones - 1 }),
          mwh: fc.integer({ min: -10_000, max: 10_000 }),
        })
        .filter(({ from, to }) => from < to),
      { selector: ({ from, to }) => from * zones + to, maxLength: 30 },
    ),
    factors: fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: zones, maxLength: zones }),
  }),
);

it('gives every traced zone an intensity between the least and the greatest factor', () => {
  fc.assert(
    fc.property(grids, ({ zones, supply, lines, factors }) => {
      const traced = tracer(network(zones, lines));
      traced.setHour(
        Float64Array.from(supply),
        Float64Array.from(lines, ({ mwh }) => mwh),
      );
      const x = Float64Array.from(supply, (mwh, i) => mwh * factors[i]!);
      traced.upstream(x, 1);
      const used = factors.filter((_, i) => supply[i]! > 0);
      for (let i = 0; i < zones; i += 1) {
        if (traced.states[i] !== TRACED) continue;
        expect(x[i]).toBeGreaterThanOrEqual(Math.min(...used) * (1 - 1e-9) - 1e-9);
        expect(x[i]).toBeLessThanOrEqual(Math.max(...used) * (1 + 1e-9) + 1e-9);
      }
    }),
  );
});

it('does not depend on the order of zones and lines, to 1e-9', () => {
  fc.assert(
    fc.property(grids, fc.infiniteStream(fc.nat()), ({ zones, supply, lines, factors }, keys) => {
      const traced = tracer(network(zones, lines));
      traced.setHour(
        Float64Array.from(supply),
        Float64Array.from(lines, ({ mwh }) => mwh),
      );
      const x = Float64Array.from(supply, (mwh, i) => mwh * factors[i]!);
      traced.upstream(x, 1);
      const renamed = Array.from({ length: zones }, (_, i) => ({ i, key: keys.next().value }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ i }) => i);
      const place = (zone: number): number => renamed.indexOf(zone);
      const mixed = lines
        .map(({ from, to, mwh }) => ({ from: place(to), to: place(from), mwh: -mwh }))
        .toReversed();
      const other = tracer(network(zones, mixed));
      other.setHour(
        Float64Array.from(renamed, (i) => supply[i]!),
        Float64Array.from(mixed, ({ mwh }) => mwh),
      );
      const y = Float64Array.from(renamed, (i) => supply[i]! * factors[i]!);
      other.upstream(y, 1);
      for (let i = 0; i < zones; i += 1) {
        expect(other.states[place(i)]).toBe(traced.states[i]);
        expect(Math.abs(y[place(i)]! - x[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, x[i]!));
      }
    }),
  );
});

it('gives a zone that nothing enters no composition, nor one whose flow only goes in a circle', () => {
  const traced = tracer(network(5, [line(0, 1), line(2, 3), line(3, 4), line(2, 4)]));
  traced.setHour(Float64Array.of(10, 0, 0, 0, 0), Float64Array.of(0, 5, 5, -5));
  expect([...traced.states]).toEqual([
    TRACED,
    WITHOUT_INFLOW,
    WITHOUT_SOURCE,
    WITHOUT_SOURCE,
    WITHOUT_SOURCE,
  ]);
  const x = Float64Array.of(4000, 0, 0, 0, 0);
  traced.upstream(x, 1);
  expect([...x]).toEqual([400, 0, 0, 0, 0]);
});

it('mixes what circles with what enters the circle', () => {
  // 10 MWh of 300 and 30 MWh of 100 enter a ring in which 90 MWh circle; the ends use 20 each.
  const traced = tracer(network(3, [line(0, 1), line(1, 2), line(0, 2)]));
  traced.setHour(Float64Array.of(10, 30, 0), Float64Array.of(80, 90, -70));
  const x = Float64Array.of(10 * 300, 30 * 100, 0);
  traced.upstream(x, 1);
  // x0 = (3000 + 70 x2) / 80, x1 = (3000 + 80 x0) / 110, x2 = x1
  const x1 = 6000 / 40;
  expect(x[1]).toBeCloseTo(x1, 9);
  expect(x[2]).toBeCloseTo(x1, 9);
  expect(x[0]).toBeCloseTo((3000 + 70 * x1) / 80, 9);
});
