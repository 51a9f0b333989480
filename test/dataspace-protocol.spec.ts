import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { utf8 } from '#core';
import { type StartedDesk, startNegotiationDesk, uses } from './harness/negotiation-desk.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const CONTEXT = ['https://w3id.org/dspace/2025/1/context.jsonld'];
const CALLBACK = 'https://connector.example/callback';

let desk: StartedDesk;

const urn = (id: string | null): string => `urn:uuid:${id}`;

type Body = Readonly<Record<string, never>>;

/** A message of a foreign connector, and what it is answered. */
async function post(path: string, message: object, sender?: string): Promise<readonly [number, Body]> {
  const body = utf8(JSON.stringify({ '@context': CONTEXT, ...message }));
  const headers = { 'content-type': 'application/json' };
  const options = sender === undefined ? { body, headers } : { body, headers, sender };
  const response = await desk.platform.request('POST', `/dsp/${path}`, options);
  return [response.status, (await response.json()) as Body];
}

async function get(path: string, sender: string): Promise<readonly [number, Body]> {
  const response = await desk.platform.request('GET', `/dsp/${path}`, { sender });
  return [response.status, (await response.json()) as Body];
}

const error = (status: number, type: string, code: string) => [status, { '@type': type, code }];

beforeAll(async () => {
  desk = await startNegotiationDesk(NOW_MS);
}, 60_000);

afterAll(() => desk.stop());

describe('agreements and transfers', () => {
  it('are revoked by the provider with a reason, once, and what is under way ends with them', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const { agreementId: id } = await desk.concluded();
    const input = { agreementId: id, consumerPid: 'urn:transfer:1' };
    const { id: transfer } = await ask('requestTransfer', { input }, consumer);
    await ask('start', { id: transfer }, provider);
    expect(await refusal('revoke', { id, code: 'MISUSE' }, consumer)).toBe('PARTY_OTHER');
    expect(await refusal('revoke', { id, code: 'two words' }, provider)).toBe('REASON_MALFORMED');
    const revoked = await ask('revoke', { id, code: 'MISUSE' }, provider);
    expect(revoked).toMatchObject({ standing: 'REVOKED', revocationEpoch: 1 });
    expect(await ask('revoke', { id, code: 'MISUSE' }, provider)).toEqual(revoked);
    expect(await refusal('retire', { id }, consumer)).toBe('AGREEMENT_ENDED');
    expect(await ask('transfer', { id: transfer }, consumer)).toMatchObject({
      state: 'TERMINATED',
      reasonCode: 'AGREEMENT_REVOKED',
    });
    const late = { input: { agreementId: id, consumerPid: 'urn:transfer:2' } };
    expect(await refusal('requestTransfer', late, consumer)).toBe('AGREEMENT_REVOKED');
  });

  it('are retired or superseded by the consumer', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const offerId = await desk.offer();
    await ask('automatic', { offerId, automatic: true }, provider);
    const agree = async (consumerPid: string): Promise<string> => {
      const { id } = await ask('request', { input: { offerId, consumerPid } }, consumer);
      return (await ask('verify', { id }, consumer)).agreementId!;
    };
    const first = await agree('urn:story:12');
    await desk.setClock(NOW_MS + 1);
    const second = await agree('urn:story:13');
    expect(await refusal('supersede', { id: second, successorId: first }, consumer)).toBe(
      'AGREEMENT_SUCCESSOR',
    );
    expect(await refusal('supersede', { id: first, successorId: second }, provider)).toBe('PARTY_OTHER');
    expect(await ask('supersede', { id: first, successorId: second }, consumer)).toMatchObject({
      standing: 'SUPERSEDED',
      events: [{ type: 'FINALISED' }, { type: 'SUPERSEDED', successorId: second }],
    });
    expect(await ask('retire', { id: second }, consumer)).toMatchObject({
      standing: 'RETIRED',
      revocationEpoch: 1,
    });
    await desk.setClock(NOW_MS);
  });

  it('are transferred as the protocol says: requested, started, suspended, resumed by either side, completed', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const { agreementId } = await desk.concluded();
    const input = { agreementId, consumerPid: 'urn:transfer:4' };
    const { id } = await ask('requestTransfer', { input }, consumer);
    expect((await ask('requestTransfer', { input }, consumer)).id).toBe(id);
    const { agreementId: other } = await desk.concluded();
    const conflict = { input: { ...input, agreementId: other } };
    expect(await refusal('requestTransfer', conflict, consumer)).toBe('TRANSFER_CONFLICT');
    const format = { input: { ...input, consumerPid: 'x', format: 'FTP' } };
    expect(await refusal('requestTransfer', format, consumer)).toBe('TRANSFER_FORMAT');
    expect(await refusal('requestTransfer', { input }, provider)).toBe('AGREEMENT_NOT_FOUND');
    expect(await refusal('start', { id }, consumer)).toBe('TRANSITION_REFUSED');
    expect(await refusal('complete', { id }, provider)).toBe('TRANSITION_REFUSED');
    await ask('start', { id }, provider);
    expect(await ask('suspend', { id, code: 'PAUSE' }, provider)).toMatchObject({
      state: 'SUSPENDED',
      reasonCode: 'PAUSE',
    });
    expect(await ask('start', { id }, consumer)).toMatchObject({ state: 'STARTED', reasonCode: null });
    const ends = await Promise.allSettled([
      ask('complete', { id }, consumer),
      ask('stop', { id, code: 'NO' }, provider),
    ]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await refusal('start', { id }, provider)).toBe('TRANSITION_REFUSED');
  });
});

