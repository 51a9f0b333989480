import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import { requireInput } from '#inputs';
import { deviceInput, dispatchInput } from './device-input.ts';
import { dispatchOf } from './dispatch.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const dispatch = (input: unknown) => dispatchOf(requireInput(input, dispatchInput), solve);

const BATTERY = { id: 'b', type: 'battery', capacityKwh: 2, chargeKw: 8, dischargeKw: 8 };
const PRICES = { buy: ['0.1', 0.5], sell: 0.05 };

describe('market dispatch', () => {
  it('schedules a battery against prices, in slots of a quarter of an hour', () => {
    const members = [{ id: 'home', load: 1, devices: [BATTERY] }];
    const result = dispatch({ horizon: 2, resolution: 'PT15M', prices: PRICES, members });
    // The discharge is bounded by the load where selling pays less than buying costs.
    expect(result.schedules[0]).toMatchObject({ net: { electricity: [2, 0] }, cost: expect.closeTo(0.2, 9) });
    expect(result.duals.members[0]).toEqual({
      id: 'home',
      electricity: [expect.closeTo(0.1, 9), expect.closeTo(0.1, 9)],
    });
  });

  it('is the same in another unit', () => {
    const inKwh = dispatch({
      horizon: 2,
      resolution: 'PT1H',
      prices: PRICES,
      members: [{ id: 'home', load: { electricity: [1, 2] }, devices: [BATTERY] }],
    });
    const inWh = dispatch({
      horizon: 2,
      resolution: 'PT1H',
      unit: 'Wh',
      prices: { buy: [0.0001, 0.0005], sell: 0.00005 },
      members: [{ id: 'home', load: { electricity: [1000, 2000] }, devices: [BATTERY] }],
    });
    expect(inWh.cost).toBeCloseTo(inKwh.cost, 9);
    expect(inWh.schedules[0]!.net['electricity']).toEqual(
      inKwh.schedules[0]!.net['electricity']!.map((kwh) => kwh * 1000),
    );
  });

  it('shares the roof of one with the load of another at one price', () => {
    const members = [
      { id: 'roof', pv: [3, 0] },
      { id: 'home', load: [2, 1] },
    ];
    const result = dispatch({ horizon: 2, resolution: 'PT1H', mode: 'community', prices: PRICES, members });
    expect(result.duals.community).toEqual([expect.closeTo(0.05, 9), expect.closeTo(0.5, 9)]);
    expect(result.schedules.map(({ saving }) => saving)).toEqual([
      expect.closeTo(0, 9),
      expect.closeTo(0.1, 9),
    ]);
    expect(result.costAlone! - result.cost).toBeCloseTo(0.1, 9);
  });

  it('spreads one number over all slots, also inside a heat pump’s building', () => {
    const building = {
      resistanceCelsiusPerKw: 5,
      capacityKwhPerCelsius: 2,
      initialCelsius: 20,
      minCelsius: 20,
      maxCelsius: 20,
      outdoorCelsius: 5,
    };
    const devices = [{ id: 'hp', type: 'heat-pump', inputKw: 4, cop: 3, building }];
    const result = dispatch({
      horizon: 2,
      resolution: 'PT1H',
      prices: PRICES,
      members: [{ id: 'home', devices }],
    });
    expect(result.schedules[0]!.net['electricity']).toEqual([1, 1]);
  });

  it('knows every kind of device by its schema alone', () => {
    expect(deviceInput.options.map(({ shape }) => shape.type.value).toSorted()).toEqual([
      'base-station',
      'battery',
      'boiler',
      'building',
      'charging-pile',
      'chp',
      'electrolyser',
      'flexible-load',
      'heat-pump',
      'methanation',
      'pv',
      'tank',
      'vehicle',
    ]);
  });

  it.each([
    ['INPUT_KEY_UNKNOWN', { members: [{ id: 'home', devices: [{ ...BATTERY, colour: 1 }] }] }],
    ['INPUT_INVALID', { members: [{ id: 'home', devices: [{ id: 'x', type: 'dynamo' }] }] }],
    ['INPUT_INVALID', { resolution: 'PT', members: [{ id: 'home' }] }],
    ['DISPATCH_INPUT', { members: [{ id: 'home', load: [1, 2, 3] }] }],
    ['DISPATCH_INPUT', { resolution: 'PT25H', members: [{ id: 'home' }] }],
    ['DISPATCH_INFEASIBLE', { members: [{ id: 'home', load: 3, importKw: 2 }] }],
  ])('refuses with %s', (code, part) => {
    const input = { horizon: 2, resolution: 'PT1H', prices: PRICES, ...part };
    expect(() => dispatch(input)).toThrow(expect.objectContaining({ code }));
  });
});
