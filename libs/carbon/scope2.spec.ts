import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson, HOUR_MS } from '#core';
import {
  emissionsStatement,
  factorById,
  type GridIntensity,
  hourlyEmissions,
  scope2Inventory,
  totalGrams,
} from './index.ts';

const direct = factorById('pv-rooftop/direct/ipcc-ar5');
const lifecycle = factorById('pv-rooftop/lifecycle/ipcc-ar5');
const grid = (...kgCo2ePerKwh: string[]): GridIntensity => ({
  id: 'grid/test',
  basis: 'direct',
  kgCo2ePerKwhByHour: new Map(kgCo2ePerKwh.map((kg, hour) => [hour * HOUR_MS, kg])),
});
const hour = (index: number, importWh: number, attributedWh = 0) => ({
  intervalStartMs: index * HOUR_MS,
  importWh,
  attributedWh,
});
// oxlint-disable-next-line node/no-process-env -- a test may be pointed at another copy
const casesDir = process.env['CASES_DIR'] ?? '../shared/cases';
const cfeFile = join(casesDir, 'carbon', '17_cfe_score_and_avoided.json');
const describePublished = existsSync(cfeFile) ? describe : describe.skip;

/** Non-negative micrograms → grams, half up. */
const rounded = (exact: bigint): number => Number((exact + 500_000n) / 1_000_000n);

describe('hourlyEmissions', () => {
  it('counts the whole import by location and only the uncovered part by market', () => {
    const activity = { importWh: 1_000, attributedWh: 400 };
    // 1 000 Wh × 0.5 g/Wh; 600 Wh × 0.5 g/Wh + 400 Wh × 0 g/kWh
    expect(hourlyEmissions(activity, { kgCo2ePerKwh: '0.5', basis: 'direct' }, direct)).toEqual({
      coveredWh: 400,
      locationGrams: '500',
      marketGrams: '300',
    });
    // … + 400 Wh × 41 g/kWh / 1000
    expect(
      hourlyEmissions(activity, { kgCo2ePerKwh: '0.5', basis: 'lifecycle' }, lifecycle).marketGrams,
    ).toBe('316.4');
  });

  it('covers no more than was imported: excess attributes expire', () => {
    expect(
      hourlyEmissions({ importWh: 100, attributedWh: 400 }, { kgCo2ePerKwh: '0.5', basis: 'direct' }, direct),
    ).toEqual({ coveredWh: 100, locationGrams: '50', marketGrams: '0' });
  });

  it('refuses to mix direct with lifecycle, and energy that is not whole Wh ≥ 0', () => {
    const at = { kgCo2ePerKwh: '0.5', basis: 'direct' } as const;
    expect(() => hourlyEmissions({ importWh: 1, attributedWh: 0 }, at, lifecycle)).toThrow(
      expect.objectContaining({ code: 'BASIS_MIXED' }),
    );
    for (const importWh of [-1, 0.5, Number.NaN]) {
      expect(() => hourlyEmissions({ importWh, attributedWh: 0 }, at, direct)).toThrow(
        expect.objectContaining({ code: 'ACTIVITY_INVALID' }),
      );
    }
  });
});

