import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lpBuilder } from '#core';
import { loadSolver } from '#optimization';
import { gridOf, type HourRecord } from './grid.ts';
import { PUBLISHED_RULE, reconciler } from './reconciliation.ts';

const cleaned = (record: HourRecord, rule = PUBLISHED_RULE) => {
  const { grid, hours } = gridOf([record], (_, fuel) => fuel === 'battery');
  return { grid, ...reconciler(grid, rule, hours)(hours[0]!) };
};

describe('reconciliation', () => {
  it('shares out what does not fit by the inverse of the weights', () => {
    // 100 of demand and 90 of coal: w = 10⁴/size, so the corrections are as 100 to 90 and close the gap of 10.
    const { generation, demand } = cleaned({
      zones: [{ id: 'a', generation: { coal: 90 }, demand: 100 }],
      flows: [],
    });
    expect(demand[0]).toBeCloseTo(100 - (10 * 100) / 190, 5);
    expect(generation[0]).toBeCloseTo(90 + (10 * 90) / 190, 5);
  });

  it('takes the two measurements of a line at their weight, between the zones that they join', () => {
    const { flow, demand } = cleaned({
      zones: [
        { id: 'a', generation: { gas: 100 }, demand: 50 },
        { id: 'b', generation: {}, demand: 50 },
      ],
      flows: [
        { from: 'a', to: 'b', mwh: 60, reportedBy: 'a' },
        { from: 'a', to: 'b', mwh: 40, reportedBy: 'b' },
      ],
    });
    expect(flow[0]).toBeGreaterThan(48);
    expect(flow[0]).toBeLessThan(51);
    expect(demand[1]).toBe(flow[0]);
  });

  it('keeps generation above its floor, storage apart, and demand above its own', () => {
    const { generation, demand, grid } = cleaned(
      {
        zones: [
          { id: 'a', generation: { battery: -20, solar: -5, wind: 30 }, demand: 10 },
          { id: 'b', generation: {}, demand: -3 },
        ],
        flows: [{ from: 'a', to: 'b', mwh: 0 }],
      },
      { ...PUBLISHED_RULE, floors: { demandMwh: 1, netGenerationMwh: 0, fuelMwh: 0 } },
    );
    const of = (fuel: string): number =>
      generation[grid.sources.findIndex((source) => source.fuel === fuel)]!;
    expect(of('battery')).toBeLessThan(0);
    expect(of('solar')).toBe(0);
    expect(demand[1]).toBeCloseTo(1, 9);
  });

  it('says that data cannot be balanced within their floors', () => {
    expect(() =>
      cleaned(
        { zones: [{ id: 'a', generation: {}, demand: 5 }], flows: [] },
        { ...PUBLISHED_RULE, floors: { demandMwh: 1, netGenerationMwh: 0, fuelMwh: 0 } },
      ),
    ).toThrow(expect.objectContaining({ code: 'BALANCE_INFEASIBLE' }));
  });
});

const value = fc.integer({ min: -200, max: 2000 });
const records = fc.integer({ min: 1, max: 5 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, i) => `z${i}`);
  return fc.record({
    zones: fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          generation: fc.dictionary(fc.constantFrom('coal', 'gas', 'wind', 'battery'), value, { minKeys: 1 }),
          demand: value,
          netGeneration: value,
          interchange: value,
        }),
      ),
    ),
    flows: fc.array(fc.record({ from: fc.constantFrom(...ids), to: fc.constantFrom(...ids), mwh: value }), {
      maxLength: 8,
    }),
  });
});

const weigh = (target: number): number => 1e4 / Math.max(10, Math.abs(target));

it('finds what HiGHS finds, every row balanced and every bound kept', async () => {
  const solver = await loadSolver();
  const rule = { gammaMwh: 10, floors: { demandMwh: 1, netGenerationMwh: 1, fuelMwh: 1 } };
  fc.assert(
    fc.property(records, (record) => {
      const { grid, generation, demand, flow, netGeneration, interchange } = cleaned(record, rule);
      const builder = lpBuilder('minimize');
      const column = (target: number, lower = -Infinity): number => {
        const at = builder.column({ lower, upper: Infinity, cost: -weigh(target) * target });
        builder.curvature(at, at, weigh(target));
        return at;
      };
      const { hours } = gridOf([record], () => false);
      const hour = hours[0]!;
      const sources = grid.sources.map(({ storage }, i) =>
        column(hour.generation[i]!, storage ? -Infinity : 1),
      );
      const lines = [...hour.flowFrom].map((mwh) => column(mwh));
      grid.zones.forEach((_, zone) => {
        const [d, ng, ti] = [
          column(hour.demand[zone]!, 1),
          column(hour.netGeneration[zone]!, 1),
          column(hour.interchange[zone]!),
        ];
        const own = sources.filter((__, i) => grid.sources[i]!.zone === zone);
        builder.row({ lower: 0, upper: 0 }, [[ng, 1], ...own.map((at) => [at, -1] as const)]);
        builder.row({ lower: 0, upper: 0 }, [
          [ti, 1],
          ...lines.flatMap((at, line): [number, number][] => {
            if (grid.topology.from[line] === zone) return [[at, -1]];
            return grid.topology.to[line] === zone ? [[at, 1]] : [];
          }),
        ]);
        builder.row({ lower: 0, upper: 0 }, [
          [d, 1],
          [ng, -1],
          [ti, 1],
        ]);
      });
      const { x } = solver.solve(builder.build());
      const scale = Math.max(1, ...[...x].map(Math.abs));
      const close = (got: number, at: number): void =>
        expect(Math.abs(got - x[at]!)).toBeLessThanOrEqual(2e-5 * scale);
      generation.forEach((mwh, i) => close(mwh, sources[i]!));
      flow.forEach((mwh, i) => close(mwh, lines[i]!));
      demand.forEach((mwh, zone) => {
        expect(mwh).toBe(netGeneration[zone]! - interchange[zone]!);
        expect(mwh).toBeGreaterThanOrEqual(1 - 1e-6);
      });
    }),
    { numRuns: 50 },
  );
});
