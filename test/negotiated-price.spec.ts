import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hashJson, isoInstant, type Json, utf8 } from '#core';
import { Database } from '#persistence';
import { type StartedDesk, startNegotiationDesk, uses } from './harness/negotiation-desk.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const flat = (amountMinor: number) => ({ kind: 'flat', amountMinor, currency: 'EUR' });
const MONTHLY = { kind: 'subscription', amountMinor: 100, currency: 'EUR', period: 'P1M' };

let desk: StartedDesk;

beforeAll(async () => {
  desk = await startNegotiationDesk(NOW_MS);
}, 60_000);

afterAll(() => desk.stop());

interface Messages {
  readonly edges: readonly { readonly node: { readonly price: object | null } }[];
}

describe('prices', () => {
  it('are negotiated by both sides, told in each offer, and agreed as they stood last', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const offerId = await desk.offer({ price: flat(900) });
    const input = { offerId, consumerPid: 'urn:price:1', price: flat(300) };
    const { id } = await ask('request', { input }, consumer);
    const counter = (change: object) => ({ input: { negotiationId: id, ...change } });
    expect(await ask('counter', counter({ price: MONTHLY }), provider)).toMatchObject({ price: MONTHLY });
    expect(await ask('counter', counter({ policy: uses(3) }), consumer)).toMatchObject({ price: MONTHLY });
    expect(await refusal('counter', counter({ price: { kind: 'flat' } }), provider)).toBe(
      'PRICE_MODEL_MALFORMED',
    );
    expect(await refusal('counter', counter({ price: { ...flat(5), currency: 'XXX' } }), provider)).toBe(
      'CURRENCY_UNKNOWN',
    );
    await ask('counter', counter({ price: flat(600) }), provider);
    const messages = await ask<Messages>('messages', { id }, consumer);
    expect(messages.edges.map(({ node }) => node.price)).toEqual([flat(300), MONTHLY, MONTHLY, flat(600)]);
    await ask('accept', { id }, consumer);
    const { agreementId } = await ask('agree', { id }, provider);
    await ask('verify', { id }, consumer);
    await ask('finalise', { id }, provider);
    for (const by of [provider, consumer]) {
      expect(await ask('agreement', { id: agreementId }, by)).toMatchObject({
        price: flat(600),
        standing: 'UNPAID',
        paidAt: null,
      });
    }
  });

  it('are part of the hash that the consumer verifies, and of what a repeated request is', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const offerId = await desk.offer({ price: flat(900) });
    const request = { offerId, consumerPid: 'urn:price:2', price: flat(300) };
    const { id } = await ask('request', { input: request }, consumer);
    expect((await ask('request', { input: request }, consumer)).id).toBe(id);
    for (const price of [flat(301), undefined]) {
      const other = { input: { ...request, price } };
      expect(await refusal('request', other, consumer)).toBe('NEGOTIATION_CONFLICT');
    }
    const { agreementId } = await ask('agree', { id }, provider);
    const agreed = await ask<{ hash: string }>('agreement', { id: agreementId }, consumer);
    const stored = await desk.platform.app
      .get(Database)
      .asSystem((manager) => manager.query('SELECT * FROM data_agreements WHERE id = $1', [agreementId]));
    const hashAt = (price: object | null) =>
      hashJson({
        id: agreementId,
        negotiationId: id,
        consumerId: consumer.organisationId,
        providerId: provider.organisationId,
        offerId,
        dataSetId: stored[0].data_set_id,
        policyHash: stored[0].policy_hash,
        price: price as Json,
        validFrom: stored[0].valid_from.toISOString(),
        validUntil: null,
        agreedAt: isoInstant(NOW_MS),
      });
    expect(agreed.hash).toBe(await hashAt(flat(300)));
    expect(agreed.hash).not.toBe(await hashAt(flat(900)));
  });

  it('of automatic offers are the listed one: any other waits for the provider', async () => {
    const { ask, provider, consumer } = desk;
    const offerId = await desk.offer({ price: flat(900) });
    await ask('automatic', { offerId, automatic: true }, provider);
    const request = (consumerPid: string, price?: object) =>
      ask('request', { input: { offerId, consumerPid, price } }, consumer);
    for (const [i, price] of [flat(899), flat(901), MONTHLY, { kind: 'free' }].entries()) {
      expect(await request(`urn:price:other:${i}`, price)).toMatchObject({ state: 'REQUESTED' });
    }
    expect(await request('urn:price:listed')).toMatchObject({ state: 'AGREED', price: flat(900) });
    // In another order of its keys it is the same price.
    const same = { currency: 'EUR', amountMinor: 900, kind: 'flat' };
    expect(await request('urn:price:same', same)).toMatchObject({ state: 'AGREED' });
  });

  it('may come down to nothing, where the provider agrees: then the agreement is paid', async () => {
    const { ask, provider, consumer } = desk;
    const input = { offerId: await desk.offer({ price: flat(900) }), consumerPid: 'urn:price:3', price: { kind: 'free' } }; // prettier-ignore
    const { id, price } = await ask('request', { input }, consumer);
    expect(price).toBeNull();
    const { agreementId } = await ask('agree', { id }, provider);
    await ask('verify', { id }, consumer);
    await ask('finalise', { id }, provider);
    expect(await ask('agreement', { id: agreementId }, consumer)).toMatchObject({ standing: 'IN_FORCE' });
  });
});

