import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import { codeOf, type FederatedTask } from './harness/federation-round.ts';
import { daysOf, ForecastDesk, type ModelVersion } from './harness/forecast-desk.ts';
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

describe('registry of models', () => {
  let desk: ForecastDesk;
  let first: { task: FederatedTask; version: ModelVersion };
  let second: { task: FederatedTask; version: ModelVersion };
  let stranger: TestOrganisation;

  const listed = async (variables: object, sender: string = desk.round.platform.operatorKey) => {
    const { models } = await desk.round.platform.data<Listed>(MODELS, variables, sender);
    return { hashes: models.edges.map(({ node }) => node.cardHash), ...models.pageInfo };
  };

  beforeAll(async () => {
    desk = await ForecastDesk.start(daysOf(12, 1).startMs);
    first = await desk.trained(0);
    second = await desk.trained(6);
    stranger = await desk.round.platform.createOrganisation('Stranger');
  }, 3 * MINUTES);

  afterAll(() => desk.stop());

  it('holds of a released task what it gave and from what, up to the root that a verifier finds', async () => {
    const { task, version } = first;
    const [train, validation] = [daysOf(0, 4), daysOf(4, 2)].map(({ startMs, endMs }) => ({
      start: isoInstant(startMs),
      end: isoInstant(endMs),
    }));
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
      train,
      validation,
      cohort: desk.round.sites.map(({ organisationId }) => organisationId),
      steps: 1,
      validationLoss: expect.any(Number),
      validationMae: null,
      privacy: null,
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
