import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { parseEia930 } from './eia930.ts';
import { gridOf } from './grid.ts';
import { hourTracer, intensityOf } from './hour-trace.ts';
import { stated } from './imbalance.ts';
import { reconciler } from './reconciliation.ts';
import { imputed, usualSizes } from './usual-sizes.ts';

const code = (of: string, line: number) => expect.objectContaining({ code: of, data: { line } });

const table = (...rows: string[]): string => rows.join('\n');

describe('a table of Form EIA-930', () => {
  const HEADER = 'period,E_A_D,E_A_NG,E_A_TI,E_A_COL,E_A_SUN,E_B_NG,E_A-B_ID,E_B-A_ID,E_A-HQT_ID';

  it('is read as zones, fuels by name and flows by whom they were reported', () => {
    const [hour] = parseEia930(table(HEADER, '2021-07-10 01:00:00,90,100,10,100,-4,5,12,-11,-2'));
    expect(hour).toEqual({
      start: '2021-07-10T00:00:00Z',
      zones: [
        { id: 'A', demand: 90, netGeneration: 100, interchange: 10, generation: { coal: 100, solar: 0 } },
        { id: 'B', demand: 0, netGeneration: 5, generation: { unknown: 5 } },
        { id: 'HQT', demand: 0, generation: { hydro: 2 } },
      ],
      flows: [
        { from: 'A', to: 'B', mwh: 12, reportedBy: 'A' },
        { from: 'B', to: 'A', mwh: -11, reportedBy: 'B' },
        { from: 'A', to: 'HQT', mwh: -2, reportedBy: 'A' },
      ],
    });
  });

  it.each(['2021-07-10T01', '2021-07-10 01:00', '2021-07-10T01:00:00Z', '2021-07-10 01:00:00+00:00'])(
    'names the end of an hour of UTC as %s',
    (period) => {
      const [hour] = parseEia930(table(HEADER, `${period},90,100,10,100,-4,5,12,-11,-2`));
      expect(hour!.start).toBe('2021-07-10T00:00:00Z');
    },
  );

  it('has values that are missing or that no balancing area has', () => {
    const [hour] = parseEia930(table(HEADER, '2021-07-10T01,,300000,10,-500,0,5,12,-11,-2'));
    expect(hour!.zones[0]).toMatchObject({ demand: null, netGeneration: null, generation: { coal: null } });
  });

  it('is refused with its line where it is something else', () => {
    expect(() => parseEia930('period,load\n')).toThrow(code('EIA930_HEADER', 1));
    expect(() => parseEia930(table(HEADER, 'noon,1,1,1,1,1,1,1,1,1'))).toThrow(code('EIA930_PERIOD', 2));
    expect(() => parseEia930(table(HEADER, '2021-07-10T01,1'))).toThrow(code('EIA930_VALUE', 2));
    expect(() => parseEia930(table(HEADER, '2021-07-10T01,x,1,1,1,1,1,1,1,1'))).toThrow(
      code('EIA930_VALUE', 2),
    );
  });
});

// oxlint-disable-next-line node/no-process-env -- where test data lies is not configuration of the product
const DATA = join(process.env['DATA_DIR'] ?? join('..', 'shared', 'data'), 'dirty');
const withData = existsSync(DATA) ? describe : describe.skip;

const read = (stage: 'raw' | 'basic') => {
  const file = readFileSync(join(DATA, `eia930_E_${stage}_2021-07-10_2021-07-20.csv.gz`));
  const { grid, hours } = gridOf(parseEia930(gunzipSync(file).toString('utf8')), () => false);
  return { grid, hours: imputed(hours).hours };
};

/** kg/MWh of the defaults of gridemissions, by our names. */
const FACTORS: Readonly<Record<string, number>> = { hydro: 4, nuclear: 16, solar: 46, gas: 469, wind: 12, coal: 1000, oil: 840, unknown: 439, biomass: 230, geothermal: 42 }; // prettier-ignore

withData('ten days of 72 balancing areas (real data, needs DATA_DIR)', () => {
  const HOURS = [0, 5, 60, 120, 240];
  const RULE = { gammaMwh: 10, floors: { demandMwh: 1, netGenerationMwh: 1, fuelMwh: 1 } };

  it('do not balance as they are, also after basic cleaning; reconciled they do, within their floors', () => {
    for (const stage of ['raw', 'basic'] as const) {
      const { grid, hours } = read(stage);
      expect(grid.zones).toHaveLength(72);
      const sizes = usualSizes(hours);
      const reconcile = reconciler(grid, RULE, hours);
      for (const i of HOURS) {
        expect(stated(grid, hours[i]!).imbalances.length).toBeGreaterThan(100);
        const { generation, demand, flow } = reconcile(hours[i]!, sizes[i]);
        const rest = stated(grid, {
          ...hours[i]!,
          generation,
          demand,
          flowFrom: flow,
          flowTo: flow,
          netGeneration: demand.map(() => NaN),
          interchange: demand.map(() => NaN),
        });
        expect(rest.imbalances).toEqual([]);
        expect(Math.min(...demand, ...generation)).toBeGreaterThanOrEqual(1 - 1e-3);
      }
    }
  });

  it('come to the same from raw and from basic data, 2 % of demand apart', () => {
    const totals = (['raw', 'basic'] as const).map((stage) => {
      const { grid, hours } = read(stage);
      const reconcile = reconciler(grid, RULE, hours);
      const demand = HOURS.map((i) => reconcile(hours[i]!, usualSizes(hours)[i]).demand);
      return demand.flatMap((each) => [...each]);
    });
    const apart = totals[0]!.reduce((sum, mwh, i) => sum + Math.abs(mwh - totals[1]![i]!), 0);
    expect(apart / totals[0]!.reduce((sum, mwh) => sum + mwh, 0)).toBeLessThan(0.02);
  });

  it('give every area an intensity between those of its fuels, and account for all emissions', () => {
    const { grid, hours } = read('raw');
    const reconcile = reconciler(grid, RULE, hours);
    const tracer = hourTracer(grid, 1);
    for (const i of HOURS) {
      const hour = reconcile(hours[i]!);
      const kg = hour.generation.map(
        (mwh, source) => Math.max(0, mwh) * FACTORS[grid.sources[source]!.fuel]!,
      );
      const trace = tracer.trace(hour, { kg, unknownMwh: new Float64Array(kg.length) });
      grid.zones.forEach((_, zone) => {
        const intensity = intensityOf(trace, zone, 0)!;
        expect(intensity).toBeGreaterThanOrEqual(4);
        expect(intensity).toBeLessThanOrEqual(1000);
      });
      expect(Math.abs(trace.checks.residualKg)).toBeLessThanOrEqual(1e-9 * trace.checks.producedKg);
    }
  });
});
