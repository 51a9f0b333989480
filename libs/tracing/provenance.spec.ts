import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gridOf, type HourRecord } from './grid.ts';
import { stated } from './imbalance.ts';
import { provenanceOf } from './provenance.ts';

const provenance = (record: HourRecord) => {
  const { grid, hours } = gridOf([record], () => false);
  const { hour } = stated(grid, hours[0]!);
  const line = (from: string, to: string): number =>
    [...grid.topology.from].findIndex(
      (zone, i) => grid.zones[zone] === from && grid.zones[grid.topology.to[i]!] === to,
    );
  const zone = (id: string): number => grid.zones.indexOf(id);
  const source = (id: string): number => grid.sources.findIndex((each) => each.zone === zone(id));
  return { ...provenanceOf(grid, hour), grid, hour, line, zone, source };
};

/** https://github.com/IIT-EnergySystemModels/InfraFair, doc/4_Simple_6C_example.rst: thirteen lines of six countries. */
it('InfraFair, simple electricity network: flows by generation and by demand as published, to 0.1 MW', () => {
  const generation: Record<string, number> = { n02: 4000, n03: 20_000, n06: 56_000, n07: 46_000, n10: 16_000, n11: 3000 }; // prettier-ignore
  const demand: Record<string, number> = {
    n01: 5000,
    n04: 20_000,
    n05: 45_000,
    n08: 44_000,
    n09: 27_000,
    n12: 4000,
  };
  const lines: [string, string, number][] = [
    ['n01', 'n02', -500], ['n01', 'n03', -4500], ['n11', 'n12', 3000], ['n02', 'n04', 3500], ['n03', 'n04', 15_500],
    ['n04', 'n06', -1000], ['n05', 'n06', -45_000], ['n06', 'n08', 3273], ['n06', 'n09', 6727], ['n07', 'n12', 1000],
    ['n07', 'n08', 45_000], ['n08', 'n09', 4273], ['n09', 'n10', -16_000],
  ]; // prettier-ignore
  const ids = Array.from({ length: 12 }, (_, i) => `n${String(i + 1).padStart(2, '0')}`);
  const { linesBySource, linesByLoad, line, source, zone } = provenance({
    zones: ids.map((id) => ({ id, generation: id in generation ? { plant: generation[id]! } : {}, demand: demand[id] ?? 0 })), // prettier-ignore
    flows: lines.map(([from, to, mwh]) => ({ from, to, mwh })),
  });
  expect(linesBySource[line('n08', 'n09')]![source('n06')]).toBeCloseTo(289.7, 1);
  expect(linesBySource[line('n08', 'n09')]![source('n07')]).toBeCloseTo(3983.3, 1);
  expect(linesBySource[line('n09', 'n10')]![source('n10')]).toBeCloseTo(16_000, 9);
  expect(linesByLoad[line('n06', 'n08')]![zone('n08')]).toBeCloseTo(2983.3, 1);
  expect(linesByLoad[line('n06', 'n08')]![zone('n09')]).toBeCloseTo(289.7, 1);
  expect(linesByLoad[line('n07', 'n08')]![zone('n08')]).toBeCloseTo(41_016.7, 1);
  expect(linesByLoad[line('n01', 'n02')]![zone('n01')]).toBeCloseTo(500, 9);
});

const grids = fc.integer({ min: 2, max: 7 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, i) => `z${i}`);
  return fc.record({
    zones: fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          generation: fc.record({
            coal: fc.integer({ min: 100, max: 900 }),
            wind: fc.integer({ min: 0, max: 900 }),
          }),
        }),
      ),
    ),
    // Each zone sends at most seven times 10 MWh: demand, which takes the rest, stays above 0.
    flows: fc.array(
      fc.record({
        from: fc.constantFrom(...ids),
        to: fc.constantFrom(...ids),
        mwh: fc.integer({ min: 0, max: 10 }),
      }),
      { maxLength: 7 },
    ),
  });
});

const sum = (values: Iterable<number>): number => [...values].reduce((total, each) => total + each, 0);

it('shares out every load, every source and, from both ends, every line', () => {
  fc.assert(
    fc.property(grids, (record) => {
      const { grid, hour, loads, linesBySource, linesByLoad } = provenance(record);
      loads.forEach((bySource, zone) => expect(sum(bySource)).toBeCloseTo(hour.demand[zone]!, 6));
      grid.sources.forEach((_, source) =>
        expect(sum(loads.map((bySource) => bySource[source]!))).toBeCloseTo(hour.generation[source]!, 6),
      );
      hour.flow.forEach((mwh, line) => {
        expect(sum(linesBySource[line]!)).toBeCloseTo(Math.abs(mwh), 6);
        expect(sum(linesByLoad[line]!)).toBeCloseTo(Math.abs(mwh), 6);
      });
    }),
  );
});