const asking = (amount: string, party: object = {}) => ({
  '@type': 'Set',
  permission: [{ action: 'use', duty: [{ ...paying(amount), ...party }] }],
});

describe('a payment that a policy asks itself', () => {
  it('is refused beside a price that does not pay it, when offered and when countered', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const compensatedParty = `urn:uuid:${provider.organisationId}`;
    const offerId = await desk.offer({ price: flat(900), policy: asking('9.00', { compensatedParty }) });
    for (const terms of [
      { price: flat(900), policy: asking('9.01') },
      { price: { ...flat(900), currency: 'USD' }, policy: asking('9.00') },
      { price: flat(900), policy: asking('1.00', { compensatedParty: 'urn:uuid:third' }) },
      {
        price: { kind: 'perReading', amountMinor: 900, readings: 1, currency: 'EUR' },
        policy: asking('1.00'),
      },
    ]) {
      await expect(desk.offer(terms)).rejects.toThrow('POLICY_PRICE_SHORT');
    }
    const request = { offerId, consumerPid: 'urn:price:short', price: flat(899) };
    expect(await refusal('request', { input: request }, consumer)).toBe('POLICY_PRICE_SHORT');
    const { id } = await ask('request', { input: { ...request, price: flat(901) } }, consumer);
    const counter = { input: { negotiationId: id, policy: asking('10.00') } };
    expect(await refusal('counter', counter, provider)).toBe('POLICY_PRICE_SHORT');
  });
});

/** As the platform writes it on the wire. */
const paying = (amount: string) => ({
  action: [
    {
      'rdf:value': { '@id': 'odrl:compensate' },
      refinement: [
        { leftOperand: 'payAmount', operator: 'eq', rightOperand: { '@value': amount, '@type': 'xsd:decimal' }, unit: 'EUR' }, // prettier-ignore
      ],
    },
  ],
});

