import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { run } from './harness/command-line.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

const CREATE = 'mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }';
const VERSION =
  'mutation ($input: AddDataSetVersionInput!) { answer: addDataSetVersion(input: $input) { id } }';
const OFFER = 'mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }';
const byId = (mutation: string): string => `mutation ($id: ID!) { answer: ${mutation}(id: $id) { id } }`;
const CHANGE = 'cursor type dataSetId organisationId versionId offerId dataSet { title status }';
const VARIABLES = '$after: String, $carrier: DataCarrier, $kind: DataKind, $organisationIds: [ID!]';
const ARGUMENTS = 'after: $after, carrier: $carrier, kind: $kind, organisationIds: $organisationIds';
const FOLLOW = `subscription (${VARIABLES}) { answer: catalogueChanged(${ARGUMENTS}) { ${CHANGE} } }`;
const LIST = `query (${VARIABLES}, $first: Int) { answer: catalogueChanges(${ARGUMENTS}, first: $first) { edges { node { ${CHANGE} } } pageInfo { endCursor hasNextPage } } }`;

interface Change {
  readonly cursor: string;
  readonly type: string;
  readonly dataSetId: string;
  readonly offerId: string | null;
  readonly dataSet: { readonly title: string; readonly status: string } | null;
}
interface Page {
  readonly edges: readonly { readonly node: Change }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

const draft = (title: string, change: object = {}) => ({
  key: randomUUID(),
  title,
  carrier: 'HEAT',
  kind: 'READINGS',
  licence: 'CC-BY-4.0',
  ...change,
});

describe('changes of the catalogue', () => {
  let platform: TestPlatform;
  let seller: TestOrganisation;
  let other: TestOrganisation;
  let buyer: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform();
    seller = await platform.createOrganisation();
    other = await platform.createOrganisation();
    buyer = await platform.createOrganisation();
  }, 60_000);
  afterAll(() => platform.stop());

