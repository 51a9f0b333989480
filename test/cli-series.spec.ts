import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { runInProcess } from './harness/in-process.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

const CREATE = [
  'create',
  '--key',
  'load',
  '--unit',
  'Wh',
  '--zone',
  'Europe/Berlin',
  '--resolution',
  'PT15M',
];

describe('gridcommons series', () => {
  let platform: TestPlatform;
  let owner: TestOrganisation;
  let directory: string;

  beforeAll(async () => {
    platform = await startPlatform();
    owner = await platform.createOrganisation('Owner');
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-series-'));
    await writeFile(join(directory, 'owner.key'), owner.apiKey);
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  const series = (verb: readonly string[], stdin = '') =>
    run(
      ['series', ...verb, '--platform', platform.url, '--key-file', join(directory, 'owner.key'), '--json'],
      { stdin },
    );
  const told = async (verb: readonly string[], stdin?: string) => {
    const { exitCode, stdout, stderr } = await series(verb, stdin);
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Readonly<Record<string, never>>;
  };

  it('creates one that is declared open, takes readings and a file, and reads them back', async () => {
    const refused = await series(CREATE);
    expect([refused.exitCode, JSON.parse(refused.stderr)]).toMatchObject([
      1,
      { error: { code: 'SERIES_NOT_OPEN' } },
    ]);
    const { id } = await told([...CREATE, '--declare-open']);
    const readings = [
      { start: '2026-01-01T00:00', value: '1' },
      { start: '2026-01-01T00:07', value: '1' },
    ];
    expect(await told(['ingest', id!, '-'], JSON.stringify(readings))).toMatchObject({
      ingest: { accepted: 1 },
      rejected: [{ row: 2, index: 1, code: 'START_OFF_GRID' }],
    });
    const file = join(directory, 'readings.csv');
    await writeFile(file, 'start,kwh\n2026-01-01T00:00,0.002\n2026-01-01T00:15,3\n');
    expect(await told(['upload', id!, file, '--value-column', 'kwh', '--unit', 'kWh'])).toMatchObject({
      ingest: { accepted: 1, corrected: 1, rejected: 0 },
    });
    const day = ['--from', '2026-01-01T00:00+01:00', '--until', '2026-01-02T00:00+01:00'];
    expect(await told(['read', id!, ...day])).toMatchObject({ value: ['2', '3000'] });
    expect(await told(['read', id!, ...day, '--resolution', 'P1D'])).toEqual({
      start: ['2025-12-31T23:00:00Z'],
      value: ['3002'],
      known: [2],
      expected: [96],
    });
    expect(await told(['show', id!])).toMatchObject({
      key: 'load',
      ingests: [{ corrected: 1 }, { accepted: 1 }],
    });
    await writeFile(join(directory, 'refused.json'), JSON.stringify(readings.slice(1)));
    const here = ['--platform', platform.url, '--key-file', join(directory, 'owner.key')];
    expect(await runInProcess(['series', 'ingest', id!, join(directory, 'refused.json'), ...here])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'SERIES_ROWS_REFUSED: expected readings, got 1 rows of which none can be taken: row 1 START_OFF_GRID: expected the start of an interval of the series\' resolution, got another instant: "2026-01-01T00:07"\n',
    });
    const { stdout } = await runInProcess(['series', 'show', id!, ...here]);
    expect(stdout).toMatch(/taken +accepted +corrected +unchanged +rejected\n/);
    const listed = await runInProcess(['series', 'list', ...here]);
    expect(listed.stdout).toContain(`${id}  load`);
  });
});
