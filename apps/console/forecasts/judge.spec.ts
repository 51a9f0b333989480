import { describe, expect, it } from '@jest/globals';
import { judge, scaleOf } from './judge.ts';
import { exportPath, snippetOf } from './rows-elsewhere.ts';

const at = (day: number) => Date.parse(`2026-05-${day}T00:00:00Z`);
const band = (day: number) => ({
  intervalStart: new Date(at(day)).toISOString(),
  p10: 8,
  p50: 10,
  p90: 12,
});

describe('forecasts beside what was measured', () => {
  it('tells error, error of the week before, and how many outcomes each quantile had above it', () => {
    const actuals = new Map([
      [at(13), 14],
      [at(20), 11],
      [at(21), 13],
    ]);
    expect(judge([band(20), band(21), band(22)], actuals)).toEqual({
      intervals: 2,
      mae: 2,
      naive: { intervals: 1, mae: 3, forecastMae: 1 },
      calibration: [
        { stated: 0.1, observed: 0 },
        { stated: 0.5, observed: 0 },
        { stated: 0.9, observed: 0.5 },
      ],
      coverage: 0.5,
    });
  });

  it('says nothing of what has not been measured', () => {
    expect(judge([band(20)], new Map())).toBeNull();
    expect(judge([band(20)], new Map([[at(20), 10]]))?.naive).toBeNull();
  });

  it('compares energies in any unit, and nothing else', () => {
    expect(scaleOf('kWh', 'Wh')).toBe(1_000);
    expect(scaleOf('gCO2e/kWh', 'gCO2e/kWh')).toBe(1);
    expect(scaleOf('kWh', 'gCO2e/kWh')).toBeNull();
  });

  it('names the same rows as a file and as a query', () => {
    const choice = { series: 'load', from: '2026-05-01T00:00:00.000Z', to: '2026-05-02T00:00:00.000Z' };
    expect(exportPath(choice, 'csv')).toBe(
      '/forecasts/export?format=csv&latest=true&series=load&from=2026-05-01T00%3A00%3A00.000Z&to=2026-05-02T00%3A00%3A00.000Z',
    );
    expect(snippetOf({ ...choice, productId: 'x' })).toContain(
      'series: "load", productId: "x", latest: true',
    );
  });
});
