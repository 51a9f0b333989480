import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { LpSolve } from '#core';
import { bidCurve } from '#market';
import { loadSolver } from '#optimization';
import { type DeviceMember, type DeviceTerms, deviceBidCurve } from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const RETAIL = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };
const NET = { p10Wh: 100, p50Wh: 400, p90Wh: 900 };
const CERTAIN = { p10Wh: 0, p50Wh: 0, p90Wh: 0 };

/** Other slots at 15 minor units per kWh both ways. */
const TERMS: DeviceTerms = {
  slots: 2,
  slotHours: 1,
  prices: { electricity: { buyPerKwh: [15, 15], sellPerKwh: [15, 15] } },
};

const withBattery = (efficiency: number, initialKwh = 0): DeviceMember => ({
  id: 'home',
  loadKwh: {},
  devices: [
    {
      id: 'battery',
      type: 'battery',
      capacityKwh: 2,
      chargeKw: 2,
      dischargeKw: 2,
      chargeEfficiency: efficiency,
      dischargeEfficiency: 1,
      initialKwh,
    },
  ],
});

describe('bids of a member with devices', () => {
  it('are those of its forecast where it has none', () => {
    const without = { id: 'home', loadKwh: {}, devices: [] };
    expect(deviceBidCurve(without, TERMS, { slot: 0, net: NET, retail: RETAIL, levels: 0 }, solve)).toEqual(
      bidCurve(NET, RETAIL),
    );
  });

  it('buy to sell later while that pays: up to efficiency · later price', () => {
    const steps = deviceBidCurve(
      withBattery(0.8),
      TERMS,
      { slot: 0, net: CERTAIN, retail: RETAIL, levels: 23 },
      solve,
    );
    // Levels are 1 000 apart, 0.8 · 15 000 = 12 000 itself is a tie: the next level below surely buys.
    const [bid] = steps;
    expect(steps).toHaveLength(1);
    expect(bid).toMatchObject({ side: 'buy', quantityWh: 2_000 });
    expect([11_000, 12_000]).toContain(bid!.pricePerMwh);
  });

  it('sell what can be bought back cheaper', () => {
    const steps = deviceBidCurve(
      withBattery(1, 2),
      TERMS,
      { slot: 0, net: CERTAIN, retail: RETAIL, levels: 23 },
      solve,
    );
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ side: 'sell', quantityWh: 2_000 });
    expect([15_000, 16_000]).toContain(steps[0]!.pricePerMwh);
  });

  it('want less at higher prices, whatever the forecast', () => {
    const wh = fc.integer({ min: -3_000, max: 3_000 });
    const nets = fc.tuple(wh, wh, wh).map((levels) => {
      const [p10Wh, p50Wh, p90Wh] = levels.toSorted((a, b) => a - b);
      return { p10Wh: p10Wh!, p50Wh: p50Wh!, p90Wh: p90Wh! };
    });
    fc.assert(
      fc.property(
        nets,
        fc.constantFrom(0.7, 0.9, 1),
        fc.integer({ min: 0, max: 2 }),
        (net, efficiency, initial) => {
          const member = withBattery(efficiency, initial);
          const steps = deviceBidCurve(member, TERMS, { slot: 0, net, retail: RETAIL, levels: 8 }, solve);
          const bids = steps.filter(({ side }) => side === 'buy').map(({ pricePerMwh }) => pricePerMwh);
          const asks = steps.filter(({ side }) => side === 'sell').map(({ pricePerMwh }) => pricePerMwh);
          expect(Math.min(Infinity, ...asks)).toBeGreaterThan(Math.max(-Infinity, ...bids));
          for (const { quantityWh, pricePerMwh } of steps) {
            expect(quantityWh).toBeGreaterThan(0);
            expect(Number.isInteger(quantityWh) && Number.isInteger(pricePerMwh)).toBe(true);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ['BIDS_INPUT', { slot: 2 }],
    ['BIDS_INPUT', { levels: 201 }],
    ['QUANTILES_DISORDERED', { net: { p10Wh: 1, p50Wh: 0, p90Wh: 2 } }],
    ['RETAIL_TERMS', { retail: { retailPerMwh: 1, feedInPerMwh: 1 } }],
  ])('are refused with %s', (code, part) => {
    const forecast = { slot: 0, net: NET, retail: RETAIL, levels: 3, ...part };
    expect(() => deviceBidCurve(withBattery(1), TERMS, forecast, solve)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
