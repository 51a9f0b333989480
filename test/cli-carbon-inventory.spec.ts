import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { fileVerb } from './harness/file-verb.ts';

const carbon = (verb: string, input: unknown) => fileVerb(['carbon', verb], input);

const INPUT = {
  period: { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' },
  grids: [{ zone: 'DE', factorKgPerKwh: '0.35', residualFactorKgPerKwh: '0.5', lossOfDelivered: '0.05' }],
  activities: [
    { kind: 'purchased', id: 'office', zone: 'DE', consumptionKwh: 120_000 },
    { kind: 'stationary', id: 'boiler', fuel: 'natural-gas', amount: 40, unit: 'MWh' },
  ],
  instruments: [
    { kind: 'certificate', id: 'go-1', market: 'DE', energyKwh: 50_000, factorKgPerKwh: 0, vintage: 2026, retired: true }, // prettier-ignore
    { kind: 'certificate', id: 'go-2', market: 'DE', energyKwh: 9_000, factorKgPerKwh: 0, vintage: 2026, retired: false }, // prettier-ignore
  ],
};

describe('carbon inventory', () => {
  it('tells scopes in both accounts, with lines, factors and what does not count', async () => {
    const { exitCode, answer } = await carbon('inventory', INPUT);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      method: 'gridcommons/inventory/1',
      gwpSet: 'AR5',
      totals: {
        // 40 · 0.0036 TJ · (56 100 + 28 + 26.5)
        scope1Kg: 8_086.248,
        scope2LocationKg: 42_000,
        scope2MarketKg: 35_000,
        scope3Kg: 2_100,
      },
      scope2: { annual: { coveredKwh: 50_000 }, hourly: null },
      flags: [{ code: 'instrument-ineligible', of: 'go-2', detail: 'not-retired' }],
    });
  });

  it('tells people the same as tables', async () => {
    const { exitCode, stdout } = await run(['carbon', 'inventory', '--input', '-'], {
      stdin: JSON.stringify(INPUT),
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/scope 2, annual +42000 +35000\n/);
    expect(stdout).toMatch(/office +energy +2 +market, annual +go-1 +50000 +kWh +0 +0 +go-1\n/);
    expect(stdout).toContain('instrument-ineligible: go-2 (not-retired)');
  });

  it('refuses what it does not know by name, and claims made twice by code', async () => {
    const misspelt = { ...INPUT, activities: [{ ...INPUT.activities[0], consumtionKwh: 1 }] };
    expect(await carbon('inventory', misspelt)).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'INPUT_KEY_UNKNOWN', data: { keys: ['activities[0].consumtionKwh'] } } },
    });
    const instruments = INPUT.instruments.map((each) => ({ ...each, certificateId: 'gc-1' }));
    expect(await carbon('inventory', { ...INPUT, instruments })).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'INSTRUMENT_CLAIMED_TWICE', data: { certificateId: 'gc-1' } } },
    });
  });
});

describe('carbon residual-mix', () => {
  const sources = [
    { source: 'coal', generationKwh: 500, factorKgPerKwh: '0.9' },
    { source: 'wind', generationKwh: 500, factorKgPerKwh: 0, trackedKwh: 300 },
  ];

  it('tells what energy emits that nothing tracks', async () => {
    const { answer } = await carbon('residual-mix', { market: 'DE', sources });
    expect(answer).toMatchObject({
      value: 450 / 700,
      unit: 'kgCO2e/kWh',
      averageKgPerKwh: 0.45,
      mix: { coal: 5 / 7, wind: 2 / 7 },
    });
    const total = { generationKwh: 1_000, emissionsKg: 450 };
    const tracked = { generationKwh: 300, emissionsKg: 0 };
    expect((await carbon('residual-mix', { total, tracked })).answer).toMatchObject({ value: 450 / 700 });
  });

  it('fills deficits from surpluses of markets that trade', async () => {
    const { answer } = await carbon('residual-mix', {
      markets: [
        { market: 'north', sources: [sources[0]], consumptionKwh: 400 },
        { market: 'south', sources: [sources[1]], consumptionKwh: 600, claimedKwh: 300 },
      ],
    });
    expect(answer).toMatchObject({
      markets: [
        { market: 'north', value: 0.9, surplusKwh: 100 },
        { market: 'south', value: 0.3, surplusKwh: -100 },
      ],
      pool: { value: 0.9, surplusKwh: 100, wantedKwh: 100, flags: [] },
    });
  });

  it('refuses two ways of telling and marginal factors', async () => {
    const tracked = { generationKwh: 1, emissionsKg: 0 };
    expect((await carbon('residual-mix', { sources, total: tracked, tracked })).answer).toMatchObject({
      error: { code: 'RESIDUAL_INPUT' },
    });
    const marginal = sources.map((source) => ({ ...source, averaging: 'marginal' }));
    expect((await carbon('residual-mix', { sources: marginal })).answer).toMatchObject({
      error: { code: 'AVERAGING_MIXED' },
    });
  });
});

describe('participant carbon inventory', () => {
  const period = ['--from', '2026-03-01T00:00Z', '--to', '2026-04-01T00:00Z'];

  it('says how it is asked, and what it needs', async () => {
    const help = await run(['participant', 'carbon', 'inventory', '--help']);
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--terms terms.json') });
    const directory = await mkdtemp(join(tmpdir(), 'gridcommons-site-'));
    try {
      const { exitCode, stderr } = await run([
        'participant',
        'carbon',
        'inventory',
        ...period,
        '--dir',
        directory,
        '--json',
      ]);
      expect({ exitCode, ...JSON.parse(stderr) }).toMatchObject({
        exitCode: 1,
        error: { code: 'NOT_ENROLLED' },
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
