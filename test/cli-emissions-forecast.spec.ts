import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { run, type Run } from './harness/command-line.ts';

const START_MS = Date.UTC(2026, 0, 5);
const DAYS = 40;
/** Of own consumption, kWh, and of the plants of the area, MW: 760 and 0 g/kWh. */
const loadAt = (i: number): number => 2 + Math.sin((2 * Math.PI * i) / 24) + 0.05 * Math.sin(i * i);
const coalAt = (i: number): number => 50 + 20 * Math.sin((2 * Math.PI * (i - 6)) / 24) + Math.sin(3 * i * i);

let directory: string;
let site: string;

const participant = (...parameters: string[]): Promise<Run> =>
  run(['participant', ...parameters, '--dir', site, '--json']);

/** Of a refusal. */
const code = async (...parameters: string[]): Promise<string> => {
  const { stderr } = await participant('carbon', 'forecast', ...parameters);
  return (JSON.parse(stderr) as { error: { code: string } }).error.code;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-emissions-'));
  site = join(directory, 'site');
  const rows = Array.from({ length: 24 * DAYS }, (_, i) =>
    [
      isoInstant(START_MS + i * HOUR_MS),
      loadAt(i).toFixed(3),
      coalAt(i).toFixed(3),
      (100 - coalAt(i)).toFixed(3),
    ].join(','),
  );
  const file = join(directory, 'readings.csv');
  await writeFile(file, `timestamp,load_kwh,generation_coal_mw,generation_wind_mw\n${rows.join('\n')}\n`);
  await participant('import', file, '--zone', 'UTC');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('participant carbon forecast', () => {
  it('tells what own consumption will emit, from own readings and the area’s generation alone', async () => {
    const intensity = 'direct_intensity_g_per_kwh';
    const { exitCode, stdout } = await participant('carbon', 'forecast', '--intensity', intensity);
    expect(exitCode).toBe(0);
    const told = JSON.parse(stdout) as {
      readonly hours: readonly {
        readonly kg: { readonly median: number; readonly lower: number; readonly upper: number };
      }[];
      readonly totalKg: { readonly median: number };
    };
    expect(told).toMatchObject({
      method: 'gridcommons/emissions-forecast/1',
      issuedAt: isoInstant(START_MS + 24 * DAYS * HOUR_MS),
      intensity,
      energy: 'load_kwh',
      coverage: 0.8,
    });
    expect(told.hours).toHaveLength(24);
    const expected = told.hours.map((_, h) => (loadAt(h) * 0.76 * coalAt(h)) / 100);
    const total = expected.reduce((sum, kg) => sum + kg, 0);
    expect(Math.abs(told.totalKg.median / total - 1)).toBeLessThan(0.05);
    for (const { kg } of told.hours) {
      expect(kg.lower).toBeLessThanOrEqual(kg.median);
      expect(kg.median).toBeLessThanOrEqual(kg.upper);
    }
  });

  it('refuses by code what is no intensity, what is not there, and horizons beyond four days', async () => {
    expect(await code('--intensity', 'load_kwh')).toBe('INTENSITY_COLUMN');
    expect(await code('--intensity', 'intensity_g_per_kwh')).toBe('READINGS_COLUMN_UNKNOWN');
    expect(await code('--intensity', 'direct_intensity_g_per_kwh', '--horizon', '97')).toBe('USAGE');
  });
});
