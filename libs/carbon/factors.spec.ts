import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EMISSION_FACTORS, factorById, factorFor } from './index.ts';

// oxlint-disable-next-line node/no-process-env -- a test may be pointed at another copy
const casesDir = process.env['CASES_DIR'] ?? '../shared/cases';
const referenceFile = join(casesDir, 'carbon', '24_reference_factors.json');
const describePublished = existsSync(referenceFile) ? describe : describe.skip;

describe('factors', () => {
  it('finds the factor in force, by technology and basis', () => {
    const at = Date.UTC(2026, 0, 1);
    expect(factorFor('pv-rooftop', 'direct', at).gramsCo2ePerKwh).toBe('0');
    expect(factorFor('pv-rooftop', 'lifecycle', at).gramsCo2ePerKwh).toBe('41');
    expect(factorById('pv-rooftop/direct/ipcc-ar5')).toBe(factorFor('pv-rooftop', 'direct', at));
  });

  it('has no factor before its publication, for an unknown technology, or for an unknown id', () => {
    expect(() => factorFor('pv-rooftop', 'direct', Date.UTC(2013, 11, 31))).toThrow(
      expect.objectContaining({ code: 'FACTOR_MISSING' }),
    );
    expect(() => factorFor('oil', 'lifecycle', Date.UTC(2026, 0, 1))).toThrow(
      expect.objectContaining({ code: 'FACTOR_MISSING' }),
    );
    expect(() => factorById('pv')).toThrow(expect.objectContaining({ code: 'FACTOR_MISSING' }));
  });

  it('names every factor once, with its source', () => {
    expect(new Set(EMISSION_FACTORS.map(({ id }) => id)).size).toBe(EMISSION_FACTORS.length);
    for (const { source } of EMISSION_FACTORS) expect(source).toMatch(/p\. \d+, https:/);
  });
});

describePublished(`published figures (${referenceFile})`, () => {
  it('agrees with the published table', () => {
    const published: {
      ipcc2014_lifecycle_gco2eq_per_kwh_median: { solar_pv_rooftop: number };
      electricitymaps_defaults_direct: { solar: number };
    } = JSON.parse(readFileSync(referenceFile, 'utf8'));
    const at = Date.UTC(2026, 0, 1);
    expect(Number(factorFor('pv-rooftop', 'lifecycle', at).gramsCo2ePerKwh)).toBe(
      published.ipcc2014_lifecycle_gco2eq_per_kwh_median.solar_pv_rooftop,
    );
    expect(Number(factorFor('pv-rooftop', 'direct', at).gramsCo2ePerKwh)).toBe(
      published.electricitymaps_defaults_direct.solar,
    );
  });
});
