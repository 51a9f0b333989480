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
