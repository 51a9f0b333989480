import { describe, expect, it } from '@jest/globals';
import { measureOf, overSteps, quantityOf } from './quantity.ts';

const kindOf = (name: string) => quantityOf(name)?.kind ?? null;

describe('what a column measures', () => {
  it.each([
    ['load_kwh', 'energy'],
    ['load_kw', 'power'],
    ['feed_in_mw', 'power'],
    ['price_eur_per_mwh', 'price'],
    ['tariff_ct_per_kwh', 'price'],
    ['intensity_g_per_kwh', 'carbon intensity'],
    ['grid_kgco2e_per_kwh', 'carbon intensity'],
    ['grid_kg_per_kwh', 'carbon intensity'],
    ['mix_gco2eq_per_kwh', 'carbon intensity'],
    ['temperature_c', 'temperature'],
    ['outdoor_k', 'temperature'],
    ['irradiance_w_per_m2', 'irradiance'],
    ['wind_m_per_s', 'speed'],
    ['cloud_percent', 'share'],
    ['pressure_hpa', 'pressure'],
    ['note', null],
    ['load_per_kwh', null],
    ['load_wh', null],
    ['Load_kwh', null],
    ['kwh', null],
  ])('%s: %s', (name, kind) => expect(kindOf(name)).toBe(kind));

  it.each([
    ['load_kwh', 'load_kw'],
    ['load_mw', 'load_w'],
    ['wind_m_per_s', 'wind_km_per_h'],
    ['temperature_c', 'temperature_k'],
    ['price_eur_per_mwh', 'price_ct_per_kwh'],
  ])('is the same for %s and %s', (one, other) => expect(measureOf(one)).toBe(measureOf(other)));

  it.each([
    ['load_kwh', 'pv_kwh'],
    ['wind_mw', 'wind_m_per_s'],
    ['load_kwh', 'load'],
    ['zone 1', 'zone 2'],
  ])('differs for %s and %s', (one, other) => expect(measureOf(one)).not.toBe(measureOf(other)));

  it('adds up for energy alone', () => {
    expect(overSteps('load_kwh')).toBe('sum');
    for (const name of ['load_kw', 'price_eur_per_mwh', 'temperature_c', 'intensity_g_per_kwh'])
      expect(overSteps(name)).toBe('mean');
  });

  it('may be negative for a price or a net meter, not for a load, a generation, or a wind', () => {
    expect(['price_eur_per_mwh', 'net_kwh', 'net_kw'].map((name) => quantityOf(name)!.least)).toEqual(
      Array(3).fill(Number.NEGATIVE_INFINITY),
    );
    expect(['load_kwh', 'pv_kw', 'wind_m_per_s'].map((name) => quantityOf(name)!.least)).toEqual([0, 0, 0]);
  });
});
