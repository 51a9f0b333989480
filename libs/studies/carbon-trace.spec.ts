import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requireInput } from '#inputs';
import { type TraceResult, traceStudy } from './carbon-trace.ts';

const trace = (input: object, options: object = {}): TraceResult =>
  traceStudy.run(requireInput(input, traceStudy.input), options, {
    progress: () => undefined,
  }) as TraceResult;

const factors = { coal: 1000, gas: '400', hydro: 0 };

const pair = {
  zones: [
    { id: 'north', generation: { hydro: 100 }, demand: 40 },
    { id: 'south', generation: { coal: '30' }, demand: 90 },
  ],
  flows: [{ from: 'north', to: 'south', mwh: 60 }],
  factors,
};

const code = (of: string) => expect.objectContaining({ code: of });

describe('carbon trace', () => {
  it('gives a zone the average of what it generates and imports, and says what flows carry', () => {
    const { zones, flows, checks } = trace(pair);
    expect(zones).toMatchObject([
      { id: 'north', intensity: 0, emissions: 0, mix: { hydro: 1 } },
      { id: 'south', intensity: 30_000 / 90, emissions: 30_000, mix: { coal: 1 / 3, hydro: 2 / 3 } },
    ]);
    expect(flows).toEqual([{ from: 'north', to: 'south', mwh: 60, emissions: 0 }]);
    expect(checks).toMatchObject({ producedKg: 30_000, consumedKg: 30_000, residualKg: 0, cleaned: false });
  });

  it('leaves a zone without throughflow null, with a flag', () => {
    const { zones } = trace({ ...pair, zones: [...pair.zones, { id: 'empty', generation: {}, demand: 0 }] });
    expect(zones[0]).toMatchObject({ id: 'empty', intensity: null, emissions: null, mix: null, flags: ['no-throughflow'] }); // prettier-ignore
  });

  it('takes demand that is not given from the balance, and says so', () => {
    const { zones } = trace({ ...pair, zones: [pair.zones[0], { id: 'south', generation: { coal: 30 } }] });
    expect(zones[1]).toMatchObject({ demandMwh: 90, emissions: 30_000, flags: ['demand-from-balance'] });
  });

  it('counts negative generation as load', () => {
    const zones = [pair.zones[0], { id: 'south', generation: { coal: 30, gas: -5 }, demand: 85 }];
    const result = trace({ ...pair, zones });
    expect(result.zones[1]).toMatchObject({ intensity: 30_000 / 90, flags: ['negative-generation-is-load'] });
    expect(result.checks.residualKg).toBeCloseTo(0, 9);
  });

  it('nets flows of both directions, leaves out what flows from a zone to itself, and tells of both', () => {
    const flows = [
      { from: 'north', to: 'south', mwh: 70 },
      { from: 'south', to: 'north', mwh: 10 },
      { from: 'south', to: 'south', mwh: 5 },
    ];
    const result = trace({ ...pair, flows });
    expect(result.zones[1]!.intensity).toBeCloseTo(30_000 / 90, 9);
    expect(result.findings.map(({ kind }) => kind)).toEqual(['both-directions-netted', 'self-flow-left-out']);
  });

  it('traces several pollutants at once, in the unit that their factors are in', () => {
    const { zones } = trace({
      ...pair,
      pollutants: ['co2', 'so2'],
      factorUnit: 't/MWh',
      factors: { coal: { co2: 1, so2: '0.003' }, hydro: { co2: 0, so2: 0 } },
    });
    expect(zones[1]!.emissions).toBeCloseTo(30_000, 9);
    expect(zones[1]!.pollutants!['so2']!.emissions).toBeCloseTo(90, 9);
  });

  it('takes emissions of a zone where they are known instead of factors', () => {
    const zones = [{ ...pair.zones[0], emissions: 500 }, { ...pair.zones[1], emissions: 12_000 }]; // prettier-ignore
    const result = trace({ zones, flows: pair.flows });
    expect(result.zones[1]!.intensity).toBeCloseTo((12_000 + (500 * 60) / 100) / 90, 9);
    const without = { ...pair, zones: [...pair.zones, { id: 'x', generation: {}, demand: 0, emissions: 1 }] };
    expect(() => trace(without)).toThrow(code('EMISSIONS_WITHOUT_GENERATION'));
  });

  it('has published factors for known fuels and names a fuel that has none', () => {
    const { factors: _, ...plain } = pair;
    expect(trace(plain).factors).toContainEqual(
      expect.objectContaining({
        fuel: 'coal',
        kgPerMwh: 820,
        id: 'coal/lifecycle/electricity-maps',
        zones: ['south'],
      }),
    );
    const zones = [{ id: 'a', generation: { peat: 1 } }];
    expect(() => trace({ zones })).toThrow(expect.objectContaining({ code: 'FACTOR_MISSING', message: expect.stringContaining('peat') })); // prettier-ignore
    expect(() => trace({ ...pair, pollutants: ['co2e', 'nox'] })).toThrow(code('FACTOR_MISSING'));
  });

  it('refuses marginal factors', () => {
    expect(() => trace({ ...pair, factorAveraging: 'marginal' })).toThrow(code('AVERAGING_MIXED'));
  });

  it('refuses what cannot be meant', () => {
    expect(() => trace({ ...pair, zones: [...pair.zones, pair.zones[0]] })).toThrow(code('ZONE_DUPLICATE'));
    expect(() => trace({ ...pair, flows: [{ from: 'north', to: 'x', mwh: 1 }] })).toThrow(code('FLOW_ZONE_UNKNOWN')); // prettier-ignore
    expect(() => trace({ ...pair, flows: [{ ...pair.flows[0], reportedBy: 'x' }] })).toThrow(code('FLOW_REPORTER_UNKNOWN')); // prettier-ignore
    expect(() => trace({ ...pair, hours: [pair] })).toThrow(/hours/);
    expect(() => trace({ flows: [] })).toThrow(code('INPUT_INVALID'));
    const hours = ['2026-01-01T01:00:00Z', '2026-01-01T00:00:00Z'].map((start) => ({ start, zones: pair.zones, flows: pair.flows })); // prettier-ignore
    expect(() => trace({ hours, factors })).toThrow(code('TRACE_HOURS_UNSORTED'));
    expect(() => trace({ ...pair, storage: [{ fuel: 'battery', roundTripEfficiency: 1 }] })).toThrow(code('STORAGE_UNKNOWN')); // prettier-ignore
  });
});

