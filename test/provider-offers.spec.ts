import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant, utf8 } from '#core';
import { run } from './harness/command-line.ts';
import { type StartedDesk, startNegotiationDesk, uses } from './harness/negotiation-desk.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const PRICE = { kind: 'flat', amountMinor: 900, currency: 'EUR' };
const LOWER = { kind: 'flat', amountMinor: 500, currency: 'EUR' };

let desk: StartedDesk;

beforeAll(async () => {
  desk = await startNegotiationDesk(NOW_MS);
}, 60_000);

afterAll(() => desk.stop());

/** A consumer that has been offered nothing yet. */
const newConsumer = () => desk.platform.createOrganisation();

describe('offers that a provider makes to one consumer', () => {
  it('are accepted, agreed, verified and finalised, at special terms that nobody else sees', async () => {
    const { ask, refusal, provider, stranger } = desk;
    const consumer = await newConsumer();
    const offerId = await desk.offer({ price: PRICE, unlisted: true });
    const input = { offerId, consumerId: consumer.organisationId, policy: uses(4), price: LOWER };
    const offered = await ask('offer', { input }, provider);
    const { id } = offered;
    expect(offered).toMatchObject({
      state: 'OFFERED',
      openedBy: 'PROVIDER',
      offeredBy: 'PROVIDER',
      consumerId: consumer.organisationId,
      consumerPid: `urn:uuid:${id}`,
      policy: uses(4),
      price: LOWER,
    });
    expect(await ask('negotiation', { id }, consumer)).toEqual(offered);
    expect(await refusal('negotiation', { id }, stranger)).toBe('NEGOTIATION_NOT_FOUND');
    expect(await refusal('accept', { id }, provider)).toBe('PARTY_OTHER');
    expect(await refusal('counter', { input: { negotiationId: id } }, provider)).toBe('TRANSITION_REFUSED');
    await ask('accept', { id }, consumer);
    const { agreementId } = await ask('agree', { id }, provider);
    await ask('verify', { id }, consumer);
    await ask('finalise', { id }, provider);
    expect(await ask('agreement', { id: agreementId }, consumer)).toMatchObject({
      price: LOWER,
      standing: 'UNPAID',
    });
  });

  it('are countered and ended by the consumer', async () => {
    const { ask, provider } = desk;
    const consumer = await newConsumer();
    const input = { offerId: await desk.offer(), consumerId: consumer.organisationId };
    const { id } = await ask('offer', { input }, provider);
    const counter = { input: { negotiationId: id, policy: uses(2) } };
    expect(await ask('counter', counter, consumer)).toMatchObject({ state: 'REQUESTED' });
    await ask('agree', { id }, provider);
    expect(await ask('terminate', { id, code: 'NO' }, consumer)).toMatchObject({ state: 'TERMINATED' });
    const other = await ask('offer', { input }, provider);
    expect(await ask('terminate', { id: other.id, code: 'NO' }, consumer)).toMatchObject({
      state: 'TERMINATED',
    });
  });

  it('are of own offers of listed data sets alone, to somebody else who is there', async () => {
    const { refusal, provider, stranger, consumer, platform } = desk;
    const offerId = await desk.offer();
    const consumerId = consumer.organisationId;
    const code = (change: object, by = provider) =>
      refusal('offer', { input: { offerId, consumerId, ...change } }, by);
    expect(await code({}, stranger)).toBe('OFFER_NOT_FOUND');
    expect(await code({ offerId: randomUUID() })).toBe('OFFER_NOT_FOUND');
    expect(await code({ offerId: 'x' })).toBe('OFFER_NOT_FOUND');
    expect(await code({ consumerId: provider.organisationId })).toBe('NEGOTIATION_WITH_SELF');
    expect(await code({ consumerId: randomUUID() })).toBe('ORGANISATION_NOT_FOUND');
    expect(await code({ consumerId: 'x' })).toBe('ORGANISATION_NOT_FOUND');
    expect(await code({ price: { kind: 'guess' } })).toBe('PRICE_MODEL_UNKNOWN');
    expect(await code({ validUntil: isoInstant(NOW_MS) })).toBe('VALIDITY_RANGE');
    const clerk = { ...provider, apiKey: await desk.key(provider.apiKey, 'analyst') };
    expect(await code({}, clerk)).toBe('ROLE_MISSING');

    const create = { key: randomUUID(), title: 'Draft', carrier: 'GAS', kind: 'REPORT', licence: 'x' };
    const draft = await platform.data<{ answer: { id: string } }>(
      'mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }',
      { input: create },
      provider.apiKey,
    );
    const terms = { dataSetId: draft.answer.id, policy: uses(1), validFrom: '2026-11-01T00:00:00Z' };
    const own = await platform.data<{ answer: { id: string } }>(
      'mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }',
      { input: terms },
      provider.apiKey,
    );
    expect(await code({ offerId: own.answer.id })).toBe('DATA_SET_NOT_LISTED');
    const withdraw = 'mutation ($id: ID!) { withdrawDataOffer(id: $id) { id } }';
    await platform.data(withdraw, { id: offerId }, provider.apiKey);
    expect(await code({})).toBe('OFFER_NOT_FOUND');
  });

  it('are few: five to one consumer that are open or of the last day, whoever ends them', async () => {
    const { ask, refusal, provider } = desk;
    const [consumer, other] = [await newConsumer(), await newConsumer()];
    const input = { offerId: await desk.offer(), consumerId: consumer.organisationId };
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) made.push((await ask('offer', { input }, provider)).id);
    const both = await Promise.all([1, 2].map(() => refusal('offer', { input }, provider)));
    expect(both).toEqual(['NEGOTIATION_OFFERS_LIMIT', 'NEGOTIATION_OFFERS_LIMIT']);
    await ask('terminate', { id: made[0]!, code: 'NO' }, consumer);
    expect(await refusal('offer', { input }, provider)).toBe('NEGOTIATION_OFFERS_LIMIT');
    // Others are offered it still, and the consumer asks for as much as before.
    await ask('offer', { input: { ...input, consumerId: other.organisationId } }, provider);
    const asked = { offerId: input.offerId, consumerPid: 'urn:own' };
    expect(await ask('request', { input: asked }, consumer)).toMatchObject({ openedBy: 'CONSUMER' });
    await desk.setClock(NOW_MS + 24 * HOUR_MS);
    await ask('offer', { input }, provider);
    expect(await refusal('offer', { input }, provider)).toBe('NEGOTIATION_OFFERS_LIMIT');
    await desk.setClock(NOW_MS);
  });

  it('that are on no list are found by no door but the negotiation itself', async () => {
    const { ask, refusal, provider, consumer, platform } = desk;
    const offerId = await desk.offer({ unlisted: true });
    const offered = { input: { offerId, consumerId: consumer.organisationId } };
    const { dataSetId } = await ask('offer', offered, provider);
    const doors = async (sender: string): Promise<string> => {
      const offers = 'query ($id: ID!) { dataOffers(dataSetId: $id) { edges { node { id } } } }';
      const changes = '{ catalogueChanges(first: 100) { edges { node { offerId } } } }';
      const dcat = 'query ($id: ID!) { dataSetDcat(id: $id) }';
      const body = {
        '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'],
        '@type': 'CatalogRequestMessage',
      };
      const options = {
        sender,
        body: utf8(JSON.stringify(body)),
        headers: { 'content-type': 'application/json' },
      };
      const told = [
        await platform.data(offers, { id: dataSetId }, sender),
        await platform.data(changes, {}, sender),
        await platform.data(dcat, { id: dataSetId }, sender),
        await (await platform.request('POST', '/dsp/catalog/request', options)).json(),
      ];
      return JSON.stringify(told);
    };
    const seen = await doors(consumer.apiKey);
    expect(seen).toContain(dataSetId);
    expect(seen).not.toContain(offerId);
    const request = { input: { offerId, consumerPid: 'urn:unlisted' } };
    expect(await refusal('request', request, consumer)).toBe('OFFER_NOT_FOUND');
    // Nor does it lift a draft onto the list, nor agree by itself.
    await ask('automatic', { offerId, automatic: true }, provider);
    expect(await refusal('request', request, consumer)).toBe('OFFER_NOT_FOUND');
  });

  it('are made once for one idempotency key, and from the command line', async () => {
    const { provider, platform } = desk;
    const consumer = await newConsumer();
    const directory = await mkdtemp(join(tmpdir(), 'gridcommons-offer-'));
    const [key, price] = [join(directory, 'key'), join(directory, 'price.json')];
    await writeFile(key, provider.apiKey);
    await writeFile(price, JSON.stringify(LOWER));
    const verb = ['negotiation', 'offer', await desk.offer(), '--consumer', consumer.organisationId];
    const access = ['--platform', platform.url, '--key-file', key, '--idempotency-key', 'once', '--json'];
    const [first, again] = [
      await run([...verb, '--price', price, ...access]),
      await run([...verb, '--price', price, ...access]),
    ];
    expect(first.stderr).toBe('');
    expect(JSON.parse(first.stdout)).toMatchObject({ state: 'OFFERED', price: LOWER });
    expect(again.stdout).toBe(first.stdout);
    const other = await run([...verb, ...access]);
    expect(JSON.parse(other.stderr)).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    await rm(directory, { recursive: true });
  });
});
