import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { run } from './harness/command-line.ts';
import { fileVerb } from './harness/file-verb.ts';

const START_MS = Date.UTC(2025, 2, 3);
const DAYS = 60;
const HORIZON = 48;

const carbon = async (verb: string, input: unknown): Promise<Record<string, unknown>> => {
  const { exitCode, answer } = await fileVerb(['carbon', verb], input);
  return { exitCode, ...(answer as Record<string, unknown>) };
};
const codeOf = async (verb: string, input: unknown): Promise<string> => {
  const answer = await carbon(verb, input);
  expect(answer['exitCode']).toBe(1);
  return (answer['error'] as { code: string }).code;
};

/** Wind in MW and gas that makes up for it: 100 MW less at night. */
function made(i: number) {
  const x = Math.sin(Math.floor(i / 12) * 12.9898) * 43_758.5453;
  const wind = 300 * (x - Math.floor(x));
  const demand = 500 + 100 * Math.sin((2 * Math.PI * i) / 24);
  return { wind, gas: demand - wind };
}
const grams = (i: number) => 1_000 * ((0.37 * made(i).gas) / (made(i).wind + made(i).gas));
const start = (i: number): string => isoInstant(START_MS + i * HOUR_MS);
const HISTORY = 24 * DAYS;
const hours = (of: (i: number) => object) =>
  Array.from({ length: HISTORY + HORIZON }, (_, i) => ({
    start: start(i),
    known: { wind_forecast: made(i).wind },
    ...(i < HISTORY ? of(i) : {}),
  }));
const TERMS = { zone: 'Europe/Berlin', horizonHours: HORIZON, lookbackHours: 24, intervals: [0.8, '0.5'] };

interface Forecast {
  readonly hours: readonly {
    readonly start: string;
    readonly intensityKgPerKwh: number;
    readonly lowerKgPerKwh: number;
    readonly upperKgPerKwh: number;
  }[];
  readonly flags: readonly { readonly code: string }[];
}

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-ahead-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('carbon intensity-forecast', () => {
  it('forecasts what generation by fuel emits, by published factors, and says how it has done', async () => {
    const answer = await carbon('intensity-forecast', {
      ...TERMS,
      hours: hours((i) => ({ generationMwh: made(i) })),
    });
    expect(answer).toMatchObject({
      exitCode: 0,
      method: 'gridcommons/intensity-forecast/1',
      unit: 'kgCO2e/kWh',
      basis: 'direct',
      issuedAt: start(HISTORY),
      inputs: { calendar: false, knownAhead: ['wind_forecast'], generation: ['gas', 'wind'] },
      factors: [
        { fuel: 'gas', kgPerKwh: 0.37, source: expect.stringContaining('gas/direct') },
        { fuel: 'wind', kgPerKwh: 0 },
      ],
      backtest: {
        byDay: [{ throughHour: 24 }, { throughHour: 48 }],
        intervals: [{ coverage: 0.8 }, { coverage: 0.5 }],
      },
      flags: [{ code: 'INTENSITY_COMPUTED' }],
    });
    const { hours: told } = answer as unknown as Forecast;
    expect(told.map((hour) => hour.start)).toEqual(
      Array.from({ length: HORIZON }, (_, h) => start(HISTORY + h)),
    );
    const errors = told.map(({ intensityKgPerKwh }, h) => {
      const { wind, gas } = made(HISTORY + h);
      return Math.abs(intensityKgPerKwh - (0.37 * gas) / (wind + gas));
    });
    expect(errors.reduce((sum, error) => sum + error, 0) / HORIZON).toBeLessThan(0.05);
    for (const { lowerKgPerKwh, intensityKgPerKwh, upperKgPerKwh } of told) {
      expect(lowerKgPerKwh).toBeLessThanOrEqual(intensityKgPerKwh);
      expect(intensityKgPerKwh).toBeLessThanOrEqual(upperKgPerKwh);
    }
    const window = await carbon('window', { energyKwh: '10', maxPowerKw: 5, hours: told });
    const least = Math.min(
      ...told.slice(1).map((hour, h) => hour.intensityKgPerKwh + told[h]!.intensityKgPerKwh),
    );
    expect((window['windows'] as { emissionsKg: number }[])[0]!.emissionsKg).toBeCloseTo(5 * least, 9);
  });

  it('reads the same from a table, in grams or kilograms as its column is named', async () => {
    const rows = Array.from({ length: HISTORY + HORIZON }, (_, i) =>
      [start(i), i < HISTORY ? grams(i) : '', made(i).wind].join(','),
    );
    const file = join(directory, 'grid.csv.gz');
    await writeFile(file, gzipSync(['timestamp,mix_g_per_kwh,wind_forecast', ...rows, ''].join('\n')));
    const verb = ['carbon', 'intensity-forecast', '--data', file, '--json'];
    const terms = ['--horizon', '48', '--lookback', '24', '--zone', 'Europe/Berlin'];
    const columns = ['--target', 'mix_g_per_kwh', '--ahead', 'wind_forecast'];
    const { exitCode, stdout } = await run([...verb, ...columns, ...terms]);
    expect(exitCode).toBe(0);
    const table = JSON.parse(stdout) as Forecast;
    const answer = await carbon('intensity-forecast', {
      ...TERMS,
      intervals: [0.8],
      hours: hours((i) => ({ intensityKgPerKwh: grams(i) / 1_000 })),
    });
    expect(table.hours).toEqual((answer as unknown as Forecast).hours);
    const unnamed = await run([...verb, '--target', 'wind_forecast']);
    expect(JSON.parse(unnamed.stderr)).toMatchObject({ error: { code: 'OPTION_MISSING' } });
  });

  it.each([
    ['INPUT_KEY_UNKNOWN', { horizon: 24 }],
    ['INPUT_INVALID', { horizonHours: 97 }],
    ['HOUR_REPEATED', { hours: [...hours(() => ({ intensityKgPerKwh: 1 })), { start: start(0) }] }],
    ['HOURS_OFF_GRID', { hours: [{ start: start(0) }, { start: '2025-04-01T00:30:00Z' }] }],
    ['INTENSITY_EMPTY', { hours: [{ start: start(0) }] }],
    ['FACTOR_MISSING', { hours: [{ start: start(0), generationMwh: { peat_and_more: 1 } }] }],
    ['ZONE_UNKNOWN', { zone: 'Mars/Base' }],
    ['ISSUE_OFF_GRID', { issue: '2025-04-01T00:30:00Z' }],
    ['SERIES_TOO_SHORT', { hours: hours(() => ({ intensityKgPerKwh: 1 })).slice(0, 300) }],
  ])('refuses with %s', async (code, of) => {
    const input = { ...TERMS, hours: hours((i) => ({ intensityKgPerKwh: 0.3 + (i % 24) / 100 })), ...of };
    expect(await codeOf('intensity-forecast', input)).toBe(code);
  });
});

