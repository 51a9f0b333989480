import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

const CSV =
  'subject,zone,basis,value,unit,valid_from,valid_to,source\ngrid,DE,direct,0.38,kgCO2e/kWh,2024-01-01,,made up\n';

describe('carbon factors', () => {
  it('says which factor holds, from where and how near', async () => {
    const asked = ['--technology', 'wind-onshore', '--zone', 'DK-DK1', '--at', '2026-01-01T00:00:00Z'];
    const { exitCode, stdout } = await run(['carbon', 'factors', ...asked, '--basis', 'lifecycle', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      at: '2026-01-01T00:00:00Z',
      factors: [
        {
          id: 'wind-onshore/lifecycle/ipcc-ar5',
          gramsCo2ePerKwh: '11',
          setId: 'ipcc-ar5-annex-iii',
          via: 'default',
          estimated: true,
        },
      ],
      fuels: [],
    });
    const people = await run(['carbon', 'factors', ...asked]);
    expect(people.stdout).toContain('wind-onshore/direct/ipcc-ar5');
    expect(people.stdout).toContain('default, estimated');
  });

  it('tells a fuel of each sector, and refuses what nobody has published', async () => {
    const fuel = await run(['carbon', 'factors', '--fuel', 'natural-gas', '--json']);
    expect(
      (JSON.parse(fuel.stdout) as { fuels: { kgCh4PerTj: string }[] }).fuels.map((row) => row.kgCh4PerTj),
    ).toEqual(['1', '1', '5', '5']);
    const unknown = await run(['carbon', 'factors', '--technology', 'fusion', '--json']);
    expect([
      unknown.exitCode,
      (JSON.parse(unknown.stderr) as { error: { code: string } }).error.code,
    ]).toEqual([1, 'FACTOR_MISSING']);
  });
});

describe('carbon factors of a platform', () => {
  let platform: TestPlatform;
  let directory: string;
  let access: readonly string[];

  beforeAll(async () => {
    platform = await startPlatform();
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-factors-'));
    await writeFile(join(directory, 'operator.key'), platform.operatorKey);
    access = ['--platform', platform.url, '--key-file', join(directory, 'operator.key'), '--json'];
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const importFile = async (csv: string) => {
    const file = join(directory, 'factors.csv');
    await writeFile(file, csv);
    return run(['carbon', 'factors', 'import', file, '--title', 'ours', '--community', ...access]);
  };

  it('imports a file and lists it among those that ship', async () => {
    const imported = await importFile(CSV);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const set = JSON.parse(imported.stdout) as { id: string };
    expect(set).toMatchObject({ title: 'ours', rank: 'community', rows: 1, findings: [] });
    const { stdout } = await run(['carbon', 'factors', 'list', ...access]);
    expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)).toEqual([
      'ipcc-ar5-annex-iii',
      'electricity-maps-defaults',
      'ipcc-2006-combustion',
      set.id,
    ]);
  });

  it('tells the line and the column of what is refused', async () => {
    const { exitCode, stderr } = await importFile(CSV.replace('0.38', '380'));
    expect([exitCode, JSON.parse(stderr)]).toEqual([
      1,
      {
        error: expect.objectContaining({ code: 'FACTOR_CSV_VALUE', data: { line: 2, column: 4 } }) as object,
      },
    ]);
  });
});