describe('scope2Inventory', () => {
  it('adds exact hours and rounds each total once', () => {
    // 3 × 1 Wh × 0.5 g/Wh = 1.5 g → 2 g; hour by hour it would have been 3 g.
    const inventory = scope2Inventory(
      [hour(0, 1), hour(1, 1), hour(2, 1)],
      grid('0.5', '0.5', '0.5'),
      direct,
    );
    expect(inventory).toMatchObject({
      methodVersion: 'gridcommons/scope2-hourly/1',
      basis: 'direct',
      factorIds: ['grid/test', 'pv-rooftop/direct/ipcc-ar5'],
      importWh: 3,
      locationGrams: 2,
      marketGrams: 2,
      hoursWithoutIntensity: [],
    });
  });

  it('names hours without a grid intensity and leaves them out of both totals', () => {
    const inventory = scope2Inventory([hour(0, 1_000), hour(5, 1_000, 1_000)], grid('0.25'), direct);
    expect(inventory.hoursWithoutIntensity).toEqual([5 * HOUR_MS]);
    expect(inventory).toMatchObject({ importWh: 1_000, coveredWh: 0, locationGrams: 250, marketGrams: 250 });
  });

  it('refuses an hour twice', () => {
    expect(() => scope2Inventory([hour(0, 1), hour(0, 1)], grid('0.5'), direct)).toThrow(
      expect.objectContaining({ code: 'HOUR_REPEATED' }),
    );
  });

  it('market equals location without attributes, never exceeds it with free ones, and totals are exact sums', () => {
    const activity = fc.record({ importWh: fc.nat(10_000_000), attributedWh: fc.nat(10_000_000) });
    const milligrams = fc.integer({ min: 0, max: 3_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(activity, milligrams), { minLength: 1, maxLength: 30 }), (drawn) => {
        const series = grid(...drawn.map(([, mgPerKwh]) => (mgPerKwh / 1e6).toFixed(6)));
        const activities = drawn.map(([a], i) => hour(i, a.importWh, a.attributedWh));
        const inventory = scope2Inventory(activities, series, direct);
        const micrograms = (pick: (i: number) => number): bigint =>
          drawn.reduce((sum, [, mgPerKwh], i) => sum + BigInt(pick(i)) * BigInt(mgPerKwh), 0n);
        expect(inventory.locationGrams).toBe(rounded(micrograms((i) => activities[i]!.importWh)));
        expect(inventory.marketGrams).toBe(
          rounded(micrograms((i) => Math.max(0, activities[i]!.importWh - activities[i]!.attributedWh))),
        );
        const plain = scope2Inventory(
          activities.map((a) => ({ ...a, attributedWh: 0 })),
          series,
          direct,
        );
        expect(plain.marketGrams).toBe(plain.locationGrams);
      }),
    );
  });
});

describe('totals', () => {
  it('rounds half away from zero, and refuses what an integer cannot hold', () => {
    expect(totalGrams(['0.1', '0.2', '0.2'])).toBe(1);
    expect(totalGrams(['0.49'])).toBe(0);
    expect(totalGrams([])).toBe(0);
    expect(() => totalGrams(['9007199254740993'])).toThrow(
      expect.objectContaining({ code: 'EMISSIONS_TOO_LARGE' }),
    );
  });

  it('states published totals in one canonical form', () => {
    const statement = emissionsStatement('p1', {
      startMs: 0,
      endMs: 24 * HOUR_MS,
      hours: 24,
      locationGrams: 500,
      marketGrams: 300,
      methodVersion: 'gridcommons/scope2-hourly/1',
      basis: 'direct',
      factorIds: ['grid/test'],
    });
    expect(canonicalJson(statement)).toBe(
      '{"basis":"direct","end":"1970-01-02T00:00:00Z","factorIds":["grid/test"],"hours":24,"locationGrams":500,"marketGrams":300,"methodVersion":"gridcommons/scope2-hourly/1","participant":"p1","start":"1970-01-01T00:00:00Z"}',
    );
  });
});

describePublished(`published figures (${cfeFile})`, () => {
  it('gives the published emissions of grid imports', () => {
    const published: {
      input: { grid_to_load_kwh: number[]; bess_charge_grid_kwh: number[]; grid_ci_kg_per_mwh: number };
      expected: { grid_import_mwh: number; grid_import_t: number };
    } = JSON.parse(readFileSync(cfeFile, 'utf8'));
    const { input, expected } = published;
    const kgPerKwh = String(input.grid_ci_kg_per_mwh / 1000);
    const activities = input.grid_to_load_kwh.map((kwh, i) =>
      hour(i, (kwh + input.bess_charge_grid_kwh[i]!) * 1000),
    );
    const inventory = scope2Inventory(activities, grid(kgPerKwh, kgPerKwh), direct);
    expect(inventory.importWh).toBe(expected.grid_import_mwh * 1e6);
    expect(inventory.locationGrams).toBe(expected.grid_import_t * 1e6);
  });
});
