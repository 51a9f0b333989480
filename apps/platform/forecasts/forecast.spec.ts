import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { type Forecast, forecastKey, MAX_BATCH, nextVersions, requireBatch } from './forecast.ts';

const now = Date.UTC(2026, 4, 12);
const hash = 'a'.repeat(64);
const forecast = (fields: Partial<Forecast> = {}): Forecast => ({
  series: 'net',
  intervalStartMs: now,
  p10: -100,
  p50: 0,
  p90: 250,
  issuedAtMs: now,
  modelHash: hash,
  taskCardHash: hash,
  productId: null,
  ...fields,
});
const coded = (code: string) => expect.objectContaining({ code });

describe('requireBatch', () => {
  it('accepts a full batch of 96 hours of three series, and a model trained alone', () => {
    const batch = (['load', 'pv', 'net'] as const).flatMap((series) =>
      Array.from({ length: 96 }, (_, hour) =>
        forecast({ series, intervalStartMs: now + hour * HOUR_MS, p10: 0, taskCardHash: null }),
      ),
    );
    expect(batch).toHaveLength(MAX_BATCH);
    expect(() => requireBatch(batch, now)).not.toThrow();
  });

  it('accepts a price below zero', () => {
    expect(() => requireBatch([forecast({ series: 'price_eur_per_mwh' })], now)).not.toThrow();
  });

  it.each<[string, Partial<Forecast>]>([
    ['FORECAST_QUANTILES', { p10: 1 }],
    ['FORECAST_QUANTILES', { p90: -1 }],
    ['FORECAST_ENERGY', { p50: 0.5 }],
    ['FORECAST_ENERGY', { p90: 1e13 }],
    ['FORECAST_ENERGY', { p50: Number.NaN }],
    ['FORECAST_VALUE', { series: 'intensity_g_per_kwh', p50: 0.5 }],
    ['FORECAST_VALUE', { series: 'price_eur_per_mwh', p90: 1e13 }],
    ['FORECAST_SERIES_UNKNOWN', { series: 'price_ct_per_kwh' }],
    ['FORECAST_SERIES_UNKNOWN', { series: 'heat_kwh' }],
    ['FORECAST_NEGATIVE', { series: 'intensity_g_per_kwh' }],
    ['FORECAST_NEGATIVE', { series: 'load' }],
    ['FORECAST_NEGATIVE', { series: 'pv' }],
    ['FORECAST_OFF_GRID', { intervalStartMs: now + 1 }],
    ['FORECAST_OFF_GRID', { intervalStartMs: Number.NaN }],
    ['FORECAST_NOT_AHEAD', { intervalStartMs: now - HOUR_MS }],
    ['FORECAST_ISSUED_LATER', { issuedAtMs: now + 300_001, intervalStartMs: now + HOUR_MS }],
    ['FORECAST_HORIZON', { intervalStartMs: now + 31 * 24 * HOUR_MS + HOUR_MS / 4 }],
    ['FORECAST_HASH', { modelHash: 'A'.repeat(64) }],
    ['FORECAST_HASH', { taskCardHash: '' }],
  ])('refuses with %s %j', (code, fields) => {
    expect(() => requireBatch([forecast(fields)], now)).toThrow(coded(code));
  });

  it('refuses an empty batch, one above the limit, and the same series and hour twice', () => {
    const many = Array.from({ length: MAX_BATCH + 1 }, (_, i) =>
      forecast({ intervalStartMs: now + i * HOUR_MS }),
    );
    expect(() => requireBatch([], now)).toThrow(coded('FORECAST_BATCH_SIZE'));
    expect(() => requireBatch(many, now)).toThrow(coded('FORECAST_BATCH_SIZE'));
    expect(() => requireBatch([forecast(), forecast()], now)).toThrow(coded('FORECAST_REPEATED'));
  });

  it('never repeats a quantity in a refusal', () => {
    expect(() => requireBatch([forecast({ p10: 987_654_321 })], now)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('987654321') }),
    );
  });
});

const known = (fields: Partial<Forecast> = {}, version = 3) =>
  new Map([[forecastKey(forecast(fields)), { ...forecast(fields), version }]]);

describe('nextVersions', () => {
  it('numbers a first issue 1, a later one next, and leaves a repetition out', () => {
    expect(nextVersions([forecast()], new Map())).toEqual([{ ...forecast(), version: 1 }]);
    const later = forecast({ issuedAtMs: now + 1, intervalStartMs: now + HOUR_MS });
    const before = known({ intervalStartMs: now + HOUR_MS });
    expect(nextVersions([later], before)).toEqual([{ ...later, version: 4 }]);
    expect(nextVersions([forecast()], known())).toEqual([]);
  });

  it('refuses an earlier issue, and the same issue with other content', () => {
    expect(() => nextVersions([forecast({ issuedAtMs: now - 1 })], known())).toThrow(coded('FORECAST_STALE'));
    for (const fields of [{ p50: 1 }, { modelHash: 'b'.repeat(64) }, { taskCardHash: null }]) {
      expect(() => nextVersions([forecast(fields)], known())).toThrow(coded('FORECAST_VERSION_CONFLICT'));
    }
  });

  it('gives versions 1, 2, 3 … to issues in time order, however often each is repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }), (steps) => {
        const latest = new Map<string, Forecast & { version: number }>();
        let issuedAtMs = now;
        for (const step of steps) {
          issuedAtMs += step;
          const issue = forecast({ issuedAtMs, intervalStartMs: now + HOUR_MS });
          for (const version of nextVersions([issue], latest)) latest.set(forecastKey(version), version);
        }
        const distinctIssues = 1 + steps.slice(1).filter((step) => step > 0).length;
        expect([...latest.values()].map(({ version }) => version)).toEqual([distinctIssues]);
      }),
    );
  });
});
