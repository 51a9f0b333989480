import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run, type Run } from './harness/command-line.ts';
import { FederationRound, type FederationSite } from './harness/federation-round.ts';
import { readingsCsv, SERIES, WEATHER } from './harness/site-readings.ts';

/* What a participant's owner does and sees on the command line, while the node has its directory open. */

const MINUTES = 60_000;

let round: FederationRound;
let directory: string;

beforeAll(async () => {
  round = await FederationRound.start(4);
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-participant-'));
}, 2 * MINUTES);

afterAll(async () => {
  await round.stop();
  await rm(directory, { recursive: true, force: true });
});

const parsed = (text: string): unknown => JSON.parse(text);
const participant = (site: FederationSite, ...parameters: string[]): Promise<Run> =>
  run(['participant', ...parameters, '--dir', site.node.directory.path, '--json']);

describe('participant consent', () => {
  it('is open at first, changes by parts, and a running node keeps to it', async () => {
    const site = round.sites[1]!;
    const open = parsed((await participant(site, 'consent', 'show')).stdout);
    expect(open).toMatchObject({
      format: 'gridcommons/consent/1',
      series: '*',
      budget: null,
      allowWithoutPrivacy: true,
    });
    const set = await participant(
      site,
      'consent',
      'set',
      '--series',
      'load_kwh',
      '--epsilon',
      '4',
      '--delta',
      '1e-6',
    );
    const changed = {
      ...(open as object),
      series: ['load_kwh'],
      budget: { epsilon: 4, delta: 1e-6 },
      allowWithoutPrivacy: false,
    };
    expect(parsed(set.stdout)).toEqual(changed);
    expect(parsed((await participant(site, 'consent', 'show')).stdout)).toEqual(changed);

    const task = await round.createTask(round.sites, SERIES[1]);
    await round.settle();
    const { refusals } = parsed((await participant(site, 'status')).stdout) as { refusals: object[] };
    expect(refusals).toMatchObject([{ taskId: task.id, code: 'CONSENT_SERIES' }]);
    const declines = 'query ($id: ID!) { task(id: $id) { declines { code } } }';
    const { operatorKey } = round.platform;
    expect(await round.platform.data(declines, { id: task.id }, operatorKey)).toEqual({
      task: { declines: [{ code: 'CONSENT_SERIES' }] },
    });

    await participant(site, 'consent', 'set', '--any', 'series', '--allow-without-privacy');
    await round.settle();
    expect(await round.platform.data(declines, { id: task.id }, operatorKey)).toEqual({
      task: { declines: [] },
    });
    await round.expireWindow(task);
    await round.settle();
  });

  it.each([
    [['set'], 'CONSENT_UNCHANGED'],
    [['set', '--series', 'a', '--any', 'series'], 'CONSENT_CONTRADICTION'],
    [['set', '--require-privacy', '--any', 'budget'], 'CONSENT_INVALID'],
    [['set', '--minimum-threshold', '1'], 'CONSENT_INVALID'],
  ])('%j is refused and changes nothing', async (parameters, code) => {
    const site = round.sites[0]!;
    const refused = await participant(site, 'consent', ...parameters);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(parsed(refused.stderr)).toMatchObject({ error: { code } });
    await expect(readFile(site.node.directory.file('consent.json'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('names a key of the file that it does not know', async () => {
    const site = round.sites[0]!;
    const file = site.node.directory.file('consent.json');
    await writeFile(file, JSON.stringify({ format: 'gridcommons/consent/1', serie: ['load_kwh'] }));
    const refused = await participant(site, 'consent', 'show');
    expect(parsed(refused.stderr)).toMatchObject({
      error: { code: 'CONSENT_KEY_UNKNOWN', data: { keys: ['serie'] } },
    });
    await rm(file);
  });
});

describe('participant status', () => {
  it('tells all of a directory whose node runs, and changes none of it', async () => {
    const site = round.sites[2]!;
    const { path } = site.node.directory;
    await round.run(await round.createTask(), 'released');
    await round.settle();
    const before = await fingerprints(path);
    const { exitCode, stdout } = await participant(site, 'status');
    expect(exitCode).toBe(0);
    expect(parsed(stdout)).toMatchObject({
      directory: path,
      enrolment: { organisationId: site.organisationId, legalId: 'test:Site 3' },
      pinnedOrganisations: 4,
      series: [...SERIES, WEATHER].toSorted().map((column) => ({
        column,
        from: '2026-01-05T00:00:00Z',
        to: '2026-01-26T00:00:00Z',
        present: 504,
        missing: 0,
      })),
      consent: { series: '*' },
      forecast: null,
    });
    const { tasks } = parsed(stdout) as { tasks: { phase: string; sentBytes: number }[] };
    const released = tasks.find(({ phase }) => phase === 'released')!;
    expect(released).toMatchObject({
      kind: 'one-shot-ridge',
      contributed: true,
      privacy: null,
      statements: expect.arrayContaining([
        { kind: 'deal', round: 1, entered: true },
        { kind: 'upload', round: 1, entered: true },
      ]),
    });
    expect(released.sentBytes).toBeGreaterThan(900_000);
    expect(await fingerprints(path)).toEqual(before);
    expect(stdout).not.toContain(site.node.identity.signing.privateKey);

    const people = await run(['participant', 'status', '--dir', path]);
    expect(people.stdout).toMatch(
      /^test:Site 3, participant [^]*own readings in the sum, exact, without differential privacy/,
    );
  });

  it('tells what there is before enrolment, and refuses a directory that is none', async () => {
    const fresh = join(directory, 'fresh');
    await run(['participant', 'consent', 'set', '--series', 'load_kwh', '--dir', fresh]);
    const status = await run(['participant', 'status', '--dir', fresh, '--json']);
    expect(parsed(status.stdout)).toMatchObject({
      enrolment: null,
      series: null,
      tasks: [],
      consent: { series: ['load_kwh'] },
      training: { name: expect.stringMatching(/^(?:wasm|tensorflow)$/) },
    });
    const people = await run(['participant', 'status', '--dir', fresh]);
    expect(people.stdout).toMatch(/\ntrains with (?:wasm with SIMD, 1 thread|tensorflow, its own threads)\n/);
    const none = await run(['participant', 'status', '--dir', join(directory, 'none'), '--json']);
    expect(parsed(none.stderr)).toMatchObject({ error: { code: 'SITE_DIRECTORY_UNKNOWN' } });
  });
});

const show = (...path: string[]) => run(['participant', 'model', 'show', join(...path), '--json']);

describe('participant model', () => {
  it('is exported from a running node’s directory, shown, and forecast by elsewhere', async () => {
    const site = round.sites[0]!;
    const task = await round.createTask(round.sites, SERIES[2]);
    await round.run(task, 'uploading');
    const file = join(directory, 'ridge.gcmodel');
    const exported = (id: string, ...more: string[]) =>
      participant(site, 'model', 'export', id, '--output', file, ...more);
    const errorOf = ({ stderr }: Run) => (parsed(stderr) as { error: { code: string } }).error.code;
    expect(errorOf(await exported(task.id))).toBe('MODEL_NOT_RELEASED');
    await round.run(task, 'released');
    await round.settle();
    expect(errorOf(await exported('none'))).toBe('TASK_UNKNOWN');
    expect(errorOf(await exported(task.id, '--personal'))).toBe('MODEL_NOT_REFINED');

    const terms = { kind: 'one-shot-ridge', lookback: 168, horizon: 24, stepMinutes: 60 };
    expect(parsed((await exported(task.id)).stdout)).toMatchObject({ cardHash: task.cardHash, terms });
    const { releases } = await round.state(task);
    const { modelHash } = releases.at(-1)!.release;
    expect(parsed((await show(file)).stdout)).toMatchObject({ modelHash, terms, refined: false });
    const damaged = join(directory, 'damaged.gcmodel');
    await writeFile(damaged, (await readFile(file)).subarray(0, -1));
    expect(errorOf(await show(damaged))).toBe('MODEL_HASH_MISMATCH');
    expect(errorOf(await show(directory, 'none'))).toBe('FILE_UNREADABLE');

    const away = join(directory, 'away');
    const csv = join(directory, 'readings.csv');
    await writeFile(csv, readingsCsv(1));
    await run(['participant', 'import', csv, '--zone', 'Europe/Berlin', '--dir', away]);
    const forecast = (...more: string[]) =>
      run([
        'participant',
        'model',
        'forecast',
        file,
        '--series',
        'load_kwh',
        '--dir',
        away,
        '--json',
        ...more,
      ]);
    const { energyKwh, ...rest } = parsed((await forecast('--at', '2026-01-25T00:00:00Z')).stdout) as {
      energyKwh: number[];
    };
    expect(rest).toEqual({
      modelHash,
      issuedAt: '2026-01-25T00:00:00Z',
      stepMinutes: 60,
      filledSteps: 0,
      missingInputs: 0,
    });
    // The day as it was; its noise has an amplitude of 0.3 × 5 kWh.
    const day = readingsCsv(1)
      .split('\n')
      .slice(1 + 20 * 24, 1 + 21 * 24);
    const actual = day.map((line) => Number(line.split(',')[1]));
    const error = energyKwh.reduce((sum, value, h) => sum + Math.abs(value - actual[h]!), 0) / 24;
    expect(energyKwh).toHaveLength(24);
    expect(error).toBeLessThan(1.5);
    expect(errorOf(await forecast('--horizon', '25'))).toBe('HORIZON_BEYOND_MODEL');
    expect(errorOf(await forecast('--at', '2020-01-01T00:00:00Z'))).toBe('READINGS_MISSING');
  });
});

const at = (name: string): string => join(directory, name);

describe('participant init', () => {
  it('goes from nothing to a node that is enrolled and has its readings, and again without harm', async () => {
    const { apiKey } = await round.platform.createOrganisation('Newcomer');
    const init = (...more: string[]) =>
      run(['participant', 'init', '--dir', at('new'), '--data', at('newcomer.csv'), '--json', ...more]);
    const to = [
      '--platform',
      round.platform.url,
      '--key-file',
      at('newcomer.key'),
      '--zone',
      'Europe/Berlin',
    ];
    const [, ...rows] = readingsCsv(5)
      .split('\n')
      .map((line) => line.split(',').slice(0, 2).join(','));
    await writeFile(at('newcomer.csv'), ['Zeit,Verbrauch', ...rows].join('\n'));

    await writeFile(at('newcomer.key'), `${apiKey}0\n`);
    const refused = await init(...to, '--series', 'load');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(parsed(refused.stderr)).toMatchObject({
      error: { code: 'CHECKS_FAILED', data: { failed: ['key: UNAUTHENTICATED'] } },
    });
    expect(await init('--token', 'gce_1')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--platform'),
    });
    await expect(stat(at('new'))).rejects.toMatchObject({ code: 'ENOENT' });

    await writeFile(at('newcomer.key'), `${apiKey}\n`);
    const files = ['--systemd', at('node.service'), '--compose', at('node.yml')];
    const done = parsed((await init(...to, '--series', 'load', '--no-orders', ...files)).stdout);
    expect(done).toMatchObject({
      legalId: 'test:Newcomer',
      publish: { forecasts: true, orders: false, scores: false },
      imported: { rows: 504, columns: [{ column: 'load_kwh', added: 504 }] },
      written: [at('node.service'), at('node.yml')],
      next: expect.arrayContaining([`gridcommons participant start --dir ${at('new')}`]),
    });
    expect(await readFile(at('node.service'), 'utf8')).toContain(`ReadWritePaths="${at('new')}"`);
    for (const name of await readdir(at('new'))) {
      const { mode } = await stat(join(at('new'), name));
      expect([name, mode & 0o077]).toEqual([name, 0]);
    }
    const overwriting = await init('--series', 'load', '--systemd', at('node.service'));
    expect(parsed(overwriting.stderr)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    const { participantId } = done as { participantId: string };
    expect(parsed((await init('--series', 'load')).stdout)).toMatchObject({
      participantId,
      publish: { orders: false },
      imported: { outcome: 'unchanged' },
    });

    const { exitCode, stdout } = await run(['participant', 'check', '--dir', at('new'), '--json']);
    const { checks } = parsed(stdout) as { checks: { check: string; status: string }[] };
    expect({ exitCode, failed: checks.filter(({ status }) => status === 'failed') }).toEqual({
      exitCode: 0,
      failed: [],
    });
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['encryption', 'clock', 'key', 'data']),
    );
  });

  it('says of a platform that is down that it is, as the check does, and begins nothing', async () => {
    const nowhere = join(directory, 'nowhere');
    const down = await run(['participant', 'init', '--platform', 'http://127.0.0.1:1', '--token', `gce_${'0'.repeat(64)}`, '--dir', nowhere, '--json']); // prettier-ignore
    expect(down).toMatchObject({ exitCode: 3, stdout: '' });
    expect(parsed(down.stderr)).toMatchObject({ error: { code: 'PLATFORM_UNAVAILABLE' } });
    await expect(stat(nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** Every file with the hash of its content. */
async function fingerprints(path: string): Promise<string[]> {
  const files = (await readdir(path, { recursive: true, withFileTypes: true })).filter((item) =>
    item.isFile(),
  );
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const content = await readFile(join(parentPath, name));
      return `${join(parentPath, name)} ${createHash('sha256').update(content).digest('hex')}`;
    }),
  );
}
