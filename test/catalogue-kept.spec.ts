import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type NegotiationDesk, negotiationDesk } from './harness/negotiation-desk.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

const GET = 'query ($id: ID!) { answer: dataSet(id: $id) { status } }';
const VERSIONS = 'query ($id: ID!) { answer: dataSetVersions(dataSetId: $id) { edges { node { number } } } }';
const OFFERS = 'query ($id: ID!) { answer: dataOffers(dataSetId: $id) { edges { node { id status } } } }';
const WITHDRAW = 'mutation ($id: ID!) { answer: withdrawDataOffer(id: $id) { id } }';
const RETIRE = 'mutation ($id: ID!) { answer: retireDataSet(id: $id) { id } }';
const VERSION =
  'mutation ($input: AddDataSetVersionInput!) { answer: addDataSetVersion(input: $input) { id } }';
const OFFER = 'mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }';
const CHANGES = `{ answer: catalogueChanges(first: 100) { edges { node { type dataSetId dataSet { status } } } } }`;
const SEARCH = `{ answer: dataSets { edges { node { id } } } facets: dataSetFacets { facet value count } }`;

describe('what an organisation has agreed about', () => {
  let platform: TestPlatform;
  let desk: NegotiationDesk;

  beforeAll(async () => {
    platform = await startPlatform();
    desk = await negotiationDesk(platform);
  }, 60_000);
  afterAll(() => platform.stop());

  const ask = async <T>(query: string, variables: object, { apiKey }: TestOrganisation): Promise<T> =>
    (await platform.data<{ answer: T }>(query, variables, apiKey)).answer;
  const codeOf = async (query: string, variables: object, { apiKey }: TestOrganisation) =>
    (await platform.graphql(query, variables, apiKey)).errors?.[0]?.extensions.code;
  const agreed = async () => {
    const { dataSetId, offerId } = await desk.concluded();
    const input = {
      dataSetId,
      contentRoot: 'a'.repeat(64),
      chunks: 1,
      bytes: 1,
      start: '2026-01-01T00:00:00Z',
      end: '2026-02-01T00:00:00Z',
      columns: [{ name: 'kwh', unit: 'kWh' }],
    };
    await ask(VERSION, { input }, desk.provider);
    return { id: dataSetId, offerId };
  };

  it('stays visible to it when the offer is withdrawn and the data set retired, and to nobody else', async () => {
    const { provider, consumer, stranger } = desk;
    const { id, offerId } = await agreed();
    const policy = { permission: [{ action: 'use' }] };
    const other = await ask<{ id: string }>(OFFER, { input: { dataSetId: id, policy } }, provider);
    await ask(WITHDRAW, { id: offerId }, provider);
    const offers = (of: TestOrganisation) => ask<{ edges: { node: object }[] }>(OFFERS, { id }, of);
    const withdrawn = { node: { id: offerId, status: 'WITHDRAWN' } };
    expect((await offers(consumer)).edges).toEqual([withdrawn, { node: { id: other.id, status: 'LISTED' } }]);
    expect((await offers(stranger)).edges).toEqual([{ node: { id: other.id, status: 'LISTED' } }]);

    await ask(RETIRE, { id }, provider);
    expect(await ask(GET, { id }, consumer)).toEqual({ status: 'RETIRED' });
    expect(await ask(VERSIONS, { id }, consumer)).toEqual({ edges: [{ node: { number: 1 } }] });
    expect((await offers(consumer)).edges).toEqual([withdrawn]);
    const absent = randomUUID();
    for (const query of [GET, VERSIONS, OFFERS]) {
      const [hidden, none] = await Promise.all(
        [id, absent].map((each) => platform.graphql(query, { id: each }, stranger.apiKey)),
      );
      expect(hidden!.errors?.[0]).toMatchObject({ extensions: { code: 'DATA_SET_NOT_FOUND' } });
      expect(hidden!.errors?.[0]?.message).toBe(none!.errors?.[0]?.message);
    }
    const gone = async (by: TestOrganisation): Promise<object[]> => {
      const { edges } = await ask<{ edges: { node: { dataSetId: string } }[] }>(CHANGES, {}, by);
      return edges.map(({ node }) => node).filter(({ dataSetId }) => dataSetId === id);
    };
    const retired = { type: 'RETIRED', dataSetId: id };
    expect((await gone(consumer)).at(-1)).toEqual({ ...retired, dataSet: { status: 'RETIRED' } });
    expect((await gone(stranger)).at(-1)).toEqual({ ...retired, dataSet: null });
    for (const by of [provider, consumer, stranger]) {
      expect(JSON.stringify(await platform.data(SEARCH, {}, by.apiKey))).not.toContain(id);
    }
  });

  it('is asked for no more by anybody, nor agreed to by itself', async () => {
    const { provider, consumer, stranger, ask: say, refusal } = desk;
    const offerId = await desk.offer();
    await say('automatic', { offerId, automatic: true }, provider);
    const first = await say('request', { input: { offerId, consumerPid: 'urn:kept:1' } }, consumer);
    await say('verify', { id: first.id }, consumer);
    // A second negotiation is open when the offer goes, which the consumer sees still.
    const policy = { permission: [{ action: 'use' }] };
    const input = { offerId, consumerPid: 'urn:kept:2', policy };
    const { id: negotiationId } = await say('request', { input }, consumer);
    await ask(WITHDRAW, { id: offerId }, provider);
    const { policy: listed } = first as unknown as { policy: object };
    await say('counter', { input: { negotiationId, policy } }, provider);
    const back = { input: { negotiationId, policy: listed } };
    expect(await say('counter', back, consumer)).toMatchObject({ state: 'REQUESTED' });
    const again = { input: { offerId, consumerPid: 'urn:kept:3' } };
    for (const by of [consumer, stranger])
      expect(await refusal('request', again, by)).toBe('OFFER_NOT_FOUND');

    const kept = await desk.concluded();
    await ask(RETIRE, { id: kept.dataSetId }, provider);
    const anew = { input: { offerId: kept.offerId, consumerPid: 'urn:kept:4' } };
    expect(await refusal('request', anew, consumer)).toBe('OFFER_NOT_FOUND');
    expect(await codeOf(OFFER, { input: { dataSetId: kept.dataSetId, policy } }, consumer)).toBe(
      'DATA_SET_NOT_FOUND',
    );
  });
});
