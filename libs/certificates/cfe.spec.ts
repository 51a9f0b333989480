import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import {
  certificateCoverage,
  cfeScore,
  exact,
  greenDischarge,
  type GreenAttribution,
  matchHour,
} from './index.ts';

const of = (...values: readonly (number | string)[]) => values.map(exact);
const battery = (attribution: GreenAttribution) => ({
  chargeEfficiency: exact('0.8'),
  dischargeEfficiency: exact('0.5'),
  initialKwh: exact(0),
  initialGreenKwh: exact(0),
  attribution,
});

describe('the CFE score', () => {
  it('counts what is there at the time, the grid’s share of the rest, and carries nothing over', () => {
    const score = cfeScore({
      loadKwh: of(10, 10, 0),
      carbonFreeKwh: of(25, 5, 4),
      gridCarbonFreeShare: of('0.5', '0.2', 1),
    });
    // (10 + 0) + (5 + 5·0.2) of 20
    expect(score.cfeScorePercent!.toNumber()).toBe(80);
    expect(score.matchedPercent!.toNumber()).toBe(75);
    expect(score.excessKwh.toNumber()).toBe(19);
    expect(score.hourlyScores.map((each) => each?.toNumber() ?? null)).toEqual([1, 0.6, null]);
    expect(score.meanHourlyScorePercent!.toNumber()).toBe(80);
  });

  it('differs from the mean of hourly scores, which does not weigh by load', () => {
    const score = cfeScore({ loadKwh: of(90, 10), carbonFreeKwh: of(0, 10), gridCarbonFreeShare: null });
    expect(score.cfeScorePercent!.toNumber()).toBe(10);
    expect(score.meanHourlyScorePercent!.toNumber()).toBe(50);
  });

  it('is null without a load', () => {
    const score = cfeScore({ loadKwh: of(0), carbonFreeKwh: of(3), gridCarbonFreeShare: null });
    expect([score.cfeScorePercent, score.matchedPercent, score.meanHourlyScorePercent]).toEqual([null, null, null]); // prettier-ignore
  });

  it.each([
    { loadKwh: of(1), carbonFreeKwh: of(1, 2), gridCarbonFreeShare: null },
    { loadKwh: of(-1), carbonFreeKwh: of(1), gridCarbonFreeShare: null },
    { loadKwh: of(1), carbonFreeKwh: of(1), gridCarbonFreeShare: of('1.1') },
  ])('refuses series that cannot be', (steps) => {
    expect(() => cfeScore(steps)).toThrow(expect.objectContaining({ code: 'CFE_INPUT' }));
  });
});

describe('carbon-free discharge of a battery', () => {
  const flows = {
    pvToBatteryKwh: of(10, 0, 0),
    gridToBatteryKwh: of(0, 30, 0),
    batteryToLoadKwh: of(0, 0, 6),
    batteryToGridKwh: of(0, 0, 2),
  };

  it('is a share of what is mixed inside', () => {
    // 8 of 32 kWh inside are carbon-free: a quarter of the 8 kWh that leave.
    const { batteryToLoadGreenKwh, batteryToGridGreenKwh } = greenDischarge(flows, battery('proportional'));
    expect(batteryToLoadGreenKwh.map(Number)).toEqual([0, 0, 1.5]);
    expect(batteryToGridGreenKwh.map(Number)).toEqual([0, 0, 0.5]);
  });

  it('or leaves first, where that is asked for', () => {
    // 16 kWh leave the store, 8 of them carbon-free.
    const { batteryToLoadGreenKwh } = greenDischarge(flows, battery('green-first'));
    expect(batteryToLoadGreenKwh.map(Number)).toEqual([0, 0, 3]);
  });

  it('refuses a battery that gives more than it has, or cannot be', () => {
    const empty = { ...flows, batteryToLoadKwh: of(6, 0, 6) };
    expect(() => greenDischarge(empty, battery('proportional'))).toThrow(
      expect.objectContaining({ code: 'BATTERY_EMPTY' }),
    );
    for (const change of [
      { chargeEfficiency: exact(0) },
      { dischargeEfficiency: exact(2) },
      { initialGreenKwh: exact(1) },
    ]) {
      // prettier-ignore
      expect(() => greenDischarge(flows, { ...battery('proportional'), ...change })).toThrow(
        expect.objectContaining({ code: 'BATTERY_INPUT' }),
      );
    }
  });

  it('sums to what was charged carbon-free, times both efficiencies, once the battery is empty', () => {
    const wh = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(
        wh,
        fc.constantFrom<GreenAttribution>('proportional', 'green-first'),
        (charges, attribution) => {
          const zeros = charges.map(() => exact(0));
          const all = charges.reduce((total, [pv, grid]) => total + pv + grid, 0);
          const { batteryToLoadGreenKwh } = greenDischarge(
            {
              pvToBatteryKwh: [...charges.map(([pv]) => exact(pv)), exact(0)],
              gridToBatteryKwh: [...charges.map(([, grid]) => exact(grid)), exact(0)],
              batteryToLoadKwh: [...zeros, exact(all).mul('0.4')],
              batteryToGridKwh: [...zeros, exact(0)],
            },
            battery(attribution),
          );
          const green = batteryToLoadGreenKwh.reduce((total, each) => total + each.toNumber(), 0);
          expect(green).toBeCloseTo(0.4 * charges.reduce((total, [pv]) => total + pv, 0), 9);
        },
      ),
    );
  });
});

