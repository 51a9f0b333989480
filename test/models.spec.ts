import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { run } from './harness/command-line.ts';
import { ZONE } from './harness/demo-world.ts';
import { codeOf, type FederatedTask } from './harness/federation-round.ts';
import { dayStart, epochsOf, ForecastDesk, type ModelVersion } from './harness/forecast-desk.ts';
import type { TestOrganisation } from './harness/platform.ts';

const MINUTES = 60_000;
const MODELS = `query ($series: String, $kind: String, $releasedTo: DateTime, $first: Int, $after: String) {
  models(series: $series, kind: $kind, releasedTo: $releasedTo, first: $first, after: $after) {
    edges { node { cardHash } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Listed {
  readonly models: {
    readonly edges: readonly { readonly node: { readonly cardHash: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface Trained {
  readonly task: FederatedTask;
  readonly version: ModelVersion;
}

let desk: ForecastDesk;
let first: Trained;
let second: Trained;

beforeAll(async () => {
  desk = await ForecastDesk.start(dayStart(11));
  first = await desk.trained(1);
  second = await desk.trained(6);
}, 3 * MINUTES);

afterAll(() => desk.stop());

const listed = async (variables: object, sender: string = desk.round.platform.operatorKey) => {
  const { models } = await desk.round.platform.data<Listed>(MODELS, variables, sender);
  return { hashes: models.edges.map(({ node }) => node.cardHash), ...models.pageInfo };
};

describe('registry of models', () => {
  let stranger: TestOrganisation;

  beforeAll(async () => {
    stranger = await desk.round.platform.createOrganisation('Stranger');
  });

  it('holds of a released task what it gave and from what, up to the root that a verifier finds', async () => {
    const { task, version } = first;
    const { modelHash } = (await desk.round.state(task)).releases[0]!.release;
    const { root } = await verifyTranscript(await desk.round.exportTranscript(task), { outcomeOf });
    expect(version).toEqual({
      taskId: task.id,
      cardHash: task.cardHash,
      modelHash,
      transcriptRoot: root,
      kind: 'one-shot-ridge',
      method: 'autocovariances',
      series: ['load_kwh'],
      zone: task.card.data.zone,
      stepMinutes: 60,
      lookback: 24,
      horizon: 24,
      ...epochsOf(1),
      cohort: desk.round.sites.map(({ organisationId }) => organisationId),
      steps: 1,
      validationLoss: expect.any(Number),
      validationMae: null,
      privacy: null,
      latestScore: null,
      releasedAt: expect.any(String),
    });
    expect(version.validationLoss).toBeGreaterThan(0);
  });

  it('is found by the hash of the model as by that of its card', async () => {
    const answer = await desk.version(second.version.modelHash, desk.round.platform.operatorKey);
    expect(answer.data).toEqual({ modelVersion: second.version });
  });

  it('is listed newest first, by series, kind and time, page by page', async () => {
    const both = [second.task.cardHash, first.task.cardHash];
    expect((await listed({})).hashes).toEqual(both);
    expect((await listed({ series: 'load_kwh', kind: 'one-shot-ridge' })).hashes).toEqual(both);
    expect((await listed({ series: 'second_kwh' })).hashes).toEqual([]);
    expect((await listed({ kind: 'network' })).hashes).toEqual([]);
    expect((await listed({ releasedTo: '2020-01-01T00:00:00Z' })).hashes).toEqual([]);
    const page = await listed({ first: 1 });
    expect(page).toMatchObject({ hashes: [both[0]], hasNextPage: true });
    expect(await listed({ first: 1, after: page.endCursor })).toMatchObject({
      hashes: [both[1]],
      hasNextPage: false,
    });
  });

  it('is open to the organisations of the task, and to nobody else', async () => {
    const { apiKey } = desk.round.sites[0]!;
    expect((await listed({}, apiKey)).hashes).toHaveLength(2);
    expect((await listed({}, stranger.apiKey)).hashes).toEqual([]);
    expect(codeOf(await desk.version(first.task.cardHash, stranger.apiKey))).toBe('MODEL_UNKNOWN');
    expect(codeOf(await desk.version('x', apiKey))).toBe('MODEL_UNKNOWN');
  });
});

describe('gridcommons forecast', () => {
  let directory: string;
  let access: readonly string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-models-'));
    const key = join(directory, 'operator.key');
    await writeFile(key, `${desk.operatorKey}\n`);
    access = ['--platform', desk.round.platform.url, '--key-file', key];
  });

  afterAll(() => rm(directory, { recursive: true }));

  const told = async (...parameters: string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await run(['forecast', ...parameters, ...access, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  it('models lists them, and shows where one came from', async () => {
    expect(await told('models', 'list', '--series', 'load_kwh', '--first', '1')).toMatchObject({
      models: [second.version],
      hasNextPage: true,
    });
    expect(await told('models', 'list', '--kind', 'network')).toEqual({
      models: [],
      hasNextPage: false,
      endCursor: null,
    });
    expect(await told('models', 'show', first.task.cardHash)).toEqual(first.version);
    const { stdout } = await run(['forecast', 'models', 'show', first.version.modelHash, ...access]);
    expect(stdout).toContain(`transcript root ${first.version.transcriptRoot}`);
  });

  it('products creates one, names its models and its training, and tells its log', async () => {
    const create = ['products', 'create', '--name', 'Load tomorrow', '--zone', ZONE];
    const { id } = (await told(...create)) as { id: string };
    const [champion, challenger] = [first, second].map(({ task, version }) => ({
      taskId: task.id,
      modelHash: version.modelHash,
    }));
    await told('products', 'champion', id, first.task.cardHash);
    expect(await told('products', 'challenger', id, second.version.modelHash)).toMatchObject({
      champion,
      challengers: [challenger],
    });
    expect(await told('products', 'drop', id, second.version.modelHash)).toMatchObject({ challengers: [] });
    const days = ['--train-days', '20', '--validation-days', '10'];
    expect(await told('products', 'retrain', id, '--every', '30', '--gap', '10', ...days)).toMatchObject({
      retraining: {
        everyDays: 30,
        onDrift: true,
        leastGapDays: 10,
        trainDays: 20,
        validationDays: 10,
        lagDays: 1,
      },
    });
    const { stdout } = await run(['forecast', 'products', 'list', ...access]);
    expect(stdout).toContain(`${id}  Load tomorrow: load_kwh, 24 × PT1H`);
    expect(stdout).toContain('trained again every 30 days, next');
    expect(await told('products', 'retrain', id, '--never')).toMatchObject({ retraining: null });
    expect(await told('products', 'log', id)).toMatchObject({
      decisions: ['CHALLENGER_DROPPED', 'CHALLENGER_ADDED', 'CHAMPION_NAMED'].map((kind) => ({ kind })),
      hasNextPage: false,
    });
  });

  it.each([
    [['models', 'show', 'x'], 'MODEL_UNKNOWN'],
    [['products', 'champion', 'x', 'y'], 'PRODUCT_UNKNOWN'],
    [['products', 'create', '--name', 'Load', '--zone', 'Nowhere'], 'ZONE_UNKNOWN'],
    [['products', 'retrain', 'x', '--every', '30'], 'OPTION_ALONE'],
    [['products', 'list', '--after', 'x'], 'CURSOR_MALFORMED'],
  ])('%j is refused', async (parameters, code) => {
    const refused = await run(['forecast', ...parameters, ...access, '--json']);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code } });
  });
});
