import { describe, expect, it } from '@jest/globals';
import type { EmissionsTotals } from '#carbon';
import { HOUR_MS } from '#core';
import { requirePublishable } from './publication.ts';

const now = Date.UTC(2026, 4, 12);
const totals = (fields: Partial<EmissionsTotals> = {}): EmissionsTotals => ({
  startMs: now - 24 * HOUR_MS,
  endMs: now,
  hours: 24,
  locationGrams: 500,
  marketGrams: 300,
  methodVersion: 'gridcommons/scope2-hourly/1',
  basis: 'direct',
  factorIds: ['grid/0', 'pv-rooftop/direct/ipcc-ar5'],
  ...fields,
});

describe('requirePublishable', () => {
  it.each([23, 24, 25])('accepts a day of %i hours', (hours) => {
    expect(() => requirePublishable(totals({ startMs: now - hours * HOUR_MS, hours }), now)).not.toThrow();
  });

  it('accepts 100 000 t a day', () => {
    expect(() => requirePublishable(totals({ locationGrams: 1e11, marketGrams: 1e11 }), now)).not.toThrow();
  });

  it.each<[string, Partial<EmissionsTotals>]>([
    ['EMISSIONS_INTERVAL', { startMs: now - HOUR_MS, hours: 1 }],
    ['EMISSIONS_INTERVAL', { startMs: now - 22 * HOUR_MS, hours: 22 }],
    ['EMISSIONS_INTERVAL', { startMs: now - 26 * HOUR_MS }],
    ['EMISSIONS_INTERVAL', { startMs: now - 24.5 * HOUR_MS }],
    ['EMISSIONS_INTERVAL', { startMs: Number.NaN }],
    ['EMISSIONS_TOO_EARLY', { startMs: now - 23 * HOUR_MS, endMs: now + HOUR_MS }],
    ['EMISSIONS_HOURS', { hours: 0 }],
    ['EMISSIONS_HOURS', { hours: 25 }],
    ['EMISSIONS_HOURS', { hours: 23.5 }],
    ['EMISSIONS_TOTALS', { locationGrams: -1 }],
    ['EMISSIONS_TOTALS', { marketGrams: 0.5 }],
    ['EMISSIONS_TOTALS', { locationGrams: 100_000_000_001 }],
    ['EMISSIONS_TOTALS', { marketGrams: Number.MAX_SAFE_INTEGER }],
    ['EMISSIONS_METHOD', { methodVersion: 'own/1' }],
    ['EMISSIONS_FACTORS', { basis: 'lifecycle' }],
    ['EMISSIONS_FACTORS', { factorIds: ['pv-rooftop/direct/ipcc-ar5', 'grid/0'] }],
    ['EMISSIONS_FACTORS', { factorIds: ['grid/0'] }],
    ['EMISSIONS_FACTORS', { factorIds: ['grid/0', 'pv-rooftop/direct/ipcc-ar5', 'other'] }],
    ['EMISSIONS_FACTORS', { factorIds: [] }],
  ])('refuses with %s %j', (code, fields) => {
    expect(() => requirePublishable(totals(fields), now)).toThrow(expect.objectContaining({ code }));
  });
});
