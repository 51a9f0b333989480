import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import { type Device, type DeviceMember, type DeviceTerms, type Storage, dispatchAlone } from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const flat = (value: number, slots: number): number[] => Array.from({ length: slots }, () => value);

const member = (devices: readonly Device[], more: Partial<DeviceMember> = {}): DeviceMember => ({
  id: 'home',
  loadKwh: {},
  devices,
  ...more,
});

const electricity = (
  buyPerKwh: readonly number[],
  sellPerKwh: readonly number[] = buyPerKwh,
): DeviceTerms => ({
  slots: buyPerKwh.length,
  slotHours: 1,
  prices: { electricity: { buyPerKwh, sellPerKwh } },
});

const decide = (of: DeviceMember, terms: DeviceTerms) => dispatchAlone([of], terms, solve).members[0]!;

const STORAGE: Storage = {
  capacityKwh: 10,
  chargeKw: 100,
  dischargeKw: 100,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  initialKwh: 0,
};

describe('a battery', () => {
  it('earns capacity · (η_d·p₂ − p₁/η_c) between two prices, or nothing (closed form of arbitrage)', () => {
    const price = fc.integer({ min: 1, max: 100 });
    const efficiency = fc.constantFrom(1, 0.95, 0.8);
    fc.assert(
      fc.property(
        price,
        price,
        efficiency,
        efficiency,
        fc.integer({ min: 1, max: 50 }),
        (p1, p2, c, d, capacityKwh) => {
          const battery = { ...STORAGE, capacityKwh, chargeEfficiency: c, dischargeEfficiency: d };
          const { cost } = dispatchAlone(
            [member([{ id: 'b', type: 'battery', ...battery }])],
            electricity([p1, p2]),
            solve,
          );
          expect(-cost).toBeCloseTo(Math.max(0, capacityKwh * (d * p2 - p1 / c)), 6);
        },
      ),
    );
  });

  it('loses what it does not retain, and wears at a cost', () => {
    const battery = {
      ...STORAGE,
      initialKwh: 8,
      finalKwh: 0,
      hourlyRetention: 0.5,
      chargeKw: 0,
      wearPerKwh: 0.25,
    };
    const decision = decide(member([{ id: 'b', type: 'battery', ...battery }]), electricity([1, 1, 2]));
    expect(decision.devices[0]!.series['dischargeKwh']).toEqual([4, 0, 0]);
    expect(decision).toMatchObject({ energyCost: -4, deviceCost: 1, cost: -3 });
  });

  it('burns nothing where energy is worth less than nothing', () => {
    const battery = { ...STORAGE, chargeKw: 5, dischargeKw: 5, chargeEfficiency: 0.5, initialKwh: 10 };
    const { series } = decide(member([{ id: 'b', type: 'battery', ...battery }]), electricity([-1, -1]))
      .devices[0]!;
    series['chargeKwh']!.forEach((charge, t) =>
      expect(Math.min(charge, series['dischargeKwh']![t]!)).toBe(0),
    );
  });
});

const BUILDING = {
  resistanceCelsiusPerKw: 5,
  capacityKwhPerCelsius: 2,
  initialCelsius: 20,
  minCelsius: flat(-50, 6),
  maxCelsius: flat(50, 6),
  outdoorCelsius: flat(0, 6),
};