describe('prices over the Dataspace Protocol', () => {
  type Body = Readonly<Record<string, never>>;
  interface Wire {
    readonly '@id': string;
    readonly obligation?: readonly Readonly<Record<string, unknown>>[];
  }

  async function post(path: string, message: object): Promise<readonly [number, Body]> {
    const body = utf8(
      JSON.stringify({ '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'], ...message }),
    );
    const headers = { 'content-type': 'application/json' };
    const options = { body, headers, sender: desk.consumer.apiKey };
    const response = await desk.platform.request('POST', `/dsp/${path}`, options);
    return [response.status, (await response.json()) as Body];
  }
  async function wireOf(offerId: string): Promise<{ target: string; offer: Wire }> {
    const [, catalog] = await post('catalog/request', { '@type': 'CatalogRequestMessage' });
    const dataSets = catalog['dataset'] as unknown as { '@id': string; hasPolicy: Wire[] }[];
    const found = dataSets.find(({ hasPolicy: [offer] }) => offer?.['@id'] === `urn:uuid:${offerId}`)!;
    return { target: found['@id'], offer: found.hasPolicy[0]! };
  }
  const request = (consumerPid: string, offer: object) =>
    post('negotiations/request', {
      '@type': 'ContractRequestMessage',
      consumerPid,
      callbackAddress: 'https://connector.example/callback',
      offer,
    });
  const priceOf = async ({ providerPid }: Body): Promise<object | null> =>
    (await desk.ask('negotiation', { id: String(providerPid).slice('urn:uuid:'.length) }, desk.consumer))
      .price;

  it('stand in the policy as an obligation to compensate, which is matched when it comes back', async () => {
    const offerId = await desk.offer({ price: flat(950) });
    await desk.ask('automatic', { offerId, automatic: true }, desk.provider);
    const { target, offer } = await wireOf(offerId);
    expect(offer.obligation).toEqual([paying('9.50')]);
    const [status, agreed] = await request('urn:wire:1', { ...offer, target });
    expect([status, agreed]).toMatchObject([201, { state: 'AGREED' }]);
    expect(await priceOf(agreed)).toEqual(flat(950));
    const other = { ...offer, target, obligation: [paying('5.00')] };
    const [, asked] = await request('urn:wire:2', other);
    expect(asked).toMatchObject({ state: 'REQUESTED' });
    expect(await priceOf(asked)).toEqual(flat(500));
    const again = await request('urn:wire:2', other);
    expect(again).toEqual([201, asked]);
    expect(await request('urn:wire:2', { ...offer, target })).toMatchObject([
      409,
      { code: 'NEGOTIATION_CONFLICT' },
    ]);
    // Who leaves the payment out asks for it free of charge, and gets nothing by itself.
    const { obligation: _obligation, ...bare } = offer;
    const [, free] = await request('urn:wire:3', { ...bare, target });
    expect(free).toMatchObject({ state: 'REQUESTED' });
    expect(await priceOf(free)).toBeNull();
    const two = { ...offer, target, obligation: [paying('5.00'), paying('4.50')] };
    expect(await request('urn:wire:4', two)).toMatchObject([400, { code: 'POLICY_PRICE_UNCLEAR' }]);
  });

  it('that have no word in ODRL stay as they are listed', async () => {
    const offerId = await desk.offer({ price: MONTHLY });
    const { target, offer } = await wireOf(offerId);
    expect(offer).not.toHaveProperty('obligation');
    const [, asked] = await request('urn:wire:5', { ...offer, target });
    expect(await priceOf(asked)).toEqual(MONTHLY);
  });

  it('are countered by the connector in the same way', async () => {
    const offerId = await desk.offer();
    const { target, offer } = await wireOf(offerId);
    const [, asked] = await request('urn:wire:6', { ...offer, target, obligation: [paying('3.00')] });
    const providerPid = String(asked['providerPid']);
    const negotiationId = providerPid.slice('urn:uuid:'.length);
    await desk.ask('counter', { input: { negotiationId, price: flat(800) } }, desk.provider);
    const [status] = await post(`negotiations/${providerPid}/request`, {
      '@type': 'ContractRequestMessage',
      providerPid,
      consumerPid: 'urn:wire:6',
      offer: { ...offer, target, obligation: [paying('6.00')] },
    });
    expect([status, await priceOf(asked)]).toEqual([200, flat(600)]);
  });
});