describe('carbon window', () => {
  const forecast = [0.4, '0.1', 0.2, 0.5].map((intensityKgPerKwh, i) => ({
    start: start(i),
    intensityKgPerKwh,
  }));

  it('tells when a need emits least and what that saves', async () => {
    const input = { energyKwh: 6, durationMinutes: 120, hours: forecast, alternatives: 1 };
    expect(await carbon('window', input)).toMatchObject({
      method: 'gridcommons/carbon-window/1',
      windows: [{ start: start(1), end: start(3), emissionsKg: 0.9, lowerKg: null }],
      immediate: { start: start(0), emissionsKg: 1.5 },
      savedKg: 0.6,
      savedPercent: 40,
    });
  });

  it('refuses what the forecast does not hold', async () => {
    const input = { energyKwh: 6, durationMinutes: 300, hours: forecast };
    expect(await codeOf('window', input)).toBe('WINDOW_INFEASIBLE');
    expect(await codeOf('window', { ...input, powerKw: 2 })).toBe('INPUT_KEY_UNKNOWN');
  });
});

describe('carbon levers', () => {
  const member = Array.from({ length: 48 }, (_, i) => ({
    start: start(i),
    loadKwh: 1,
    intensityKgPerKwh: i % 24 < 4 ? 0.1 : '0.5',
    surplusKwh: i % 24 === 12 ? 1 : 0,
  }));
  const fuel = { pricePerKwh: 0.08, efficiency: 0.9, factor: { fuel: 'natural-gas' } };
  const levers = [
    { id: 'shift', type: 'shift', flexibleShare: '0.1', maxLoadKwh: 2 },
    { id: 'neighbours', type: 'share', pricePerKwh: 0.2 },
    { id: 'heat pump', type: 'switch-fuel', fuel, cop: 3.5, heatKwhPerYear: 8_000, costPerYear: 900 },
    { id: 'battery', type: 'store', capacityKwh: 4, chargeKw: 2, dischargeKw: 2, costPerYear: 400 },
  ];
  const input = { prices: { buy: 0.3, sell: '0.08' }, hours: member, levers };

  it('ranks them by tonnes per cost, with the source of every factor', async () => {
    const answer = await carbon('levers', input);
    expect(answer).toMatchObject({
      exitCode: 0,
      method: 'gridcommons/carbon-levers/1',
      averaging: 'average',
      baseline: { tonnesPerYear: expect.closeTo((8_766 / 24) * (4 * 0.1 + 20 * 0.5) * 0.001, 9) },
      levers: [
        { rank: 1, id: 'shift', costPerTonne: 0, tonnesPerCost: null },
        { rank: 2, id: 'neighbours', savedTonnesPerYear: expect.closeTo((8_766 / 24) * 0.0005, 9) },
        { rank: 3, tonnesPerCost: expect.any(Number) },
        { rank: 4 },
      ],
      flags: [{ code: 'YEAR_ESTIMATED' }, { code: 'HEAT_FLAT' }],
    });
    const told = answer['levers'] as {
      id: string;
      savedTonnesPerYear: number;
      factor: { source: string } | null;
    }[];
    const pump = told.find(({ id }) => id === 'heat pump')!;
    // 56.1 kg/GJ and a little CH4 and N2O: 0.2022 kg per kWh of gas; 0.4333 of electricity.
    expect(pump.savedTonnesPerYear).toBeCloseTo(
      (8_000 / 0.9) * 0.0002022 - (8_000 / 3.5) * (10.4 / 24 / 1_000),
      2,
    );
    expect(pump.factor!.source).toContain('Table 2.2');
  });

  it('lets average factors and marginal intensities into no one figure, nor bases', async () => {
    expect(await codeOf('levers', { ...input, averaging: 'marginal' })).toBe('AVERAGING_MIXED');
    expect(await codeOf('levers', { ...input, basis: 'lifecycle' })).toBe('BASIS_MIXED');
    expect(await codeOf('levers', { ...input, prices: undefined })).toBe('PRICES_MISSING');
  });
});
