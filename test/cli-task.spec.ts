import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltProcess } from './harness/built-process.ts';
import { run, type Run } from './harness/command-line.ts';
import { ZONE } from './harness/demo-world.ts';
import { type FederatedTask, FederationRound } from './harness/federation-round.ts';
import { SERIES } from './harness/site-readings.ts';

const MINUTES = 60_000;
/** What the harness's sites have readings of, as local days of their zone end an hour before those of UTC. */
const RANGES = [
  '--train',
  '2026-01-05T00:00Z/2026-01-19T00:00Z',
  '--validation',
  '2026-01-19T00:00Z/2026-01-26T00:00Z',
];

let round: FederationRound;
let directory: string;
let access: readonly string[];

beforeAll(async () => {
  round = await FederationRound.start(4);
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-task-'));
  const key = join(directory, 'operator.key');
  await writeFile(key, `${round.platform.operatorKey}\n`);
  access = ['--platform', round.platform.url, '--key-file', key];
}, 2 * MINUTES);

afterAll(async () => {
  await round.stop();
  await rm(directory, { recursive: true, force: true });
});

const parsed = (text: string): unknown => JSON.parse(text);
const task = (...parameters: string[]): Promise<Run> => run(['task', ...parameters, ...access, '--json']);

async function create(...parameters: string[]): Promise<FederatedTask> {
  const created = await task('create', '--zone', ZONE, ...RANGES, ...parameters);
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  return parsed(created.stdout) as FederatedTask;
}

async function shownOf({ id }: FederatedTask): Promise<FederatedTask> {
  const query = 'query ($id: ID!) { task(id: $id) { id cardHash card } }';
  const { platform } = round;
  return (await platform.data<{ task: FederatedTask }>(query, { id }, platform.operatorKey)).task;
}

