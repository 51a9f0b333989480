import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { market } from './harness/market-verb.ts';

const VEHICLE = { id: 'car', type: 'vehicle', capacityKwh: 40, chargeKw: 11, arrival: 1, departure: 3 };
const DAY = { horizon: 4, resolution: 'PT1H', prices: { buy: [0.3, '0.4', 0.1, 0.1], sell: 0.05 } };

describe('market dispatch', () => {
  it('charges a vehicle before it leaves, and says what a further kWh costs', async () => {
    const members = [{ id: 'home', load: 1, devices: [{ ...VEHICLE, requiredKwh: '15' }] }];
    const { exitCode, answer } = await market(['dispatch'], { ...DAY, members });
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      unit: 'kWh',
      schedules: [{ id: 'home', net: { electricity: [1, 5, 12, 1] } }],
      cost: expect.closeTo(0.3 + 2 + 1.2 + 0.1, 9),
      duals: { members: [{ electricity: [0.3, 0.4, 0.1, 0.1].map((price) => expect.closeTo(price, 9)) }] },
    });
  });

  it('names the device and slot that make a schedule impossible', async () => {
    const members = [{ id: 'home', devices: [{ ...VEHICLE, requiredKwh: 25 }] }];
    const { exitCode, answer } = await market(['dispatch'], { ...DAY, members });
    expect(exitCode).toBe(1);
    expect(answer).toMatchObject({
      error: { code: 'DISPATCH_INFEASIBLE', data: { member: 'home', device: 'car', slot: 2 } },
    });
  });

  it('prints its schema, and a table for people', async () => {
    const schema = await run(['market', 'dispatch', '--schema']);
    expect(JSON.parse(schema.stdout)).toMatchObject({
      required: ['horizon', 'resolution', 'prices', 'members'],
    });
    const input = JSON.stringify({ ...DAY, members: [{ id: 'home', load: 1 }] });
    const table = await run(['market', 'dispatch', '--input', '-'], { stdin: input });
    expect(table.stdout).toContain('home: cost 0.9000');
  });
});

describe('market hub', () => {
  const orders = [
    { id: 'wind', carrier: 'electricity', side: 'sell', quantity: 100, price: '0.02' },
    { id: 'homes', carrier: 'heat', side: 'buy', quantity: 30, price: 0.2 },
  ];
  const units = [{ id: 'pump', input: 'electricity', outputs: { heat: 3 }, capacity: 50 }];

  it('prices carriers by what they are converted from', async () => {
    const { exitCode, answer } = await market(['hub'], { orders, units });
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      prices: { electricity: expect.closeTo(0.02, 9), heat: expect.closeTo(0.02 / 3, 9) },
      units: [{ id: 'pump', input: expect.closeTo(10, 9) }],
      certificate: { gap: expect.closeTo(0, 9), budget: expect.closeTo(0, 9) },
    });
  });

  it('refuses a unit without outputs', async () => {
    const { exitCode, answer } = await market(['hub'], { orders, units: [{ ...units[0], outputs: {} }] });
    expect({ exitCode, answer }).toMatchObject({ exitCode: 1, answer: { error: { code: 'HUB_INPUT' } } });
  });
});

describe('market bids', () => {
  const forecast = { slot: 0, net: { p10: 0.1, p50: '0.4', p90: 0.9 }, retail: 0.3, feedIn: 0.08 };

  it('are orders that a node can send, monotone in price', async () => {
    const input = {
      horizon: 2,
      resolution: 'PT1H',
      prices: { buy: 0.3, sell: 0.08 },
      member: { id: 'home' },
    };
    const { exitCode, answer } = await market(['bids'], { ...input, ...forecast, levels: 0 });
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      bids: [
        { side: 'buy', quantity: 0.1, price: expect.closeTo(0.278, 9), order: { pricePerMwh: 27_800 } },
        { side: 'buy', quantity: 0.3, price: expect.closeTo(0.19, 9), order: { quantityWh: 300 } },
        { side: 'buy', quantity: 0.5, price: expect.closeTo(0.102, 9) },
      ],
    });
  });
});

describe('market resilience', () => {
  it('tells welfare against loss, the same for the same seed', async () => {
    const fallback = { quantity: 2, limit: '0.2' };
    const traders = [
      { id: 'home', side: 'buy', quantity: 4, value: 0.3, fallback },
      { id: 'roof', side: 'sell', quantity: 4, value: 0.1, fallback },
    ];
    const input = { traders, lossRates: [0, '0.5', 1], runs: 50, seed: 'a' };
    const first = await market(['resilience'], input);
    const [heard, half, silent] = (
      first.answer as { outcomes: { welfare: number; welfareWithout: number }[] }
    ).outcomes;
    expect(heard!.welfare).toBeCloseTo(0.8, 9);
    expect(silent).toMatchObject({ arrived: 0, welfare: expect.closeTo(0.4, 9), welfareWithout: 0 });
    expect(half!.welfare).toBeGreaterThan(half!.welfareWithout);
    expect(await market(['resilience'], input)).toEqual(first);
  });
});
