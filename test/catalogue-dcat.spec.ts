import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dcatProblems } from './harness/dcat-ap.ts';
import { run } from './harness/command-line.ts';
import { type NegotiationDesk, negotiationDesk } from './harness/negotiation-desk.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

const CREATE = 'mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }';
const OFFER = 'mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }';
const DCAT = 'query ($id: ID!) { answer: dataSetDcat(id: $id) }';
const byId = (mutation: string): string => `mutation ($id: ID!) { answer: ${mutation}(id: $id) { id } }`;

interface Node {
  readonly '@id': string;
  readonly 'dcat:dataset': readonly Node[];
  readonly 'odrl:hasPolicy': readonly Node[];
  readonly 'xhv:next'?: Node;
}

/** A page of a platform that names another one as the next. */
const misleadingPage = (after: string | null) => ({
  'dcat:dataset': [{ '@id': after ?? 'first' }],
  ...(after === null ? { 'xhv:next': { '@id': 'https://elsewhere.example/catalogue?after=b' } } : {}),
});

const addressOf = async (of: Server): Promise<string> => {
  await new Promise<void>((resolve) => of.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(of.address() as AddressInfo).port}`;
};

describe('the catalogue as DCAT-AP', () => {
  let platform: TestPlatform;
  let desk: NegotiationDesk;
  let directory: string;

  beforeAll(async () => {
    platform = await startPlatform();
    desk = await negotiationDesk(platform);
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-dcat-'));
    await writeFile(join(directory, 'key'), desk.consumer.apiKey);
  }, 60_000);
  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  const ask = async <T = { id: string }>(query: string, variables: object, by: TestOrganisation) =>
    (await platform.data<{ answer: T }>(query, variables, by.apiKey)).answer;
  const page = async (path = '/catalogue.jsonld', sender = desk.consumer.apiKey) => {
    const response = await platform.request('GET', path, { sender });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/ld+json']);
    return { link: response.headers.get('link'), document: (await response.json()) as Node };
  };
  const whole = async (sender?: string): Promise<Node[]> => {
    const found: Node[] = [];
    for (let path: string | undefined = '/catalogue.jsonld'; path !== undefined;) {
      const { link, document } = await page(path, sender);
      expect(dcatProblems(document)).toEqual([]);
      const next = document['xhv:next']?.['@id'];
      expect(link).toBe(next === undefined ? null : `<${next}>; rel="next"`);
      found.push(...document['dcat:dataset']);
      path = next?.replace(platform.url, '');
    }
    return found;
  };

  it('is harvested over HTTP, page by page, each data set once, and drafts, retired sets and special terms never', async () => {
    const { provider, consumer } = desk;
    const ids: string[] = [];
    const create = async (title: string) => {
      const input = { key: randomUUID(), title, carrier: 'HEAT', kind: 'READINGS', licence: 'CC-BY-4.0' };
      const { id } = await ask(CREATE, { input }, provider);
      const offer = await ask(OFFER, { input: { dataSetId: id, policy: { permission: [{ action: 'use' }] } } }, provider); // prettier-ignore
      return { id, offerId: offer.id };
    };
    for (let i = 0; i < 51; i += 1) {
      const { id } = await create(`Heat ${i}`);
      await ask(byId('listDataSet'), { id }, provider);
      ids.push(id);
    }
    const draft = await create('Secret of Plön');
    const retired = await create('Retired of Plön');
    await ask(byId('listDataSet'), { id: retired.id }, provider);
    await ask(byId('retireDataSet'), { id: retired.id }, provider);
    const withdrawn = await ask(OFFER, { input: { dataSetId: ids[0], policy: { permission: [{ action: 'use' }] } } }, provider); // prettier-ignore
    await ask(byId('withdrawDataOffer'), { id: withdrawn.id }, provider);

    for (const by of [consumer, provider]) {
      const found = await whole(by.apiKey);
      expect(found.map((node) => node['@id'])).toEqual(ids.toSorted().map((id) => `urn:uuid:${id}`));
      const text = JSON.stringify(found);
      for (const hidden of ['Plön', draft.id, draft.offerId, retired.id, withdrawn.id]) {
        expect(text).not.toContain(hidden);
      }
    }
    const one = await ask<Node>(DCAT, { id: ids[0] }, consumer);
    expect(one).toMatchObject((await whole()).find((node) => node['@id'] === one['@id'])!);
    expect(dcatProblems(one)).toEqual([]);
    for (const id of [draft.id, retired.id, randomUUID()]) {
      const { errors } = await platform.graphql(DCAT, { id }, consumer.apiKey);
      expect(errors?.[0]?.extensions.code).toBe('DATA_SET_NOT_FOUND');
    }

    const verb = ['catalogue', 'export', '--platform', platform.url, '--key-file', join(directory, 'key')];
    const file = join(directory, 'catalogue.jsonld');
    expect((await run([...verb, '--output', file])).exitCode).toBe(0);
    const exported = JSON.parse(await readFile(file, 'utf8')) as Node;
    expect(dcatProblems(exported)).toEqual([]);
    expect(exported).not.toHaveProperty('xhv:next');
    expect(exported['dcat:dataset']).toHaveLength(51);
    const again = await run([...verb, '--output', file, '--json']);
    expect(JSON.parse(again.stderr)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    expect(JSON.parse((await run([...verb, ids[0]!, '--json'])).stdout)).toEqual(one);
  });

  it('is exported from the platform alone, whatever an answer names as the next page', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
      const isCatalogue = pathname === '/catalogue.jsonld';
      response.end(isCatalogue ? JSON.stringify(misleadingPage(searchParams.get('after'))) : '{}');
    });
    const broken = createServer((_, response) => response.end('<html>'));
    const verb = ['catalogue', 'export', '--key-file', join(directory, 'key'), '--json', '--platform'];
    const told = await run([...verb, await addressOf(server)]);
    expect(JSON.parse(told.stdout)).toEqual({ 'dcat:dataset': [{ '@id': 'first' }, { '@id': 'b' }] });
    expect(asked).toEqual(['/catalogue.jsonld', '/catalogue.jsonld?after=b']);
    const refused = await run([...verb, await addressOf(broken)]);
    expect([refused.exitCode, JSON.parse(refused.stderr)]).toMatchObject([3, { error: { code: 'CATALOGUE_UNREADABLE' } }]); // prettier-ignore
    for (const each of [server, broken]) await new Promise((resolve) => each.close(resolve));
  });

  it('is for members alone, and for cursors of its own', async () => {
    const { createOrganisation } = await platform.data<{ createOrganisation: { apiKey: string } }>(
      'mutation { createOrganisation(input: { name: "Auditor", legalId: "test:dcat-auditor", auditor: true }) { apiKey } }',
      {},
      platform.operatorKey,
    );
    const cursor = Buffer.from('["x"]').toString('base64url');
    const refusals = [
      ['/catalogue.jsonld', undefined, 'UNAUTHENTICATED'],
      ['/catalogue.jsonld', createOrganisation.apiKey, 'ROLE_MISSING'],
      ['/catalogue.jsonld?after=x', desk.consumer.apiKey, 'CURSOR_MALFORMED'],
      [`/catalogue.jsonld?after=${cursor}`, desk.consumer.apiKey, 'CURSOR_MALFORMED'],
      [`/catalogue.jsonld?after=${cursor}&after=${cursor}`, desk.consumer.apiKey, 'CURSOR_MALFORMED'],
    ] as const;
    for (const [path, sender, code] of refusals) {
      const response = await platform.request('GET', path, sender === undefined ? {} : { sender });
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    }
  });
});