describe('task', () => {
  it(
    'create, list and watch follow a task from its card to its release',
    async () => {
      const created = await create(
        '--upload-window',
        '3600',
        '--keys-window',
        '3600',
        '--answer-window',
        '3600',
      );
      const legalIds = ['Site 1', 'Site 2', 'Site 3', 'Site 4'].map((name) => `test:${name}`);
      const listed = (parsed((await task('list')).stdout) as { tasks: { id: string }[] }).tasks;
      expect(listed.find(({ id }) => id === created.id)).toMatchObject({
        phase: 'dealing',
        round: 1,
        series: [SERIES[0]],
        awaited: round.sites.map(({ organisationId }) => organisationId),
        declines: [],
      });
      const people = await run(['task', 'list', ...access]);
      expect(people.stdout).toContain(`${SERIES[0]}  dealing, round 1, awaits ${legalIds.join(', ')}`);

      const watching = BuiltProcess.command(['task', 'watch', created.id, ...access, '--json']);
      await watching.event(({ phase }) => phase === 'dealing', 'the first phase');
      for (const phase of ['uploading', 'answering']) {
        await round.run(created, phase);
        await watching.event((event) => event['phase'] === phase, phase);
      }
      await round.run(created, 'released');
      expect(await watching.end).toMatchObject({ exitCode: 0 });
      const indices = watching.events.map(({ headIndex }) => Number(headIndex));
      expect(indices).toEqual(indices.toSorted((a, b) => a - b));
      const uploading = watching.events.find(({ phase }) => phase === 'uploading')!;
      expect(uploading).toMatchObject({
        id: created.id,
        round: 1,
        declines: [],
        remainingS: expect.any(Number),
      });
      expect(Number(uploading['remainingS'])).toBeGreaterThan(3_400);
      expect(watching.events.at(-1)).toMatchObject({ phase: 'released', awaited: [], failure: null });
      await round.settle();
    },
    4 * MINUTES,
  );

  it('watch ends with exit code 1 and the code of the failure', async () => {
    const created = await create('--series', SERIES[1]);
    await round.expireWindow(created);
    const ended = await task('watch', created.id);
    expect(ended.exitCode).toBe(1);
    expect(parsed(ended.stdout)).toMatchObject({ phase: 'failed', failure: { code: 'DEALERS_TOO_FEW' } });
    expect(parsed(ended.stderr)).toMatchObject({
      error: { code: 'DEALERS_TOO_FEW', data: { taskId: created.id, organisationIds: expect.any(Array) } },
    });
    const people = await run(['task', 'watch', created.id, ...access]);
    expect(people.stdout).toMatch(/^\S+Z {2}failed, round 1\n$/);
    expect(people.stderr).toMatch(/^DEALERS_TOO_FEW: expected task .* for lack of test:Site 1, test:Site 2/);
    await round.settle();
  });

  it('create takes what a ridge or a network sees beside its look-back', async () => {
    const inputs = ['--holidays', 'DE-BW', '--ahead', 'temperature_c', '--past', 'wind_mw', '--issues'];
    const days = ['--train', '2024-03-01/2025-03-01', '--validation', '2025-03-01/2025-09-01'];
    const asked = ['--zone', ZONE, ...days, '--lookback', '24', ...inputs, 'midnights'];
    const created = await task('create', ...asked);
    const shown = await shownOf(parsed(created.stdout) as FederatedTask);
    const seen = { calendar: true, holidays: 'DE-BW', ahead: ['temperature_c'], past: ['wind_mw'] };
    expect(shown.card).toMatchObject({
      model: { statistic: 'moments', inputs: { ...seen, issues: 'midnights' } },
    });
    const network = await task('create', ...asked, '--network', 'mlp');
    const learnt = await shownOf(parsed(network.stdout) as FederatedTask);
    expect(learnt.card.model).toMatchObject({
      architecture: 'mlp',
      inputs: { ...seen, issues: 'midnights' },
    });
    const statistic = await task('create', ...asked, '--network', 'mlp', '--statistic', 'moments');
    expect(parsed(statistic.stderr)).toMatchObject({ error: { code: 'OPTION_ALONE' } });
    await round.expireWindow(shown);
    await round.expireWindow(learnt);
    await round.settle();
  });

  it('create takes local days, series, a roster and its windows', async () => {
    const ids = round.sites.map(({ organisationId }) => organisationId);
    const days = ['--train', '2026-03-01/2026-03-29', '--validation', '2026-03-29/2026-04-05'];
    const created = await task(
      'create',
      '--zone',
      ZONE,
      ...days,
      '--series',
      'pv_kwh',
      'load_kwh',
      '--organisation',
      ...ids,
      '--upload-window',
      '60',
    );
    expect((await run(['task', 'list', ...access])).stdout).toMatch(/ {2}pv_kwh, load_kwh {2}dealing/);
    const shown = await shownOf(parsed(created.stdout) as FederatedTask);
    expect(shown.card).toMatchObject({
      // Summer time begins on 29 March.
      data: {
        series: ['pv_kwh', 'load_kwh'],
        train: { start: '2026-02-28T23:00:00Z', end: '2026-03-28T23:00:00Z' },
        validation: { start: '2026-03-28T23:00:00Z', end: '2026-04-04T22:00:00Z' },
      },
      windows: { keys: 120, upload: 60, answer: 120 },
    });
    await round.expireWindow(shown);
    await round.settle();
  });

  it.each([
    [['create', '--zone', ZONE, '--train', '2026-01-05', '--validation', 'x/y'], 'RANGE_MALFORMED'],
    [
      [
        'create',
        '--zone',
        'Nowhere',
        '--train',
        '2026-01-05/2026-01-06',
        '--validation',
        '2026-01-06/2026-01-07',
      ],
      'ZONE_UNKNOWN',
    ],
    [
      ['create', '--zone', ZONE, ...RANGES, '--organisation', '00000000-0000-4000-8000-000000000000'],
      'PARTICIPANT_MISSING',
    ],
    [['create', '--zone', ZONE, ...RANGES, '--series', 'load_kwh', 'load_kwh'], 'CARD_SERIES'],
    [
      ['create', '--zone', ZONE, ...RANGES, '--series', 'load_kwh', 'pv_kwh', '--network', 'mlp'],
      'SERIES_SEVERAL',
    ],
    [['create', '--zone', ZONE, ...RANGES, '--ahead', 'load_kwh'], 'SERIES_KNOWN_AHEAD'],
    [['watch', '00000000-0000-4000-8000-000000000000'], 'TASK_UNKNOWN'],
    [['list', '--after', 'x'], 'CURSOR_MALFORMED'],
  ])('%j is refused', async (parameters, code) => {
    const refused = await task(...parameters);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(parsed(refused.stderr)).toMatchObject({ error: { code } });
  });

  it('tells nobody without a key, and ends with exit code 3 where nobody answers', async () => {
    const other = join(directory, 'other.key');
    await writeFile(other, `gck_${'0'.repeat(16)}_${'0'.repeat(64)}\n`);
    const unknown = await run([
      'task',
      'list',
      '--platform',
      round.platform.url,
      '--key-file',
      other,
      '--json',
    ]);
    expect(unknown.exitCode).toBe(1);
    const nobody = await run([
      'task',
      'watch',
      'x',
      '--platform',
      'http://127.0.0.1:1',
      '--key-file',
      other,
      '--json',
    ]);
    expect(nobody).toMatchObject({ exitCode: 3, stdout: '' });
  });
});
