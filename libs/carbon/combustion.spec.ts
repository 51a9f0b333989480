import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  addMasses,
  co2e,
  COMBUSTION_FACTORS,
  combustionEmissions,
  combustionFactor,
  FUEL_UNITS,
  fuelEnergyTj,
  type FuelUse,
  GWP_SETS,
  gwpOf,
  gwpSet,
} from './index.ts';

const AT_MS = Date.UTC(2026, 0, 1);
const gas = combustionFactor('natural-gas', AT_MS);
const refusedAs = (code: string) => expect.objectContaining({ code });

describe('combustionEmissions', () => {
  it('multiplies TJ by kg per TJ, gas by gas', () => {
    expect(combustionEmissions(gas, { amount: 10, unit: 'TJ', calorific: 'ncv' })).toEqual({
      factorId: 'natural-gas/energy-industries/ipcc-2006',
      energyTj: '10',
      kgByGas: { CO2: '561000', CH4: '10', N2O: '1' },
    });
  });

  it('tells biogenic CO2 apart and counts its CH4 and N2O', () => {
    const wood = combustionFactor('wood-waste', AT_MS);
    const { kgByGas } = combustionEmissions(wood, { amount: 1, unit: 'TJ', calorific: 'ncv' });
    expect(co2e(kgByGas, gwpSet('AR5'))).toEqual({
      gwpSet: 'AR5',
      // 30 × 28 + 4 × 265
      kgCo2e: '1900',
      kgCo2eByGas: { CH4: '840', N2O: '1060' },
      kgBiogenicCo2: '112000',
    });
  });

  it('gives one fuel different CO2e under each GWP set', () => {
    const { kgByGas } = combustionEmissions(gas, { amount: '1', unit: 'TJ', calorific: 'ncv' });
    // 56100 + 1 × GWP(CH4) + 0.1 × GWP(N2O)
    expect(['AR4', 'AR5', 'AR6'].map((id) => co2e(kgByGas, gwpSet(id)).kgCo2e)).toEqual([
      '56154.8',
      '56154.5',
      '56154.3',
    ]);
  });

  it('is additive: two amounts together emit what they emit apart, before and after weighing', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000 }).map((thousandths) => thousandths / 1000);
    const factor = fc.constantFrom(...COMBUSTION_FACTORS);
    const weights = fc.constantFrom(...GWP_SETS);
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, amount), { maxLength: 6 }), weights, (uses, set) => {
        const masses = uses.map(
          ([row, tj]) => combustionEmissions(row, { amount: tj, unit: 'TJ', calorific: 'ncv' }).kgByGas,
        );
        const together = co2e(addMasses(masses), set);
        const apart = addMasses(
          masses.map((each) => {
            const { kgCo2e, kgBiogenicCo2 } = co2e(each, set);
            return { total: kgCo2e, biogenic: kgBiogenicCo2 };
          }),
        );
        expect(together.kgCo2e).toBe(apart['total'] ?? '0');
        expect(together.kgBiogenicCo2).toBe(apart['biogenic'] ?? '0');
        expect(addMasses(masses.toReversed())).toEqual(addMasses(masses));
      }),
    );
  });
});

const tj = (use: FuelUse, wanted: 'ncv' | 'gcv' = 'ncv'): string => fuelEnergyTj(use, wanted).toFixed();

