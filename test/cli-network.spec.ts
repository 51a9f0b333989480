import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-network-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** 10 kV feeder: grid – 1 – 2, 600 kW in all, a plant at the end that is dearer than the grid. */
const FEEDER = {
  base: { kv: 10, mva: 1 },
  root: 'grid',
  price: '0.20',
  buses: [{ id: 'grid' }, { id: 1, p: 200, q: 50 }, { id: 2, p: '400', q: 100, vmin: 0.99, vmax: 1.05 }],
  lines: [
    { from: 'grid', to: 1, r: 1, x: 1 },
    { from: 1, to: 2, r: 2, x: 1 },
  ],
  generators: [{ id: 'plant', bus: 2, cost: 0.5, pmax: 300 }],
};

async function market(verb: string, input: object, ...options: string[]) {
  const path = join(directory, 'network.json');
  await writeFile(path, JSON.stringify(input));
  return run(['market', 'network', verb, '--input', path, '--json', ...options]);
}

const result = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Record<string, never>;

describe('market network', () => {
  it('powerflow: voltages, flows and losses in the caller’s units, buses under the caller’s names', async () => {
    const flow = await market('powerflow', FEEDER);
    expect(flow).toMatchObject({ exitCode: 0, stderr: '' });
    const { voltages, flows, losses, supply, lowest } = result(flow) as unknown as {
      voltages: { id: string | number; vm: number }[];
      flows: { from: string; to: number; p: number; loss: number }[];
      losses: { p: number };
      supply: { p: number };
      lowest: { id: number };
    };
    expect(voltages.map(({ id }) => id)).toEqual([1, 2, 'grid']);
    expect(lowest.id).toBe(2);
    expect(supply.p).toBeCloseTo(600 + losses.p, 6);
    expect(flows.reduce((sum, { loss }) => sum + loss, 0)).toBeCloseTo(losses.p, 9);
  });

  it('dlmp: prices whose parts add up, the plant’s cost at its own bus, and trades that pay the difference', async () => {
    const trades = [{ id: 't', from: 1, to: 2, quantity: 50, gain: 0.1 }];
    const {
      prices,
      certificate,
      trades: carried,
      generators,
    } = result(await market('dlmp', { ...FEEDER, trades })) as unknown as {
      prices: {
        id: string | number;
        dual: number;
        energy: number;
        loss: number;
        congestion: number;
        voltage: number;
        residual: number;
      }[];
      certificate: { brokenInExactFlow: unknown[] };
      trades: { id: string; status: string; charge: { total: number } }[];
      generators: { id: string; p: number }[];
    };
    for (const { dual, energy, loss, congestion, voltage, residual } of prices) {
      expect(Math.abs(residual)).toBeLessThan(1e-9);
      expect(energy + loss + congestion + voltage).toBeCloseTo(dual, 9);
    }
    expect(prices[1]!.dual).toBeCloseTo(0.5, 6);
    expect(prices[1]!.voltage).toBeGreaterThan(0.2);
    expect(generators[0]!.p).toBeGreaterThan(0);
    expect(certificate.brokenInExactFlow).toEqual([]);
    // Power for the weak end lowers its voltage: the network charges more than the trade gains.
    expect(carried).toMatchObject([{ id: 't', status: 'REFUSED' }]);
  });

  it('dlmp: several periods stand in `periods`, a meshed network is priced by the DC model', async () => {
    const meshed = {
      ...FEEDER,
      price: [0.2, 0.3],
      lines: [...FEEDER.lines, { from: 'grid', to: 2, x: 1, limit: 200 }],
    };
    const { periods } = result(await market('dlmp', meshed)) as unknown as {
      periods: { certificate: { model: string }; prices: { energy: number }[] }[];
    };
    expect(periods.map(({ certificate }) => certificate.model)).toEqual(['dc', 'dc']);
    expect(periods.map(({ prices }) => prices[0]!.energy)).toEqual([0.2, 0.3]);
  });

  it('envelope: limits that grow with weights', async () => {
    const members = [
      { bus: 1, weight: 1, maxExport: 5000, maxImport: 5000 },
      { bus: 2, weight: 2, maxExport: 5000, maxImport: 5000 },
    ];
    const { envelopes } = result(
      await market('envelope', { ...FEEDER, members }, '--rule', 'weighted'),
    ) as unknown as {
      envelopes: { id: number; import: number; export: number }[];
    };
    const [one, two] = envelopes;
    expect(two!.import).toBeCloseTo(2 * one!.import, 6);
    expect(two!.export).toBeCloseTo(2 * one!.export, 6);
    expect(one!.export).toBeGreaterThan(0);
  });

  it('reads a pair of CSV files', async () => {
    const [buses, lines] = ['buses.csv', 'lines.csv'].map((name) => join(directory, name));
    await writeFile(buses!, 'id,p,q\ngrid,,\nend,100,20\n');
    await writeFile(lines!, 'from,to,r,x\ngrid,end,1,1\n');
    const files = [
      '--buses',
      buses!,
      '--lines',
      lines!,
      '--root',
      'grid',
      '--base-kv',
      '10',
      '--base-mva',
      '1',
    ];
    const { exitCode, stdout } = await run(['market', 'network', 'powerflow', ...files]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^losses 0\.10\d+ kW, .*lowest voltage 0\.9987\d* pu at end/);
  });

  it.each([
    [
      'NETWORK_MESHED',
      'powerflow',
      { ...FEEDER, lines: [...FEEDER.lines, { from: 'grid', to: 2, r: 1, x: 1 }] },
    ],
    ['NETWORK_DISCONNECTED', 'powerflow', { ...FEEDER, lines: FEEDER.lines.slice(0, 1) }],
    ['NETWORK_BUS_UNKNOWN', 'envelope', { ...FEEDER, members: [{ bus: 'nobody' }] }],
    ['NETWORK_INFEASIBLE', 'dlmp', { ...FEEDER, generators: [] }],
    [
      'POWER_FLOW_DIVERGED',
      'powerflow',
      { ...FEEDER, buses: FEEDER.buses.map((bus) => ({ ...bus, p: 90_000 })) },
    ],
    ['INPUT_KEY_UNKNOWN', 'dlmp', { ...FEEDER, colour: 'green' }],
    ['INPUT_INVALID', 'dlmp', { ...FEEDER, price: 'much' }],
  ])('refuses with %s', async (code, verb, input) => {
    const { exitCode, stderr } = await market(verb, input);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });
});
