import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(30_000);

const DATA_SET = 'id key title status organisationId';
const CREATE = `mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { ${DATA_SET} } }`;
const UPDATE = `mutation ($id: ID!, $input: DataSetDraftInput!) { answer: updateDataSet(id: $id, input: $input) { ${DATA_SET} } }`;
const LIST = `mutation ($id: ID!) { answer: listDataSet(id: $id) { ${DATA_SET} } }`;
const RETIRE = `mutation ($id: ID!) { answer: retireDataSet(id: $id) { ${DATA_SET} } }`;
const VERSION = `mutation ($input: AddDataSetVersionInput!) { answer: addDataSetVersion(input: $input) { id number previousVersionId } }`;
const OFFER = `mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id policyHash price status terms { text enforcement } } }`;
const WITHDRAW = 'mutation ($id: ID!) { answer: withdrawDataOffer(id: $id) { id status } }';
const GET = `query ($id: ID!) { answer: dataSet(id: $id) { ${DATA_SET} } }`;
const OWN = `{ answer: ownDataSets { edges { node { ${DATA_SET} } } } }`;
const SEARCH = `query ($search: String, $carrier: DataCarrier, $after: String, $first: Int) {
  answer: dataSets(search: $search, carrier: $carrier, after: $after, first: $first) { edges { node { ${DATA_SET} } } pageInfo { hasNextPage endCursor } }
  facets: dataSetFacets(search: $search, carrier: $carrier) { facet value count }
}`;
const VERSIONS = `query ($id: ID!) { answer: dataSetVersions(dataSetId: $id) { edges { node { number sample columns { name unit } findings { code severity } } } } }`;
const OFFERS = 'query ($id: ID!) { answer: dataOffers(dataSetId: $id) { edges { node { id status } } } }';

const USE = { permission: [{ action: 'use', constraint: [{ leftOperand: 'purpose', operator: 'eq', rightOperand: 'forecasting' }] }] }; // prettier-ignore
const draft = (change: object = {}) => ({
  key: randomUUID(),
  title: 'Heat of the north',
  description: 'Hourly meters of 40 houses',
  keywords: ['meters'],
  carrier: 'HEAT',
  kind: 'READINGS',
  licence: 'CC-BY-4.0',
  resolution: 'PT1H',
  zone: 'Europe/Berlin',
  area: 'Lübeck',
  ...change,
});
const version = (dataSetId: string, change: object = {}) => ({
  dataSetId,
  contentRoot: 'a'.repeat(64),
  chunks: 3,
  bytes: 3_000_000,
  start: '2025-01-01T00:00:00Z',
  end: '2026-01-01T00:00:00Z',
  columns: [{ name: 'timestamp', unit: null }, { name: 'heat_kwh', unit: 'kWh' }], // prettier-ignore
  findings: [{ code: 'GAP', severity: 'WARNING', count: 4, message: '4 intervals have no row' }],
  sample: [['2025-01-01T00:00:00Z', '1.5']],
  ...change,
});

interface Found {
  readonly answer: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
  readonly facets: readonly { readonly facet: string; readonly value: string; readonly count: number }[];
}

const idsOf = ({ answer }: Found): string[] => answer.edges.map(({ node }) => node.id);