describe('fuelEnergyTj', () => {
  it('converts energy exactly', () => {
    const amounts = [
      { amount: 1, unit: 'TJ' },
      { amount: 1000, unit: 'GJ' },
      { amount: '1e6', unit: 'MJ' },
      { amount: '250', unit: 'MWh' },
      { amount: 250_000, unit: 'kWh' },
    ] as const;
    expect(amounts.map((use) => tj({ ...use, calorific: 'ncv' }))).toEqual(['1', '1', '1', '0.9', '0.9']);
    expect(tj({ amount: 1000, unit: 'mmBtu', calorific: 'gcv' }, 'gcv')).toBe('1.05505585262');
  });

  it('makes energy of mass and volume only by what is given', () => {
    expect(tj({ amount: 1, unit: 't', calorific: 'ncv', mjPerKg: 43 })).toBe('0.043');
    expect(tj({ amount: 1000, unit: 'litre', calorific: 'ncv', kgPerLitre: '0.84', mjPerKg: '43.0' })).toBe(
      '0.03612',
    );
    expect(tj({ amount: 1, unit: 'm3', calorific: 'ncv', mjPerM3: 36 })).toBe('0.000036');
    expect(tj({ amount: 1, unit: 'm3', calorific: 'ncv', mjPerLitre: 36 })).toBe('0.036');
    const properties = { calorific: 'ncv', kgPerLitre: '0.8', mjPerKg: '40' } as const;
    expect(FUEL_UNITS.map((unit) => tj({ amount: 1000, unit, ...properties }))).toEqual([
      '1000',
      '1',
      '0.001',
      '3.6',
      '0.0036',
      '1.05505585262',
      '0.04',
      '40',
      '0.032',
      '32',
    ]);
    const unknown: FuelUse[] = [
      { amount: 1, unit: 'kg', calorific: 'ncv' },
      { amount: 1, unit: 'litre', calorific: 'ncv' },
      { amount: 1, unit: 'litre', calorific: 'ncv', kgPerLitre: 0.84 },
      { amount: 1, unit: 'litre', calorific: 'ncv', mjPerLitre: 36, mjPerM3: 36 },
    ];
    for (const use of unknown) expect(() => tj(use)).toThrow(refusedAs('FUEL_CONVERSION_MISSING'));
  });

  it('never takes gross for net without a ratio', () => {
    const gross: FuelUse = { amount: 100, unit: 'GJ', calorific: 'gcv' };
    expect(() => tj(gross)).toThrow(refusedAs('CALORIFIC_MIXED'));
    expect(tj({ ...gross, ncvPerGcv: '0.9' })).toBe('0.09');
    expect(tj({ amount: 90, unit: 'GJ', calorific: 'ncv', ncvPerGcv: '0.9' }, 'gcv')).toBe('0.1');
    expect(tj(gross, 'gcv')).toBe('0.1');
  });

  it('refuses amounts, ratios and conversions that cannot be', () => {
    const use: FuelUse = { amount: 1, unit: 'GJ', calorific: 'gcv' };
    const wrong: FuelUse[] = [
      { ...use, amount: -1 },
      { ...use, amount: 'ten' },
      { ...use, amount: Number.NaN },
      { ...use, ncvPerGcv: 0 },
      { ...use, ncvPerGcv: '1.1' },
      { ...use, unit: 'kg', mjPerKg: '-43' },
    ];
    for (const each of wrong) expect(() => tj(each)).toThrow(refusedAs('FUEL_AMOUNT'));
  });

  it('there and back between net and gross is the same energy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 80, max: 100 }), (amount, percent) => {
        const ncvPerGcv = percent / 100;
        const gross = fuelEnergyTj({ amount, unit: 'GJ', calorific: 'ncv', ncvPerGcv }, 'gcv');
        const back = fuelEnergyTj(
          { amount: gross.toFixed(18), unit: 'TJ', calorific: 'gcv', ncvPerGcv },
          'ncv',
        );
        expect(back.toDecimalPlaces(12).toNumber()).toBe(amount / 1000);
      }),
    );
  });
});

describe('GWP sets', () => {
  it('are found by their id or, the newest, by the name of their assessment', () => {
    expect(['AR4', 'AR5', 'AR6', 'AR6-2021'].map((id) => gwpSet(id).id)).toEqual([
      'AR4',
      'AR5',
      'AR6-2024',
      'AR6-2021',
    ]);
    expect(() => gwpSet('AR7')).toThrow(refusedAs('GWP_SET_UNKNOWN'));
  });

  it('weigh blends by their parts and refuse unknown gases', () => {
    // 0.5 × 675 + 0.5 × 3500 (AR4), 0.5 × 677 + 0.5 × 3170 (AR5), 0.5 × 771 + 0.5 × 3740 (AR6)
    expect(['AR4', 'AR5', 'AR6'].map((id) => gwpOf(gwpSet(id), 'R-410A'))).toEqual([
      '2087.5',
      '1923.5',
      '2255.5',
    ]);
    expect(() => gwpOf(gwpSet('AR4'), 'CH4-fossil')).toThrow(refusedAs('GWP_GAS_UNKNOWN'));
    expect(() => gwpOf(gwpSet('AR5'), 'toString')).toThrow(refusedAs('GWP_GAS_UNKNOWN'));
  });

  it('weigh no mass that is not a decimal ≥ 0', () => {
    for (const kg of ['-1', 'x', '']) {
      expect(() => co2e({ CO2: kg }, gwpSet('AR5'))).toThrow(refusedAs('GAS_MASS'));
    }
  });
});
