import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { LpSolve } from '#core';
import { type BidStep, bidCurve } from '#market';
import { loadSolver } from '#optimization';
import { type DeviceMember, type DeviceTerms, deviceDayBids, dispatchAlone } from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const RETAIL = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };
const TERMS: DeviceTerms = { slots: 4, slotHours: 1, prices: {} };
const SLOTS = [0, 1, 2, 3].map((first) => ({ first, span: 1 }));
const certain = (wh: number) => ({ p10Wh: wh, p50Wh: wh, p90Wh: wh });
const BATTERY = { capacityKwh: 4, chargeKw: 2, dischargeKw: 2, dischargeEfficiency: 1 };
const home = (chargeEfficiency = 1, initialKwh = 0): DeviceMember => ({
  id: 'home',
  loadKwh: {},
  devices: [{ id: 'battery', type: 'battery', ...BATTERY, chargeEfficiency, initialKwh }],
});

/** What of the steps trades at a price: bought less sold. */
const tradedWh = (steps: readonly BidStep[], price: number): number =>
  steps.reduce((wh, { side, quantityWh, pricePerMwh }) => {
    if (side === 'buy') return pricePerMwh >= price ? wh + quantityWh : wh;
    return pricePerMwh <= price ? wh - quantityWh : wh;
  }, 0);

const PER_KWH = { buy: RETAIL.retailPerMwh / 1_000, sell: RETAIL.feedInPerMwh / 1_000 };

/** Least cost of a home that is left with retail and feed-in for what it has not traded. */
function costAfter(member: DeviceMember, net: readonly number[], traded: readonly number[]): number {
  const left = net.map((wh, t) => (wh - traded[t]!) / 1_000);
  const flat = (price: number) => net.map(() => price);
  const terms = {
    ...TERMS,
    prices: { electricity: { buyPerKwh: flat(PER_KWH.buy), sellPerKwh: flat(PER_KWH.sell) } },
  };
  const electricity = left.map((kwh) => Math.max(0, kwh));
  const pv = { id: 'left', type: 'pv', availableKwh: left.map((kwh) => Math.max(0, -kwh)) } as const;
  return dispatchAlone(
    [{ ...member, loadKwh: { electricity }, devices: [pv, ...member.devices] }],
    terms,
    solve,
  ).cost;
}

const wh = fc.integer({ min: -3_000, max: 3_000 });
const nets = fc.array(wh, { minLength: 4, maxLength: 4 });
const efficiencies = fc.constantFrom(0.8, 0.95, 1);
const levels = fc.integer({ min: 0, max: 2 });

