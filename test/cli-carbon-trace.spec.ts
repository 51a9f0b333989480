import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const input = {
  zones: [
    { id: 'north', generation: { hydro: '60', wind: 40 }, demand: 40 },
    { id: 'south', generation: { coal: 30 }, demand: 90 },
  ],
  flows: [{ from: 'north', to: 'south', mwh: 60 }],
};

const carbon = (parameters: readonly string[], document?: unknown) =>
  run(['carbon', ...parameters], document === undefined ? {} : { stdin: JSON.stringify(document) });

const EIA930 = [
  'period,E_A_D,E_A_NG,E_A_TI,E_A_COL,E_B_D,E_B_NG,E_B_TI,E_B_WAT,E_A-B_ID,E_B-A_ID',
  '2021-07-10T01,900,1000,100,1000,600,500,-100,500,100,-100',
  '2021-07-10T02,950,1000,100,1000,600,500,-100,500,100,-90',
];

describe('carbon trace', () => {
  it('gives zones the average emissions of what they use, and names its factors', async () => {
    const { exitCode, stdout } = await carbon(['trace', '--input', '-', '--json', '--provenance'], input);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'gridcommons/flow-tracing/1',
      averaging: 'average',
      zones: [
        { id: 'north', intensity: 18.8 },
        { id: 'south', emissions: 30 * 820 + 60 * 18.8 },
      ],
      checks: { producedKg: 26_480, cleaned: false },
      provenance: { lines: [{ from: 'north', to: 'south', sinks: [{ zone: 'south', mwh: 60 }] }] },
    });
    const words = await carbon(['trace', '--input', '-'], input);
    expect(words.stdout).toMatch(/south +90 +285\.8667/);
  });

  it('tells in words the provenance that is asked for, and the mix where no pollutant is', async () => {
    const { stdout } = await carbon(['trace', '--input', '-', '--provenance'], input);
    expect(stdout).toMatch(/south +north +hydro +36\n/);
    const mix = await carbon(['trace', '--input', '-'], { ...input, pollutants: [] });
    expect(mix.stdout).toMatch(/south +90 +coal +0\.3333333/);
    expect(mix.stdout).not.toContain('0.000 kg');
  });

  it('cleans what does not balance and tells how, or refuses it', async () => {
    const unbalanced = { ...input, zones: [input.zones[0], { ...input.zones[1], demand: 95 }] };
    const cleaned = await carbon(['trace', '--input', '-'], unbalanced);
    expect(cleaned.stdout).toMatch(/the largest corrections:\n.*\nsouth demand +95 /);
    const refused = await carbon(['trace', '--input', '-', '--json', '--no-clean'], unbalanced);
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'TRACE_UNBALANCED', data: { zone: 'south', mwh: -5 } } }); // prettier-ignore
  });

  it('prints its schema and refuses unknown keys by name', async () => {
    const schema = await carbon(['trace', '--schema', '--json']);
    expect(JSON.parse(schema.stdout)).toMatchObject({ properties: { zones: { type: 'array' } } });
    const refused = await carbon(['trace', '--input', '-', '--json'], { ...input, colour: 'green' });
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'INPUT_KEY_UNKNOWN', data: { keys: ['colour'] } } }); // prettier-ignore
  });

  it('takes a table of EIA-930, as it is or gzipped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gridcommons-trace-'));
    try {
      const [plain, zipped] = [join(folder, 'e.csv'), join(folder, 'e.csv.gz')];
      await writeFile(plain, EIA930.join('\n'));
      await writeFile(zipped, gzipSync(EIA930.join('\n')));
      const [one, other] = [await carbon(['eia930', plain]), await carbon(['eia930', zipped])];
      expect(other.stdout).toBe(one.stdout);
      const { stdout } = await carbon(['trace', '--input', '-', '--json'], JSON.parse(one.stdout));
      expect(JSON.parse(stdout)).toMatchObject({
        hours: [
          { start: '2021-07-10T00:00:00Z', checks: { cleaned: false } },
          { start: '2021-07-10T01:00:00Z', checks: { cleaned: true } },
        ],
        zones: [{ id: 'A', intensity: 820 }, { id: 'B' }],
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('carbon marginal', () => {
  it('tells the slope of emissions over demand, apart from averages', async () => {
    const hours = [100, 120, 110, 130].map((demandMwh, i) => ({
      start: `2026-01-01T0${i}:00:00Z`,
      demandMwh,
      emissionsKg: 5_000 + 600 * demandMwh,
    }));
    const { stdout } = await carbon(['marginal', '--input', '-', '--json'], { hours });
    expect(JSON.parse(stdout)).toMatchObject({
      averaging: 'marginal',
      all: { kgPerMwh: 600, differences: 3 },
    });
    const few = await carbon(['marginal', '--input', '-', '--json'], { hours: hours.slice(0, 2) });
    expect(JSON.parse(few.stderr)).toMatchObject({ error: { code: 'MARGINAL_HOURS_TOO_FEW' } });
    const mixed = await carbon(['trace', '--input', '-', '--json'], {
      ...input,
      factorAveraging: 'marginal',
    });
    expect(JSON.parse(mixed.stderr)).toMatchObject({ error: { code: 'AVERAGING_MIXED' } });
  });
});