describe('data that do not balance', () => {
  const unbalanced = { ...pair, zones: [pair.zones[0], { ...pair.zones[1], demand: 95 }] };

  it('are cleaned, and every correction is told, the largest first', () => {
    const { zones, corrections, checks } = trace(unbalanced);
    expect(checks).toMatchObject({
      cleaned: true,
      largestImbalance: { zone: 'south', kind: 'demand', mwh: -5 },
    });
    expect(corrections![0]).toMatchObject({ zone: 'south', what: 'demand', statedMwh: 95 });
    expect(zones[1]!.flags).toContain('cleaned');
    expect(zones[1]!.correctionMwh).toBeGreaterThan(2);
    expect(checks.residualKg).toBeCloseTo(0, 6);
  });

  it('are refused, with the zone named, where they must not be cleaned', () => {
    expect(() => trace(unbalanced, { clean: false })).toThrow(
      expect.objectContaining({ code: 'TRACE_UNBALANCED', message: expect.stringContaining('south') }),
    );
    expect(trace(pair, { clean: false }).checks.cleaned).toBe(false);
  });

  it('are moved by the weights that are given', () => {
    const weighed = { ...unbalanced.zones[1], weights: { demand: 1e9, generation: { coal: 1e9 } } };
    const { corrections } = trace({ ...unbalanced, zones: [pair.zones[0], weighed] });
    expect(corrections![0]).toMatchObject({ what: 'flow' });
    expect(corrections![0]!.cleanedMwh).toBeCloseTo(65, 4);
  });

  it('have missing values filled in from the same hour of other days', () => {
    const hours = Array.from({ length: 49 }, (_, i) => ({
      zones: [{ id: 'a', generation: { gas: i === 24 ? null : 100 + (i % 24) }, demand: 100 + (i % 24) }],
    }));
    const { hours: traced } = trace({ hours, factors });
    expect(traced![24]).toMatchObject({ zones: [{ demandMwh: 100, flags: ['imputed'] }] });
    expect(traced![23]!.zones[0]!.flags).toEqual([]);
  });
});