describe('coverage', () => {
  const period = interval(0, 365 * 24 * HOUR_MS);

  it('counts a claim for every resolution that reaches from consumption to production', () => {
    const claims = [{ productionStartMs: 25 * HOUR_MS, consumptionStartMs: HOUR_MS, wh: 500 }];
    expect(certificateCoverage(claims, 1_000, period)).toEqual({
      hourlyPercent: 0,
      dailyPercent: 50,
      weeklyPercent: 50,
      monthlyPercent: 50,
      yearlyPercent: 50,
      flags: [],
    });
  });

  it('is 100 % of nothing, and says so', () => {
    const month = interval(0, 30 * 24 * HOUR_MS);
    expect(certificateCoverage([], 0, month)).toEqual({
      hourlyPercent: 100,
      dailyPercent: 100,
      weeklyPercent: 100,
      monthlyPercent: 100,
      yearlyPercent: null,
      flags: ['ZERO_CONSUMPTION'],
    });
  });

  it.each([
    [500, ['CLAIMED_BEYOND_CONSUMPTION']],
    [1_000, []],
    [0, ['ZERO_CONSUMPTION', 'CLAIMED_BEYOND_CONSUMPTION']],
  ])(
    'flags that 1000 Wh were claimed where %d Wh were consumed only if that is more',
    (consumedWh, flags) => {
      const claim = { productionStartMs: 0, consumptionStartMs: 0, wh: 500 };
      expect(certificateCoverage([claim, claim], consumedWh, period).flags).toEqual(flags);
    },
  );
});

const total = (whs: readonly { readonly wh: number }[]): number => whs.reduce((all, { wh }) => all + wh, 0);

describe('matching an hour', () => {
  it('meets the largest first where that is asked for', () => {
    const production = [{ id: 'p', wh: 5 }, { id: 'q', wh: 9 }]; // prettier-ignore
    const consumption = [{ id: 'c', wh: 2 }, { id: 'd', wh: 10 }]; // prettier-ignore
    expect(matchHour(production, consumption, 'largest-first')).toEqual([
      { production: 'q', consumption: 'd', wh: 9 },
      { production: 'p', consumption: 'd', wh: 1 },
      { production: 'p', consumption: 'c', wh: 2 },
    ]);
  });

  it('claims as much as there is of the scarcer side, in either order', () => {
    const side = fc.array(fc.nat(50)).map((whs) => whs.map((wh, i) => ({ id: `${i}`, wh })));
    fc.assert(
      fc.property(side, side, fc.constantFrom('time' as const, 'largest-first' as const), (p, c, order) => {
        const claims = matchHour(p, c, order);
        expect(total(claims)).toBe(Math.min(total(p), total(c)));
        for (const [key, whs] of [
          ['production', p],
          ['consumption', c],
        ] as const) {
          for (const { id, wh } of whs) {
            expect(total(claims.filter((claim) => claim[key] === id))).toBeLessThanOrEqual(wh);
          }
        }
      }),
    );
  });
});
