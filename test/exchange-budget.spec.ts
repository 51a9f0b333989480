import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { sha256Hex, utf8 } from '#core';
import { basicOf } from './harness/footprints.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';
import { ASK, seriesDraft, steps } from './harness/series-desk.ts';

jest.setTimeout(60_000);

const BURST = 4_000;

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startPlatform({
    env: {
      GRIDCOMMONS_MAX_QUERY_COST: '2000',
      GRIDCOMMONS_QUERY_COST_BURST: String(BURST),
      GRIDCOMMONS_QUERY_COST_PER_SECOND: '1',
    },
  });
}, 60_000);

afterAll(() => platform.stop());

it('is one for queries and all that is asked outside of them', async () => {
  const { apiKey: sender } = await platform.createOrganisation();
  const id = randomUUID();
  const token = () =>
    platform.request('POST', '/auth/token', {
      body: utf8('grant_type=client_credentials'),
      headers: {
        authorization: `Basic ${basicOf(sender)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
  const granted = (await (await token()).json()) as { access_token: string };
  const headers = { authorization: `Bearer ${granted.access_token}` };
  const footprints = async () => (await platform.request('GET', '/3/footprints', { headers })).status;
  expect(await footprints()).toBe(200);
  const status = async (path: string) => (await platform.request('GET', path, { sender })).status;
  let asked = 0;
  while ((await status(`/invoices/${id}`)) === 404) asked++;
  expect(asked).toBeLessThanOrEqual(BURST / 100);
  for (const path of [
    `/invoices/${id}`,
    `/deliveries/${id}/${id}/0`,
    `/blobs/${'a'.repeat(64)}`,
    '/catalogue.jsonld',
    '/forecasts/export',
    `/dsp/catalog/datasets/${id}`,
    `/dsp/negotiations/${id}`,
    `/dsp/transfers/${id}`,
  ]) {
    expect([path, await status(path)]).toEqual([path, 429]);
  }
  expect([await footprints(), (await token()).status]).toEqual([429, 429]);
});

it('is taken by the readings that are looked through, not by the few values they add up to', async () => {
  const { apiKey } = await platform.createOrganisation();
  const { answer } = await platform.data<{ answer: { id: string } }>(ASK.create, seriesDraft(), apiKey);
  const years = { id: answer.id, from: '1996-01-01T00:00Z', until: '2026-01-01T00:00Z', first: 1 };
  const ask = async (more: object) =>
    (await platform.graphql(ASK.readings, { ...years, ...more }, apiKey)).errors?.[0]?.extensions.code;
  for (let i = 0; i < 5; i++) expect(await ask({})).toBeUndefined();
  expect(await ask({ resolution: 'P1Y' })).toBeUndefined();
  expect(await ask({ resolution: 'P1Y' })).toBe('RATE_LIMITED');
});

it('is taken by the readings that come in, in a batch or a file', async () => {
  const { apiKey } = await platform.createOrganisation();
  const { answer } = await platform.data<{ answer: { id: string } }>(ASK.create, seriesDraft(), apiKey);
  const batch = { seriesId: answer.id, readings: steps(0, 10_000, 900_000, '1') };
  const code = async (what: 'ingest' | 'upload', input: object) =>
    (await platform.graphql(ASK[what], { input }, apiKey)).errors?.[0]?.extensions.code;
  const file = utf8(`start,value\n${'1970-01-01T00:00:00Z,1\n'.repeat(50_000)}`);
  const sha256 = await sha256Hex(file);
  await platform.request('PUT', `/blobs/${sha256}`, { sender: apiKey, body: file });
  let batches = 0;
  while ((await code('ingest', batch)) === undefined) batches++;
  expect(batches).toBeLessThanOrEqual(BURST / 500);
  expect(await code('ingest', batch)).toBe('RATE_LIMITED');
  expect(await code('upload', { seriesId: answer.id, sha256 })).toBe('RATE_LIMITED');
});
