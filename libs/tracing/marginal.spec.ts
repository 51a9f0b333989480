import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { marginalEmissions, type SystemHour } from './marginal.ts';

const hour = (i: number, demandMwh: number, emissionsKg: number): SystemHour => ({
  startMs: i * HOUR_MS,
  demandMwh,
  emissionsKg,
});

describe('marginal emissions', () => {
  it('are the slope of changes of emissions over changes of demand, whatever runs at the base', () => {
    const demand = [100, 140, 120, 160, 110];
    const [all] = marginalEmissions(demand.map((mwh, i) => hour(i, mwh, 1e6 + 450 * mwh)));
    expect(all).toMatchObject({ averaging: 'marginal', hourOfDay: null, differences: 4 });
    expect(all!.kgPerMwh).toBeCloseTo(450, 9);
    expect(all!.rSquared).toBeCloseTo(1, 9);
  });

  it('are estimated for hours of the day that have enough differences', () => {
    // Coal follows the load at 6 UTC, gas in every other hour.
    const hours: SystemHour[] = [hour(0, 500, 0)];
    for (let i = 1; i < 24 * 5; i += 1) {
      const { demandMwh, emissionsKg } = hours[i - 1]!;
      const change = ((i * 37) % 23) - 11;
      hours.push(hour(i, demandMwh + change, emissionsKg + change * (i % 24 === 6 ? 900 : 400)));
    }
    const estimates = marginalEmissions(hours);
    expect(estimates).toHaveLength(25);
    const at = (of: number): number => estimates.find(({ hourOfDay }) => hourOfDay === of)!.kgPerMwh;
    expect(at(6)).toBeCloseTo(900, 6);
    expect(at(7)).toBeCloseTo(400, 6);
  });

  it('have a standard error: changes 1, 2, 3 with 1, 2, 4', () => {
    // Slope 3/2, unexplained 1/6, spread 2: sqrt(1/6 / 1 / 2).
    const [all] = marginalEmissions([hour(0, 0, 0), hour(1, 1, 1), hour(2, 3, 3), hour(3, 6, 7)]);
    expect(all!.kgPerMwh).toBeCloseTo(1.5, 12);
    expect(all!.standardError).toBeCloseTo(Math.sqrt(1 / 12), 12);
  });

  it('take no difference across a gap, and refuse too few', () => {
    expect(() => marginalEmissions([hour(0, 1, 1), hour(1, 2, 2), hour(2, 4, 4), hour(5, 9, 9)])).toThrow(
      expect.objectContaining({ code: 'MARGINAL_HOURS_TOO_FEW' }),
    );
    expect(() => marginalEmissions([0, 1, 2, 3, 4].map((i) => hour(i, 7, i)))).toThrow(
      expect.objectContaining({
        code: 'MARGINAL_HOURS_TOO_FEW',
        message: expect.stringContaining('got 4, all the same'),
      }),
    );
  });
});