describe('the catalogue of data sets', () => {
  let platform: TestPlatform;
  let seller: TestOrganisation;
  let buyer: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform();
    seller = await platform.createOrganisation();
    buyer = await platform.createOrganisation();
  }, 60_000);
  afterAll(() => platform.stop());

  const ask = async <T = { id: string }>(query: string, variables: object, by = seller): Promise<T> =>
    (await platform.data<{ answer: T }>(query, variables, by.apiKey)).answer;
  const codeOf = async (query: string, variables: object, by = seller): Promise<string | undefined> =>
    (await platform.graphql(query, variables, by.apiKey)).errors?.[0]?.extensions.code;
  const search = (variables: object, by = buyer): Promise<Found> => platform.data<Found>(SEARCH, variables, by.apiKey); // prettier-ignore
  const connectorFinds = async ({ apiKey: sender }: TestOrganisation): Promise<string> => {
    const message = {
      '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'],
      '@type': 'CatalogRequestMessage',
    };
    const headers = { 'content-type': 'application/json' };
    const answer = await platform.request('POST', '/dsp/catalog/request', { sender, headers, body: Buffer.from(JSON.stringify(message)) }); // prettier-ignore
    expect(answer.status).toBe(200);
    return answer.text();
  };
  const listed = async (change: object = {}): Promise<string> => {
    const { id } = await ask(CREATE, { input: draft(change) });
    await ask(OFFER, { input: { dataSetId: id, policy: USE } });
    await ask(LIST, { id });
    return id;
  };

  it('shows what is listed, with its terms in plain words, versions, findings and sample', async () => {
    const { id } = await ask(CREATE, { input: draft({ title: 'Heat of Travemünde' }) });
    expect(await ask(VERSION, { input: version(id) })).toMatchObject({ number: 1, previousVersionId: null });
    const first = await ask<{ id: string }>(VERSION, { input: version(id, { contentRoot: 'b'.repeat(64) }) });
    expect(first).toMatchObject({ number: 2, previousVersionId: expect.any(String) });
    const price = { kind: 'flat', amountMinor: 500, currency: 'EUR' };
    const offer = await ask<{ price: object; terms: object[] }>(OFFER, { input: { dataSetId: id, policy: USE, price } }); // prettier-ignore
    expect(offer).toMatchObject({
      price,
      status: 'LISTED',
      policyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(offer.terms).toContainEqual({ enforcement: 'CONTRACTUAL', text: expect.stringContaining('forecasting') }); // prettier-ignore
    expect(await ask(LIST, { id })).toMatchObject({ status: 'LISTED' });

    expect(idsOf(await search({ search: 'travemünde' }))).toEqual([id]);
    expect(await ask(VERSIONS, { id }, buyer)).toMatchObject({
      edges: [{ node: { number: 2, sample: [['2025-01-01T00:00:00Z', '1.5']], findings: [{ code: 'GAP', severity: 'WARNING' }] } }, { node: { number: 1 } }], // prettier-ignore
    });
    expect(await ask(OFFERS, { id }, buyer)).toMatchObject({ edges: [{ node: { status: 'LISTED' } }] });
  });

  it('is searched by words and facets, and paged to its end', async () => {
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push(await listed({ title: `Gas of Kiel ${i}`, carrier: 'GAS' }));
    const { answer, facets } = await search({ search: '"gas of" kiel', first: 2 });
    expect(answer.edges).toHaveLength(2);
    const rest = await search({ search: 'kiel', first: 2, after: answer.pageInfo.endCursor });
    expect([...answer.edges, ...rest.answer.edges].map(({ node }) => node.id)).toEqual(ids.toReversed());
    expect(facets).toContainEqual({ facet: 'carrier', value: 'gas', count: 3 });
    expect(facets).toContainEqual({ facet: 'organisationId', value: seller.organisationId, count: 3 });
    expect((await search({ search: 'kiel', carrier: 'WATER' })).facets).toEqual([]);
  });

  it('leaks nothing of a draft by any door, nor of a data set that is retired', async () => {
    const { id } = await ask(CREATE, { input: draft({ title: 'Secret of Plön', licence: 'plönian' }) });
    await ask(VERSION, { input: version(id) });
    const offer = await ask(OFFER, { input: { dataSetId: id, policy: USE } });
    const hidden = async (): Promise<void> => {
      const absent = randomUUID();
      for (const query of [GET, VERSIONS, OFFERS, LIST, RETIRE]) {
        const answers = await Promise.all([id, absent].map((each) => platform.graphql(query, { id: each }, buyer.apiKey))); // prettier-ignore
        expect(answers[0]!.errors?.[0]?.extensions.code).toBe('DATA_SET_NOT_FOUND');
        expect(answers[0]!.errors?.[0]?.message).toBe(answers[1]!.errors?.[0]?.message);
      }
      const found = await search({ search: 'plön' });
      expect([idsOf(found), found.facets]).toEqual([[], []]);
      expect(JSON.stringify((await search({})).facets)).not.toContain('plönian');
      expect(await ask(OWN, {}, buyer)).toEqual({ edges: [] });
      expect(await codeOf('mutation ($id: ID!) { requestNegotiation(input: { offerId: $id, consumerPid: "x" }) { id } }', { id: offer.id }, buyer)).toBe('OFFER_NOT_FOUND'); // prettier-ignore
    };
    await hidden();
    // Its publisher finds what everybody finds, too.
    expect(idsOf(await search({ search: 'plön' }, seller))).toEqual([]);
    expect(await connectorFinds(seller)).not.toContain('Plön');
    await ask(LIST, { id });
    expect(idsOf(await search({ search: 'plön' }))).toEqual([id]);
    expect(await connectorFinds(buyer)).toContain('Plön');
    await ask(RETIRE, { id });
    await hidden();
    expect(await ask(GET, { id })).toMatchObject({ status: 'RETIRED' });
  });

  it('fixes what is listed, and keeps strangers off', async () => {
    const id = await listed();
    const { key: _, ...other } = draft({ title: 'Other' });
    expect(await codeOf(UPDATE, { id, input: other })).toBe('DATA_SET_FIXED');
    expect(await codeOf(LIST, { id })).toBe('DATA_SET_FIXED');
    expect(await codeOf(UPDATE, { id, input: other }, buyer)).toBe('DATA_SET_NOT_FOUND');
    expect(await codeOf(VERSION, { input: version(id) }, buyer)).toBe('DATA_SET_NOT_FOUND');
    expect(await codeOf(OFFER, { input: { dataSetId: id, policy: USE } }, buyer)).toBe('DATA_SET_NOT_FOUND');
    const offer = await ask(OFFER, { input: { dataSetId: id, policy: USE } });
    expect(await codeOf(WITHDRAW, { id: offer.id }, buyer)).toBe('OFFER_NOT_FOUND');
    expect(await ask(WITHDRAW, { id: offer.id })).toMatchObject({ status: 'WITHDRAWN' });
    const seen = await ask<Found['answer']>(OFFERS, { id }, buyer);
    expect(seen.edges.map(({ node }) => node.id)).not.toContain(offer.id);
    const created = await ask(CREATE, { input: draft() });
    expect(await codeOf(LIST, { id: created.id })).toBe('DATA_SET_WITHOUT_OFFER');
  });

  it.each([
    ['DATA_SET_FIELD', { title: ' ' }],
    ['DATA_SET_FIELD', { title: 'x'.repeat(201) }],
    ['DATA_SET_FIELD', { key: 'Not A Key' }],
    ['DATA_SET_FIELD', { keywords: ['a', 'a'] }],
    ['DATA_SET_FIELD', { resolution: 'PT7M' }],
    ['ZONE_UNKNOWN', { zone: 'Mars/Olympus' }],
    ['EIC_INVALID', { eic: '10YBE----------3' }],
  ])('refuses with %s %j', async (code, change) => {
    expect(await codeOf(CREATE, { input: draft(change) })).toBe(code);
  });

  it('refuses versions and terms that cannot be', async () => {
    const input = draft();
    const { id } = await ask(CREATE, { input });
    expect(await codeOf(CREATE, { input })).toBe('DATA_SET_KEY_TAKEN');
    for (const change of [{ contentRoot: 'x' }, { end: '2025-01-01T00:00:00Z' }, { columns: [] }, { sample: [['1']] }, { bytes: 0 }]) {
      expect(await codeOf(VERSION, { input: version(id, change) })).toBe('DATA_SET_FIELD');
    } // prettier-ignore
    const terms = (change: object) => codeOf(OFFER, { input: { dataSetId: id, policy: USE, ...change } });
    const never = { permission: [{ action: 'use', constraint: [{ leftOperand: 'count', operator: 'lt', rightOperand: 0 }] }] }; // prettier-ignore
    expect(await terms({ policy: never })).toBe('POLICY_UNSATISFIABLE');
    expect(await terms({ policy: { permission: [{ action: 'steal' }] } })).toBe('POLICY_ACTION_UNKNOWN');
    expect(await terms({ price: { kind: 'guess' } })).toBe('PRICE_MODEL_UNKNOWN');
    expect(await terms({ validFrom: '2026-01-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' })).toBe('VALIDITY_RANGE'); // prettier-ignore
    expect(await codeOf('query ($search: String) { dataSets(search: $search) { edges { cursor } } }', { search: 'x'.repeat(201) })).toBe('SEARCH_TOO_LONG'); // prettier-ignore
  });

  it('is published and read from the command line', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gridcommons-catalogue-'));
    const as = async (by: TestOrganisation, ...verb: readonly string[]) => {
      await writeFile(join(directory, 'key'), by.apiKey);
      return run(['catalogue', ...verb, '--platform', platform.url, '--key-file', join(directory, 'key')]);
    };
    const { dataSetId: _, ...first } = version('');
    const publication = { dataSet: draft({ title: 'Water of Eutin', carrier: 'WATER' }), versions: [first], offers: [{ policy: USE }] }; // prettier-ignore
    await writeFile(join(directory, 'data-set.json'), JSON.stringify(publication));
    const published = await as(seller, 'publish', join(directory, 'data-set.json'), '--json');
    expect(JSON.parse(published.stdout)).toMatchObject({ title: 'Water of Eutin', status: 'LISTED' });
    const found = await as(buyer, 'search', 'eutin', '--json');
    const [{ node }] = JSON.parse(found.stdout).edges;
    expect(node).toMatchObject({ title: 'Water of Eutin', carrier: 'WATER' });
    const shown = await as(buyer, 'show', node.id);
    expect([shown.exitCode, shown.stdout]).toEqual([
      0,
      expect.stringMatching(/GAP[^]*CONTRACTUAL[^]*forecasting/),
    ]);
    const absent = await as(buyer, 'show', randomUUID(), '--json');
    expect([absent.exitCode, JSON.parse(absent.stderr).error.code]).toEqual([1, 'DATA_SET_NOT_FOUND']);
    await rm(directory, { recursive: true });
  });
});