  const ask = async <T = { id: string }>(query: string, variables: object, by = seller): Promise<T> =>
    (await platform.data<{ answer: T }>(query, variables, by.apiKey)).answer;
  const follow = (variables: object, by = buyer) => {
    const client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${by.apiKey}` },
      retryAttempts: 0,
    });
    const stream = client.iterate<{ answer: Change }>({ query: FOLLOW, variables: { ...variables } });
    return {
      stop: () => client.dispose(),
      async next(): Promise<Change> {
        const { value } = await stream.next();
        expect(value.errors).toBeUndefined();
        return value.data.answer;
      },
      refusal: async () => (await stream.next()).value.errors[0].extensions.code as string,
    };
  };
  const addVersion = (dataSetId: string): Promise<{ id: string }> =>
    ask(VERSION, {
      input: {
        dataSetId,
        contentRoot: 'a'.repeat(64),
        chunks: 1,
        bytes: 1,
        start: '2026-01-01T00:00:00Z',
        end: '2026-02-01T00:00:00Z',
        columns: [{ name: 'kwh', unit: 'kWh' }],
      },
    });
  const addOffer = (dataSetId: string, by = seller): Promise<{ id: string }> =>
    ask(OFFER, { input: { dataSetId, policy: { permission: [{ action: 'use' }] } } }, by);
  const listed = async (title: string, change: object = {}, by = seller): Promise<string> => {
    const { id } = await ask(CREATE, { input: draft(title, change) }, by);
    await addOffer(id, by);
    await ask(byId('listDataSet'), { id }, by);
    return id;
  };
  const changes = async (variables: object = {}, by = buyer): Promise<Change[]> =>
    (await ask<Page>(LIST, { first: 100, ...variables }, by)).edges.map(({ node }) => node);

  it('are told from the listing on, each once and in its order, and nothing of drafts', async () => {
    const { id } = await ask(CREATE, { input: draft('Secret of Plön') });
    const first = await addOffer(id);
    await addVersion(id);
    await ask(byId('withdrawDataOffer'), { id: first.id });
    const second = await addOffer(id);
    // Not even its publisher is told of a draft here, nor does a place in the order say that there was one.
    expect([await changes(), await changes({}, seller)]).toEqual([[], []]);
    const news = follow({ after: Buffer.from('["0"]').toString('base64url') });
    await ask(byId('listDataSet'), { id });
    expect(await news.next()).toMatchObject({ type: 'LISTED', dataSetId: id, organisationId: seller.organisationId, dataSet: { title: 'Secret of Plön' } }); // prettier-ignore
    const version = await addVersion(id);
    expect(await news.next()).toMatchObject({ type: 'VERSION_ADDED', versionId: version.id, offerId: null });
    await ask(byId('withdrawDataOffer'), { id: second.id });
    await ask(byId('withdrawDataOffer'), { id: second.id });
    expect(await news.next()).toMatchObject({ type: 'OFFER_WITHDRAWN', offerId: second.id });
    const third = await addOffer(id);
    expect(await news.next()).toMatchObject({ type: 'OFFER_ADDED', offerId: third.id });
    await ask(byId('retireDataSet'), { id });
    expect(await news.next()).toMatchObject({ type: 'RETIRED', dataSetId: id, dataSet: null });
    await news.stop();

    const told = await changes();
    expect(told.map(({ type }) => type)).toEqual(['LISTED', 'VERSION_ADDED', 'OFFER_WITHDRAWN', 'OFFER_ADDED', 'RETIRED']); // prettier-ignore
    expect(told.every(({ dataSet }) => dataSet === null)).toBe(true);
    expect((await changes({}, seller))[0]).toMatchObject({ dataSet: { status: 'RETIRED' } });
  });

  it('go on after a cursor, over a restart, with none left out and none twice', async () => {
    const before = follow({});
    const heat = await listed('Heat of Kiel');
    const last = await before.next();
    expect(last).toMatchObject({ type: 'LISTED', dataSetId: heat });
    await before.stop();
    const gas = await listed('Gas of Kiel', { carrier: 'GAS' });
    await addVersion(heat);
    await platform.restart();
    const after = follow({ after: last.cursor });
    expect([await after.next(), await after.next()]).toMatchObject([
      { type: 'LISTED', dataSetId: gas },
      { type: 'VERSION_ADDED', dataSetId: heat },
    ]);
    await after.stop();
    const page = await ask<Page>(LIST, { first: 1, after: last.cursor });
    expect(page).toMatchObject({ edges: [{ node: { dataSetId: gas } }], pageInfo: { hasNextPage: true } });
    expect(await changes({ after: page.pageInfo.endCursor })).toMatchObject([{ dataSetId: heat }]);
  });

  it('that are made at once are each told once, also to who goes on from any of them', async () => {
    const sets = [await listed('Oil of Kiel'), await listed('Oil of Lübeck'), await listed('Oil of Plön')];
    const after = (await changes()).at(-1)!.cursor;
    const news = follow({ after });
    const made = await Promise.all([...sets, ...sets, ...sets].map((id) => addOffer(id)));
    const told: Change[] = [];
    while (told.length < made.length) told.push(await news.next());
    await news.stop();
    expect(new Set(told.map(({ offerId }) => offerId))).toEqual(new Set(made.map(({ id }) => id)));
    for (const [i, { cursor }] of told.entries()) {
      expect(await changes({ after: cursor })).toEqual(told.slice(i + 1));
    }
  });

  it('are filtered by carrier, kind and publisher', async () => {
    const [end] = (await changes()).slice(-1);
    const after = end!.cursor;
    const news = follow({ after, carrier: 'WATER', kind: 'REPORT', organisationIds: [other.organisationId] });
    const change = { carrier: 'WATER', kind: 'REPORT' };
    await listed('Not by that publisher', change);
    await listed('Not of that carrier', { ...change, carrier: 'OIL' }, other);
    await listed('Not of that kind', { ...change, kind: 'MODEL' }, other);
    const id = await listed('That one', change, other);
    expect(await news.next()).toMatchObject({ dataSetId: id });
    await news.stop();
    expect(await changes({ after, carrier: 'OIL' })).toMatchObject([
      { dataSet: { title: 'Not of that carrier' } },
    ]);
    expect(await changes({ after, organisationIds: [] })).toEqual([]);
  });

  it.each([
    ['CURSOR_MALFORMED', { after: 'x' }],
    ['CURSOR_MALFORMED', { after: Buffer.from('["1 OR true"]').toString('base64url') }],
    ['ORGANISATION_IDS', { organisationIds: ['x'] }],
  ])('are refused with %s for %j', async (code, variables) => {
    const news = follow(variables);
    expect(await news.refusal()).toBe(code);
    await news.stop();
    const { errors } = await platform.graphql(LIST, variables, buyer.apiKey);
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it('are read from the command line', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gridcommons-changes-'));
    await writeFile(join(directory, 'key'), buyer.apiKey);
    const id = await listed('Model of Eutin', { carrier: 'OIL', kind: 'MODEL' });
    const verb = ['catalogue', 'changes', '--carrier', 'OIL', '--organisation', seller.organisationId];
    const access = ['--platform', platform.url, '--key-file', join(directory, 'key')];
    const { stdout } = await run([...verb, ...access, '--json']);
    expect(JSON.parse(stdout).edges.map(({ node }: { node: Change }) => node.dataSetId)).toEqual([id]);
    expect((await run([...verb, ...access])).stdout).toMatch(/LISTED +\S+ +Model of Eutin/);
    await rm(directory, { recursive: true });
  });
});