describe('the HTTPS binding of the Dataspace Protocol', () => {
  it('tells anybody its version and where it is', async () => {
    const response = await desk.platform.request('GET', '/.well-known/dspace-version');
    expect(await response.json()).toEqual({
      protocolVersions: [{ version: '2025-1', path: '/dsp', binding: 'HTTPS' }],
    });
  });

  it('lets a foreign connector find an offer, negotiate it and ask for the data', async () => {
    const { consumer, provider } = desk;
    const offerId = await desk.offer();
    const [, catalog] = await post('catalog/request', { '@type': 'CatalogRequestMessage' }, consumer.apiKey);
    expect(catalog).toMatchObject({ '@context': CONTEXT, '@type': 'Catalog' });
    const datasets = catalog['dataset'] as unknown as { '@id': string; hasPolicy: { '@id': string }[] }[];
    const dataset = datasets.find(({ hasPolicy }) =>
      hasPolicy.some((offer) => offer['@id'] === urn(offerId)),
    )!;
    expect(await get(`catalog/datasets/${dataset['@id']}`, consumer.apiKey)).toEqual([
      200,
      { '@context': CONTEXT, ...dataset },
    ]);

    const { '@id': id, ...rules } = dataset.hasPolicy[0]!;
    const offer = { '@id': id, target: dataset['@id'], ...rules };
    const consumerPid = 'urn:uuid:32541fe6-c580-409e-85a8-8a9a32fbe833';
    const request = { '@type': 'ContractRequestMessage', consumerPid, offer, callbackAddress: CALLBACK };
    const [status, negotiation] = await post('negotiations/request', request, consumer.apiKey);
    expect([status, negotiation]).toMatchObject([
      201,
      { '@context': CONTEXT, '@type': 'ContractNegotiation', consumerPid, state: 'REQUESTED' },
    ]);
    expect(await post('negotiations/request', request, consumer.apiKey)).toEqual([201, negotiation]);
    const providerPid: string = negotiation['providerPid']!;
    const pids = { providerPid, consumerPid };
    const say = (path: string, message: object, sender = consumer.apiKey) =>
      post(`negotiations/${providerPid}/${path}`, { ...pids, ...message }, sender);

    const negotiationId = providerPid.slice('urn:uuid:'.length);
    await desk.ask('counter', { input: { negotiationId, policy: uses(5) } }, provider);
    const event = { '@type': 'ContractNegotiationEventMessage', eventType: 'FINALIZED' };
    expect(await say('events', event)).toMatchObject([400, { code: 'DSP_EVENT' }]);
    expect(await say('request', { '@type': 'ContractRequestMessage', offer })).toMatchObject([
      200,
      { state: 'REQUESTED' },
    ]);
    expect(await say('events', { ...event, eventType: 'ACCEPTED' })).toEqual([
      400,
      {
        '@context': CONTEXT,
        '@type': 'ContractNegotiationError',
        ...pids,
        code: 'TRANSITION_REFUSED',
        reason: [expect.any(String)],
      },
    ]);
    const { agreementId } = await desk.ask('agree', { id: negotiationId }, provider);
    const verification = { '@type': 'ContractAgreementVerificationMessage' };
    expect(await say('agreement/verification', verification)).toMatchObject([200, { state: 'VERIFIED' }]);
    await desk.ask('finalise', { id: negotiationId }, provider);
    expect(await get(`negotiations/${providerPid}`, consumer.apiKey)).toMatchObject([
      200,
      { ...pids, state: 'FINALIZED' },
    ]);

    const asked = {
      '@type': 'TransferRequestMessage',
      consumerPid,
      agreementId: urn(agreementId),
      format: 'HttpData-PULL',
      callbackAddress: CALLBACK,
    };
    const [created, transfer] = await post('transfers/request', asked, consumer.apiKey);
    expect([created, transfer]).toMatchObject([201, { '@type': 'TransferProcess', state: 'REQUESTED' }]);
    const transferPid: string = transfer['providerPid']!;
    const move = (path: string, type: string) =>
      post(
        `transfers/${transferPid}/${path}`,
        { '@type': type, providerPid: transferPid, consumerPid },
        consumer.apiKey,
      );
    expect(await move('start', 'TransferStartMessage')).toMatchObject([
      400,
      { '@type': 'TransferError', code: 'TRANSITION_REFUSED' },
    ]);
    await desk.ask('start', { id: transferPid.slice('urn:uuid:'.length) }, provider);
    expect(await move('suspension', 'TransferSuspensionMessage')).toMatchObject([
      200,
      { state: 'SUSPENDED' },
    ]);
    expect(await move('start', 'TransferStartMessage')).toMatchObject([200, { state: 'STARTED' }]);
    expect(await move('completion', 'TransferCompletionMessage')).toMatchObject([
      200,
      { state: 'COMPLETED' },
    ]);
    expect(await move('termination', 'TransferTerminationMessage')).toMatchObject([400, {}]);
    expect(await get(`transfers/${transferPid}`, consumer.apiKey)).toMatchObject([
      200,
      { state: 'COMPLETED' },
    ]);
  });

  it('takes terms that come back as they were shown for the listed ones: agreed at once where that was said', async () => {
    const { consumer, provider } = desk;
    const offerId = await desk.offer();
    await desk.ask('automatic', { offerId, automatic: true }, provider);
    const [, catalog] = await post('catalog/request', { '@type': 'CatalogRequestMessage' }, consumer.apiKey);
    const datasets = catalog['dataset'] as unknown as { '@id': string; hasPolicy: { '@id': string }[] }[];
    const { '@id': target, hasPolicy } = datasets.find(
      ({ hasPolicy: [each] }) => each!['@id'] === urn(offerId),
    )!;
    const request = {
      '@type': 'ContractRequestMessage',
      consumerPid: 'urn:take-it',
      offer: { ...hasPolicy[0], target },
      callbackAddress: CALLBACK,
    };
    const agreed = [201, { state: 'AGREED' }];
    for (let n = 0; n < 2; n += 1) {
      expect(await post('negotiations/request', request, consumer.apiKey)).toMatchObject(agreed);
    }
    const elsewhere = {
      ...request,
      offer: { ...request.offer, target: urn(offerId) },
      consumerPid: 'urn:other',
    };
    expect(await post('negotiations/request', elsewhere, consumer.apiKey)).toMatchObject(
      error(404, 'ContractNegotiationError', 'OFFER_NOT_FOUND'),
    );
  });

  it('refuses in the words of the protocol whom it does not know, what it does not find and what it does not understand', async () => {
    const { consumer, provider, stranger } = desk;
    const { id } = await desk.concluded();
    const path = `negotiations/${urn(id)}`;
    const termination = {
      '@type': 'ContractNegotiationTerminationMessage',
      providerPid: urn(id),
      consumerPid: 'urn:other',
    };

    const negotiationError = (status: number, code: string) =>
      error(status, 'ContractNegotiationError', code);
    expect(await post(`${path}/termination`, termination)).toMatchObject(
      negotiationError(401, 'UNAUTHENTICATED'),
    );
    for (const sender of [stranger.apiKey, provider.apiKey]) {
      expect((await post(`${path}/termination`, termination, sender))[0]).toBe(404);
    }
    expect(await get(path, stranger.apiKey)).toMatchObject(negotiationError(404, 'NEGOTIATION_NOT_FOUND'));
    expect(await get('negotiations/x', consumer.apiKey)).toMatchObject(
      negotiationError(404, 'NEGOTIATION_NOT_FOUND'),
    );
    expect(await get(`catalog/datasets/${urn(id)}`, consumer.apiKey)).toMatchObject(
      error(404, 'CatalogError', 'DATA_SET_NOT_FOUND'),
    );
    for (const [change, code] of [
      [{}, 'PID_MISMATCH'],
      [{ '@type': 'ContractRequestMessage' }, 'DSP_TYPE_UNEXPECTED'],
      [{ '@context': [...CONTEXT, 'https://example.org/more'] }, 'DSP_CONTEXT_UNKNOWN'],
    ] as const) {
      const answer = await post(`${path}/termination`, { ...termination, ...change }, consumer.apiKey);
      expect(answer).toMatchObject(negotiationError(400, code));
    }
    const filter = { '@type': 'CatalogRequestMessage', filter: ['x'] };
    expect(await post('catalog/request', filter, consumer.apiKey)).toMatchObject(
      error(400, 'CatalogError', 'DSP_FILTER'),
    );
    const offer = { '@id': urn(id), '@type': 'Offer', target: urn(id), permission: [{ action: 'use' }] };
    const request = { '@type': 'ContractRequestMessage', consumerPid: 'urn:c', offer };
    for (const [callbackAddress, answer] of [
      ['http://connector.example', negotiationError(400, 'DSP_CALLBACK')],
      [CALLBACK, negotiationError(404, 'OFFER_NOT_FOUND')],
    ] as const) {
      const asked = { ...request, callbackAddress };
      expect(await post('negotiations/request', asked, consumer.apiKey)).toMatchObject(answer);
    }
    const push = { '@type': 'DataAddress', endpointType: 'x', endpoint: 'https://connector.example' };
    const transfer = {
      '@type': 'TransferRequestMessage',
      consumerPid: 'urn:c',
      agreementId: urn(id),
      format: 'HttpData-PULL',
      callbackAddress: CALLBACK,
    };
    expect(
      await post('transfers/request', { ...transfer, dataAddress: push }, consumer.apiKey),
    ).toMatchObject(error(400, 'TransferError', 'DSP_DATA_ADDRESS'));
    expect(await post('transfers/request', transfer, consumer.apiKey)).toMatchObject(
      error(404, 'TransferError', 'AGREEMENT_NOT_FOUND'),
    );
  });
});
