import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { HOUR_MS, isoInstant } from '#core';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(30_000);

const ISSUE_MS = Date.UTC(2026, 4, 12);
const HASH = 'a'.repeat(64);

const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published unchanged } }`;
const LIST = `query ($organisationIds: [ID!], $series: ForecastSeries, $from: DateTime, $to: DateTime,
    $issuedAfter: DateTime, $latest: Boolean! = false, $first: Int, $after: String) {
  forecasts(organisationIds: $organisationIds, series: $series, from: $from, to: $to, issuedAfter: $issuedAfter,
      latest: $latest, first: $first, after: $after) {
    edges { cursor node { organisationId participantId series intervalStart resolution version p10Wh p50Wh p90Wh
      issuedAt publishedAt modelHash taskCardHash } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface ForecastNode {
  readonly organisationId: string;
  readonly series: string;
  readonly intervalStart: string;
  readonly version: number;
  readonly p50Wh: number;
}
interface Page {
  readonly forecasts: {
    readonly edges: readonly { readonly cursor: string; readonly node: ForecastNode }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const forecast = (hour: number, fields: object = {}) => ({
  series: 'net',
  intervalStart: isoInstant(ISSUE_MS + hour * HOUR_MS),
  p10Wh: -100,
  p50Wh: hour,
  p90Wh: 5_000_000_000,
  issuedAt: isoInstant(ISSUE_MS),
  modelHash: HASH,
  taskCardHash: HASH,
  ...fields,
});

describe('forecasts', () => {
  let directory: string;
  let platform: TestPlatform;
  let solar: TestOrganisation;
  let bakery: TestOrganisation;
  let analystKey: string;

  const setClock = (ms: number): Promise<void> => writeFile(join(directory, 'clock'), isoInstant(ms));
  const publish = (by: TestOrganisation, ...forecasts: object[]) =>
    platform.graphql(PUBLISH, { input: { forecasts } }, by.participant);
  const refusalCodes = async (...forecasts: object[]) =>
    (await publish(solar, ...forecasts)).errors?.map(({ extensions }) => extensions.code);
  const list = async (variables: object, sender: string = analystKey): Promise<Page['forecasts']> =>
    (await platform.data<Page>(LIST, variables, sender)).forecasts;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    await setClock(ISSUE_MS);
    platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: join(directory, 'clock') } });
    solar = await platform.createOrganisation('Solar');
    bakery = await platform.createOrganisation('Bakery');
    analystKey = await apiKey(bakery, ['analyst']);
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  async function apiKey(of: Pick<TestOrganisation, 'apiKey'>, roles: readonly string[]): Promise<string> {
    const { createApiKey } = await platform.data<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { memberName: roles.join(' '), roles } },
      of.apiKey,
    );
    return createApiKey.secret;
  }

  it("are published by a participant and read by another organisation's analyst", async () => {
    expect((await publish(solar, forecast(0), forecast(1, { taskCardHash: null }))).data).toEqual({
      publishForecasts: { published: 2, unchanged: 0 },
    });
    const { edges } = await list({ organisationIds: [solar.organisationId] });
    expect(edges.map(({ node }) => node)).toEqual(
      [forecast(0), forecast(1, { taskCardHash: null })].map((published) => ({
        ...published,
        organisationId: solar.organisationId,
        participantId: solar.participant.id,
        resolution: 'PT1H',
        version: 1,
        publishedAt: isoInstant(ISSUE_MS),
      })),
    );
  });

  it('become a new version when issued later, and stay as they were', async () => {
    await setClock(ISSUE_MS + HOUR_MS);
    const later = forecast(30, { issuedAt: isoInstant(ISSUE_MS + HOUR_MS), p50Wh: 7 });
    expect((await publish(solar, forecast(30))).data).toMatchObject({ publishForecasts: { published: 1 } });
    expect((await publish(solar, later)).data).toEqual({ publishForecasts: { published: 1, unchanged: 0 } });
    expect((await publish(solar, later)).data).toEqual({ publishForecasts: { published: 0, unchanged: 1 } });

    const hour = { from: isoInstant(ISSUE_MS + 30 * HOUR_MS), to: isoInstant(ISSUE_MS + 31 * HOUR_MS) };
    const all = await list(hour);
    expect(all.edges.map(({ node }) => [node.version, node.p50Wh])).toEqual([
      [1, 30],
      [2, 7],
    ]);
    const latest = await list({ ...hour, latest: true });
    expect(latest.edges.map(({ node }) => node.version)).toEqual([2]);
    const reissued = await list({ ...hour, issuedAfter: isoInstant(ISSUE_MS) });
    expect(reissued.edges.map(({ node }) => node.version)).toEqual([2]);
  });

  it('are refused whole with a code', async () => {
    const before = (await list({ first: 100 })).edges.length;
    expect(await refusalCodes(forecast(40), forecast(41, { p10Wh: 42 }))).toEqual(['FORECAST_QUANTILES']);
    expect(await refusalCodes(forecast(40), forecast(40))).toEqual(['FORECAST_REPEATED']);
    expect(await refusalCodes(forecast(30, { p50Wh: 8 }))).toEqual(['FORECAST_STALE']);
    expect(await refusalCodes(forecast(0, { p50Wh: 8 }))).toEqual(['FORECAST_VERSION_CONFLICT']);
    expect(await refusalCodes(forecast(40, { resolution: 'PT15M' }))).toEqual(['FORECAST_RESOLUTION']);
    expect(await refusalCodes(forecast(40, { intervalStart: '2026-05-14T00:10:00Z' }))).toEqual([
      'FORECAST_OFF_GRID',
    ]);
    expect(await refusalCodes(forecast(40, { issuedAt: '2026-05-13T00:00:00Z' }))).toEqual([
      'FORECAST_ISSUED_LATER',
    ]);
    expect(await refusalCodes(...Array.from({ length: 289 }, (_, hour) => forecast(hour)))).toEqual([
      'FORECAST_BATCH_SIZE',
    ]);
    expect((await list({ first: 100 })).edges).toHaveLength(before);
  });

  it('come from participants only, and go to firms, analysts and markets only', async () => {
    const byMember = await platform.graphql(PUBLISH, { input: { forecasts: [forecast(0)] } }, solar.apiKey);
    expect(byMember.errors).toMatchObject([{ extensions: { code: 'PARTICIPANT_REQUIRED' } }]);
    const byAdmin = await platform.graphql(LIST, {}, await apiKey(bakery, ['admin']));
    expect(byAdmin.errors).toMatchObject([{ extensions: { code: 'ROLE_MISSING' } }]);
    const byNobody = await platform.graphql(LIST, {});
    expect(byNobody.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(
      (await list({}, await apiKey({ apiKey: platform.operatorKey }, ['market']))).edges.length,
    ).toBeGreaterThan(0);
  });

  it('never let one organisation publish in the name of another', async () => {
    await publish(bakery, forecast(0, { p50Wh: 1 }));
    const solars = await list({
      organisationIds: [solar.organisationId],
      to: isoInstant(ISSUE_MS + HOUR_MS),
    });
    expect(solars.edges.map(({ node }) => node.p50Wh)).toEqual([0]);
    const stolen = await platform.graphql(
      PUBLISH,
      { input: { forecasts: [forecast(50)] } },
      {
        ...bakery.participant,
        id: solar.participant.id,
      },
    );
    expect(stolen.errors).toMatchObject([{ extensions: { code: 'SIGNATURE_INVALID' } }]);
  });

  it('are paged without loss or repetition', async () => {
    const everything = (await list({ first: 100 })).edges.map(({ cursor }) => cursor);
    const paged: string[] = [];
    let after: string | null = null;
    do {
      // Each page names the next.
      const page: Page['forecasts'] = await list({ first: 2, after });
      expect(page.edges.length).toBeLessThanOrEqual(2);
      paged.push(...page.edges.map(({ cursor }) => cursor));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(everything);
    for (const [variables, code] of [
      [{ first: 101 }, 'PAGE_SIZE_INVALID'],
      [{ after: 'nonsense' }, 'CURSOR_MALFORMED'],
      [{ after: Buffer.from('["x"]').toString('base64url') }, 'CURSOR_MALFORMED'],
      [{ organisationIds: ['x'] }, 'ORGANISATION_IDS'],
    ] as const) {
      // One after the other reads better in a failure.
      expect((await platform.graphql(LIST, variables, analystKey)).errors).toMatchObject([
        { extensions: { code } },
      ]);
    }
  });

  describe('subscription', () => {
    const FOLLOW = `subscription ($organisationIds: [ID!], $series: ForecastSeries, $after: String) {
      forecastPublished(organisationIds: $organisationIds, series: $series, after: $after) {
        cursor node { organisationId series intervalStart version p50Wh }
      }
    }`;
    interface Published {
      readonly forecastPublished: { readonly cursor: string; readonly node: ForecastNode };
    }
    const follow = (variables: Record<string, unknown>, key: string) => {
      const client = createClient({
        url: `${platform.url.replace('http', 'ws')}/graphql`,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
      });
      return { client, events: client.iterate<Published>({ query: FOLLOW, variables }) };
    };

    it('begins after a cursor of the list, misses nothing and brings what is published from then on', async () => {
      const { edges } = await list({ first: 2 });
      const { client, events } = follow({ after: edges[0]!.cursor }, analystKey);
      const first = await events.next();
      expect(first.value.data.forecastPublished.cursor).toBe(edges[1]!.cursor);
      const rest = (await list({ first: 100, after: edges[1]!.cursor })).edges.map(({ cursor }) => cursor);
      for (const cursor of rest) {
        // Events come in order.
        expect((await events.next()).value.data.forecastPublished.cursor).toBe(cursor);
      }
      const coming = events.next();
      await publish(solar, forecast(60));
      expect((await coming).value.data.forecastPublished.node).toEqual({
        organisationId: solar.organisationId,
        series: 'net',
        intervalStart: isoInstant(ISSUE_MS + 60 * HOUR_MS),
        version: 1,
        p50Wh: 60,
      });
      await client.dispose();
    });

    it('brings only what was asked for', async () => {
      const { edges } = await list({ first: 100 });
      const after = edges.at(-1)!.cursor;
      await publish(bakery, forecast(61), forecast(61, { series: 'load', p10Wh: 0, p50Wh: 1 }));
      await publish(solar, forecast(62, { series: 'load', p10Wh: 0, p50Wh: 2 }));
      const { client, events } = follow(
        { after, series: 'load', organisationIds: [solar.organisationId] },
        analystKey,
      );
      expect((await events.next()).value.data.forecastPublished.node).toMatchObject({
        organisationId: solar.organisationId,
        p50Wh: 2,
      });
      await client.dispose();
    });

    it('is refused without a role and without a key', async () => {
      const admin = follow({}, await apiKey(bakery, ['admin']));
      const refusal = await admin.events.next();
      expect(refusal.value).toMatchObject({ errors: [{ extensions: { code: 'ROLE_MISSING' } }] });
      await admin.client.dispose();
      const nobody = follow({}, 'gck_0000000000000000_00');
      await expect(nobody.events.next()).rejects.toMatchObject({ code: 4403 });
      await nobody.client.dispose();
    });

    it('ends when the key is revoked', async () => {
      const { createApiKey } = await platform.data<{
        createApiKey: { secret: string; apiKey: { id: string } };
      }>(
        `mutation { createApiKey(input: { memberName: "leaver", roles: [analyst] }) { secret apiKey { id } } }`,
        {},
        bakery.apiKey,
      );
      const { edges } = await list({ first: 1 });
      const { client, events } = follow({ after: edges[0]!.cursor, series: 'load' }, createApiKey.secret);
      expect((await events.next()).value.data).toBeDefined();
      await platform.data(
        'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }',
        { id: createApiKey.apiKey.id },
        bakery.apiKey,
      );
      await publish(solar, forecast(63, { series: 'load', p10Wh: 0, p50Wh: 3 }));
      const told: unknown[] = [];
      const drain = async (): Promise<void> => {
        for await (const event of events) told.push(event);
      };
      await expect(drain()).rejects.toMatchObject({ code: 4403 });
      expect(JSON.stringify(told)).not.toContain('"p50Wh":3');
      await client.dispose();
    });
  });
});