describe('bids of a member with devices for a day', () => {
  it('are those of its forecast where it has none', () => {
    const net = [-900, -300, 100, 700].map((p10Wh) => ({ p10Wh, p50Wh: p10Wh + 200, p90Wh: p10Wh + 500 }));
    const without = { id: 'home', loadKwh: {}, devices: [] };
    const forecast = { net, retail: RETAIL, slots: SLOTS, levels: 0 };
    const positions = deviceDayBids(without, TERMS, forecast, solve).map((steps) =>
      [27_800, 19_000, 10_200].map((price) => tradedWh(steps, price)),
    );
    expect(positions).toEqual(
      net.map((each) => [27_800, 19_000, 10_200].map((price) => tradedWh(bidCurve(each, RETAIL), price))),
    );
  });

  it('move a surplus that the battery keeps to the load that it serves', () => {
    const net = [-2_000, 0, 0, 2_000].map(certain);
    const forecast = { net, retail: RETAIL, slots: SLOTS, levels: 5, share: 0 };
    expect(deviceDayBids(home(), TERMS, forecast, solve)).toEqual([[], [], [], []]);
  });

  it('offer flexibility once: all of it in a single slot, its part in several', () => {
    const net = [0, 0, 0, 2_000].map(certain);
    const most = (slots: typeof SLOTS) =>
      deviceDayBids(home(0.9), TERMS, { net, retail: RETAIL, slots, levels: 5 }, solve).map((steps) =>
        tradedWh(steps, RETAIL.feedInPerMwh),
      );
    expect(most(SLOTS.slice(0, 1))).toEqual([2_000]);
    expect(most(SLOTS.slice(0, 2))).toEqual([1_000, 1_000]);
  });

  it('bid for a slot of all hours by what they come to together', () => {
    const net = [-2_000, 500, 0, 2_000].map(certain);
    const forecast = { net, retail: RETAIL, slots: [{ first: 0, span: 4 }], levels: 5 };
    const [steps] = deviceDayBids(home(), TERMS, forecast, solve);
    expect(tradedWh(steps!, 15_000)).toBe(500);
  });

  it('are uncrossed, whole, within retail terms and within what devices can take and give', () => {
    fc.assert(
      fc.property(nets, fc.nat(500), efficiencies, levels, (medians, spread, efficiency, initial) => {
        const net = medians.map((p50Wh) => ({ p10Wh: p50Wh - spread, p50Wh, p90Wh: p50Wh + spread }));
        const forecast = { net, retail: RETAIL, slots: SLOTS, levels: 5 };
        deviceDayBids(home(efficiency, initial), TERMS, forecast, solve).forEach((steps, t) => {
          const limits = (of: BidStep['side']) =>
            steps.filter(({ side }) => side === of).map(({ pricePerMwh }) => pricePerMwh);
          expect(Math.min(Infinity, ...limits('sell'))).toBeGreaterThan(
            Math.max(-Infinity, ...limits('buy')),
          );
          for (const { quantityWh, pricePerMwh } of steps) {
            expect(Number.isSafeInteger(quantityWh) && Number.isSafeInteger(pricePerMwh)).toBe(true);
            expect(quantityWh).toBeGreaterThan(0);
            expect(pricePerMwh).toBeGreaterThanOrEqual(RETAIL.feedInPerMwh);
            expect(pricePerMwh).toBeLessThanOrEqual(RETAIL.retailPerMwh);
          }
          const most = tradedWh(steps, RETAIL.feedInPerMwh);
          const least = tradedWh(steps, RETAIL.retailPerMwh);
          expect(most).toBeLessThanOrEqual(Math.max(0, net[t]!.p90Wh + 2_000));
          expect(least).toBeGreaterThanOrEqual(Math.min(0, net[t]!.p10Wh - 2_000));
        });
      }),
      { numRuns: 25 },
    );
  });

  const price = fc.integer({ min: RETAIL.feedInPerMwh, max: RETAIL.retailPerMwh });

  /** What trading at these prices, null where a slot does not clear, costs beyond trading nothing. */
  function loss(
    { member, medians, share }: { member: DeviceMember; medians: readonly number[]; share: number },
    cleared: readonly (number | null)[],
  ): number {
    const forecast = { net: medians.map(certain), retail: RETAIL, slots: SLOTS, levels: 6, share };
    const curves = deviceDayBids(member, TERMS, forecast, solve);
    const traded = curves.map((steps, t) => (cleared[t] === null ? 0 : tradedWh(steps, cleared[t]!)));
    const paid = traded.reduce((sum, energy, t) => sum + (energy / 1e6) * (cleared[t] ?? 0), 0);
    const nothing = medians.map(() => 0);
    return costAfter(member, medians, traded) + paid - costAfter(member, medians, nothing);
  }

  it('never cost more than to trade nothing where they follow the plan, whichever slots clear', () => {
    const prices = fc.array(fc.option(price), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(nets, efficiencies, levels, prices, (medians, efficiency, initial, cleared) => {
        const plan = { member: home(efficiency, initial), medians, share: 0 };
        // Whole Wh of a few slots.
        expect(loss(plan, cleared)).toBeLessThanOrEqual(0.3);
      }),
      { numRuns: 40 },
    );
  });

  it('never cost more than to trade nothing where one slot clears alone, whatever they offer in it', () => {
    const shares = fc.constantFrom(0.25, 0.5, 1);
    fc.assert(
      fc.property(nets, efficiencies, levels, shares, price, fc.nat(3), (...drawn) => {
        const [medians, efficiency, initial, share, at, slot] = drawn;
        const cleared = SLOTS.map(({ first }) => (first === slot ? at : null));
        expect(loss({ member: home(efficiency, initial), medians, share }, cleared)).toBeLessThanOrEqual(0.3);
      }),
      { numRuns: 40 },
    );
  });

  it('refuse a share that is none', () => {
    const forecast = { net: SLOTS.map(() => certain(0)), retail: RETAIL, slots: SLOTS, levels: 1, share: 2 };
    expect(() => deviceDayBids(home(), TERMS, forecast, solve)).toThrow(
      expect.objectContaining({ code: 'BIDS_INPUT' }),
    );
  });
});