const hour = (generation: object, demand: number) => ({ zones: [{ id: 'a', generation, demand }] });

describe('storage', () => {
  const storage = [{ fuel: 'battery', roundTripEfficiency: 0.8 }];

  it('discharges what it charged with the emissions of its losses, counted once', () => {
    const {
      hours,
      checks,
      storage: stocks,
    } = trace({
      hours: [
        hour({ gas: 100, battery: -20 }, 80),
        hour({ hydro: 100, battery: -5 }, 95),
        hour({ hydro: 80, battery: 10 }, 90),
        hour({ battery: 10 }, 10),
      ],
      factors,
      storage,
    });
    // 20 MWh at 400 and 5 MWh at 0 give 20 MWh back: 400 kg/MWh.
    expect(hours!.map(({ zones }) => zones[0]!.intensity)).toEqual([400, 0, (10 * 400) / 90, 400]);
    expect(stocks).toMatchObject([{ mwh: 0, emissions: 0 }]);
    // What it emits it took in: production and consumption of all hours, storage twice on both sides.
    expect(checks.residualKg).toBeCloseTo(0, 9);
    const demand = hours!.reduce((sum, { zones }) => sum + zones[0]!.emissions!, 0);
    expect(demand).toBeCloseTo(100 * 400, 9);
  });

  it('has no intensity before it charged, unless its state is given', () => {
    const first = { hours: [hour({ gas: 90, battery: 10 }, 100)], factors, storage };
    expect(trace(first).hours![0]!.zones[0]).toMatchObject({
      intensity: null,
      emissions: null,
      flags: ['storage-charged-at-unknown-intensity'],
    });
    expect(trace(first).zones[0]).toMatchObject({ intensity: null, emissions: null });
    const initial = { mwh: 15, intensity: 100 };
    const known = trace({ ...first, storage: [{ ...storage[0], initial }] });
    expect(known.zones[0]!.intensity).toBeCloseTo((90 * 400 + 10 * 100) / 100, 9);
    expect(known.storage).toMatchObject([{ mwh: 5, emissions: 500 }]);
  });
});

describe('hours', () => {
  it('add up: emissions and energy of all are the sums, intensity and mix the averages by demand', () => {
    const night = { ...pair, zones: [{ ...pair.zones[0], generation: { hydro: 40 } }, { id: 'south', generation: { gas: 50 }, demand: 50 }], flows: [] }; // prettier-ignore
    const hours = [pair, night].map(({ zones, flows }) => ({ zones, flows }));
    const all = trace({ hours, factors });
    const [one, other] = [trace(pair), trace(night)];
    expect(all.zones[1]!.emissions).toBeCloseTo(one.zones[1]!.emissions! + other.zones[1]!.emissions!, 9);
    expect(all.zones[1]!.intensity).toBeCloseTo((30_000 + 20_000) / 140, 9);
    expect(all.zones[1]!.mix!['gas']).toBeCloseTo(50 / 140, 9);
    expect(all.checks.producedKg).toBeCloseTo(50_000, 9);
  });
});

const grids = fc.integer({ min: 1, max: 6 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, i) => `z${i}`);
  const mwh = fc.integer({ min: 0, max: 500 });
  return fc.record({
    zones: fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          generation: fc.dictionary(fc.constantFrom('coal', 'gas', 'hydro'), mwh, { minKeys: 1 }),
          demand: fc.integer({ min: 1, max: 500 }),
        }),
      ),
    ),
    flows: fc.array(fc.record({ from: fc.constantFrom(...ids), to: fc.constantFrom(...ids), mwh }), {
      maxLength: 8,
    }),
    factors: fc.constant(factors),
  });
});

it('accounts for all that is produced, and gives the same in any order of zones and flows', () => {
  fc.assert(
    fc.property(grids, (grid) => {
      const result = trace(grid);
      const { producedKg, residualKg } = result.checks;
      expect(Math.abs(residualKg)).toBeLessThanOrEqual(1e-6 * Math.max(1, producedKg));
      const shuffled = { ...grid, zones: grid.zones.toReversed(), flows: grid.flows.toReversed() };
      const { zones, checks } = trace(shuffled);
      expect(zones).toEqual(result.zones);
      expect(checks.producedKg).toBe(producedKg);
    }),
    { numRuns: 50 },
  );
});
