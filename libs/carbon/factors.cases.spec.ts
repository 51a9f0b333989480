import { expect, it } from '@jest/globals';
import { carbonCases } from '../../test/harness/published-cases.ts';
import {
  combustionFactor,
  type FactorBasis,
  type FactorSet,
  gwpOf,
  gwpSet,
  PUBLISHED_FACTOR_SETS,
  resolveFactor,
} from './index.ts';

const AT_MS = Date.UTC(2026, 0, 1);

/** How the case names what the tables name otherwise. */
const AR5_TECHNOLOGIES: Readonly<Record<string, string>> = {
  solar_pv_utility: 'pv-utility',
  solar_pv_rooftop: 'pv-rooftop',
};
const FUELS: Readonly<Record<string, string>> = { sub_bituminous: 'sub-bituminous-coal' };
const nameOf = (key: string, names: Readonly<Record<string, string>>): string =>
  names[key] ?? key.replaceAll('_', '-');

interface Case {
  readonly ipcc2014_lifecycle_gco2eq_per_kwh_median: Readonly<Record<string, number>>;
  readonly ipcc2014_no_row_for: readonly string[];
  readonly ipcc2006_table_2_2_kg_per_tj: Readonly<
    Record<string, { readonly co2: number; readonly ch4: number; readonly n2o: number }>
  >;
  readonly gwp100: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly electricitymaps_defaults_lifecycle: Readonly<Record<string, number>>;
  readonly electricitymaps_defaults_direct: Readonly<Record<string, number>>;
}

const read = (): Case => JSON.parse(carbonCases.readCase('24_reference_factors.json'));
const setOf = (id: string): FactorSet[] => PUBLISHED_FACTOR_SETS.filter((set) => set.id === id);
const grams = (setId: string, subject: string, basis: FactorBasis): number =>
  Number(resolveFactor(setOf(setId), { subject, basis, atMs: AT_MS }).factor.gramsCo2ePerKwh);

carbonCases.published('24 Reference factor tables to be checked cell by cell', () => {
  it('IPCC AR5 WGIII Annex III, Table A.III.2: every median, and no row where none is printed', () => {
    const { ipcc2014_lifecycle_gco2eq_per_kwh_median: medians, ipcc2014_no_row_for: absent } = read();
    for (const [technology, median] of Object.entries(medians)) {
      expect([
        technology,
        grams('ipcc-ar5-annex-iii', nameOf(technology, AR5_TECHNOLOGIES), 'lifecycle'),
      ]).toEqual([technology, median]);
    }
    const lifecycle = setOf('ipcc-ar5-annex-iii')[0]!.factors.filter(({ basis }) => basis === 'lifecycle');
    expect(lifecycle).toHaveLength(Object.keys(medians).length);
    for (const technology of absent.flatMap((name) => name.split('/'))) {
      expect(() => grams('ipcc-ar5-annex-iii', technology, 'lifecycle')).toThrow(
        expect.objectContaining({ code: 'FACTOR_MISSING' }),
      );
    }
  });

  it('IPCC 2006 vol. 2 Table 2.2: every cell, N2O of natural gas 0.1', () => {
    const { ipcc2006_table_2_2_kg_per_tj: table } = read();
    for (const [fuel, { co2, ch4, n2o }] of Object.entries(table)) {
      const { kgCo2PerTj, kgCh4PerTj, kgN2oPerTj, calorific } = combustionFactor(nameOf(fuel, FUELS), AT_MS);
      expect([fuel, ...[kgCo2PerTj, kgCh4PerTj, kgN2oPerTj].map(Number)]).toEqual([fuel, co2, ch4, n2o]);
      expect(calorific).toBe('ncv');
    }
    expect(combustionFactor('natural-gas', AT_MS).kgN2oPerTj).toBe('0.1');
  });

  it('GWP100: every value under the assessment that printed it, AR4 never under the name AR5', () => {
    const gasOf: Readonly<Record<string, string>> = { CH4_fossil: 'CH4-fossil', CH4_non_fossil: 'CH4' };
    for (const [assessment, gases] of Object.entries(read().gwp100)) {
      for (const [gas, value] of Object.entries(gases)) {
        expect([assessment, gas, Number(gwpOf(gwpSet(assessment), gasOf[gas] ?? gas))]).toEqual([
          assessment,
          gas,
          value,
        ]);
      }
    }
    expect(gwpOf(gwpSet('AR5'), 'HFC-134a')).not.toBe(gwpOf(gwpSet('AR4'), 'HFC-134a'));
    expect(['AR6-2021', 'AR6-2024'].map((id) => gwpOf(gwpSet(id), 'SF6'))).toEqual(['25200', '24300']);
  });

  it.each([
    ['direct', 'electricitymaps_defaults_direct'],
    ['lifecycle', 'electricitymaps_defaults_lifecycle'],
  ] as const)('Electricity Maps: every %s default', (basis, table) => {
    for (const [mode, value] of Object.entries(read()[table])) {
      expect([mode, grams('electricity-maps-defaults', mode, basis)]).toEqual([mode, value]);
    }
  });
});