describe('a building', () => {
  it('cools as T_out + (T_0 − T_out)·exp(−t/(R·C)) without heat (closed form)', () => {
    const device: Device = { id: 'hp', type: 'heat-pump', inputKw: 0, cop: flat(3, 6), building: BUILDING };
    const { series } = decide(member([device]), electricity(flat(1, 6))).devices[0]!;
    series['indoorCelsius']!.forEach((celsius, t) => {
      expect(celsius).toBeCloseTo(20 * Math.exp(-(t + 1) / 10), 5);
    });
  });

  it('is held at a temperature by (T − T_out)/(R·COP) of electricity', () => {
    const building = { ...BUILDING, minCelsius: flat(20, 6), maxCelsius: flat(20, 6), gainsKw: flat(1, 6) };
    const device: Device = { id: 'hp', type: 'heat-pump', inputKw: 9, cop: [3, 3, 3, 2, 2, 2], building };
    const { series } = decide(member([device]), electricity(flat(1, 6))).devices[0]!;
    // 20 °C / 5 °C/kW less 1 kW of gains, by the coefficient of the slot.
    expect(series['inputKwh']).toEqual([1, 1, 1, 1.5, 1.5, 1.5]);
  });

  it('is preheated while energy is cheap and dear electricity is avoided within comfort', () => {
    const building = { ...BUILDING, minCelsius: flat(19, 6), maxCelsius: flat(24, 6) };
    const device: Device = { id: 'hp', type: 'heat-pump', inputKw: 9, cop: flat(3, 6), building };
    const { series } = decide(member([device]), electricity([0.1, 0.1, 5, 5, 5, 5])).devices[0]!;
    expect(series['indoorCelsius']![1]).toBeCloseTo(24, 5);
    expect(series['inputKwh']![2]).toBe(0);
  });

  it('can take its heat from a boiler', () => {
    const devices: Device[] = [
      { id: 'house', type: 'building', ...BUILDING, minCelsius: flat(20, 6) },
      { id: 'boiler', type: 'boiler', inputKw: 10, heatEfficiency: 0.8 },
    ];
    const terms = { ...electricity(flat(1, 6)), prices: { gas: { buyPerKwh: flat(0.5, 6) } } };
    const decision = decide(member(devices), terms);
    expect(decision.devices[1]!.series['inputKwh']).toEqual(flat(5, 6));
    expect(decision.exchange.heat!.marginalPerKwh[0]).toBeCloseTo(0.625, 9);
  });
});

describe('vehicles', () => {
  const vehicle = {
    ...STORAGE,
    capacityKwh: 50,
    chargeKw: 10,
    dischargeKw: 0,
    arrival: 1,
    departure: 4,
    requiredKwh: 20,
  };

  it('charge between arrival and departure, in the cheapest slots', () => {
    const decision = decide(
      member([{ id: 'ev', type: 'vehicle', ...vehicle }]),
      electricity([0, 3, 1, 2, 0]),
    );
    expect(decision.devices[0]!.series['chargeKwh']).toEqual([0, 0, 10, 10, 0]);
    expect(decision.cost).toBeCloseTo(30, 9);
  });

  it('share the power of a charging pile', () => {
    const vehicles = [vehicle, { ...vehicle, departure: 3 }];
    const pile: Device = { id: 'pile', type: 'charging-pile', pileKw: 15, vehicles };
    const { series } = decide(member([pile]), electricity([0, 3, 1, 2, 0])).devices[0]!;
    const [first, second] = [series['vehicle1.chargeKwh']!, series['vehicle2.chargeKwh']!];
    first.forEach((kwh, t) => expect(kwh + second[t]!).toBeLessThanOrEqual(15));
    expect(second).toEqual([0, 10, 10, 0, 0]);
    expect(first).toEqual([0, 5, 5, 10, 0]);
  });

  it('that cannot be charged in time are named with their slot', () => {
    const late = { ...vehicle, requiredKwh: 45 };
    expect(() => decide(member([{ id: 'ev', type: 'vehicle', ...late }]), electricity(flat(1, 5)))).toThrow(
      expect.objectContaining({
        code: 'DISPATCH_INFEASIBLE',
        data: expect.objectContaining({
          member: 'home',
          device: 'ev',
          slot: 3,
          what: 'level of vehicle at departure',
          by: expect.closeTo(15, 6),
        }),
      }),
    );
  });
});

describe('a base station', () => {
  const station: Device = {
    id: 'cell',
    type: 'base-station',
    ...STORAGE,
    initialKwh: 10,
    finalKwh: 0,
    idleKw: 1,
    fullKw: 3,
    trafficErlang: [0, 50, 100, 0],
    capacityErlang: 100,
    backupHours: 2,
  };

  it('sells what the calls of the next hours do not need', () => {
    const decision = decide(member([station]), electricity([5, 4, 3, 2]));
    // Loads are 1, 2, 3, 1 kWh: two hours ahead need 5, 4, 2 and then 2.
    expect(decision.devices[0]!.series['storedKwh']).toEqual([5, 4, 2, 2]);
    expect(decision.exchange.electricity!.netKwh).toEqual([1 - 5, 2 - 1, 3 - 2, 1]);
  });

  it('whose battery is too small for its backup is named', () => {
    expect(() => decide(member([{ ...station, backupHours: 6 }]), electricity([5, 4, 3, 2]))).not.toThrow();
    expect(() => decide(member([{ ...station, backupHours: 9 }]), electricity([5, 4, 3, 2]))).toThrow(
      expect.objectContaining({
        data: expect.objectContaining({ device: 'cell', what: 'backup reserve', slot: 0 }),
      }),
    );
  });
});
