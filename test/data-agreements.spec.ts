import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { HOUR_MS, isoInstant } from '#core';
import {
  type Asked,
  POLICY,
  type StartedDesk,
  startNegotiationDesk,
  uses,
} from './harness/negotiation-desk.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const DAY_MS = 24 * HOUR_MS;
const NARROWER = uses(3);
const NARROWEST = uses(2);

let desk: StartedDesk;

interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}
interface Message {
  readonly type: string;
  readonly sender: string;
  readonly automatic: boolean;
  readonly state: string;
}

/** What is said in a negotiation, from its beginning on. */
function follow(apiKey: string, id: string) {
  const client = createClient({
    url: `${desk.platform.url.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${apiKey}` },
    retryAttempts: 0,
  });
  const query = `subscription ($id: ID, $after: String) {
    negotiationChanged(negotiationId: $id, after: $after) { cursor message { type automatic } negotiation { id state } } }`;
  const after = Buffer.from('["0"]').toString('base64url');
  return { client, changes: client.iterate({ query, variables: { id, after } }) };
}

beforeAll(async () => {
  desk = await startNegotiationDesk(NOW_MS);
}, 60_000);

afterAll(() => desk.stop());

describe('negotiations', () => {
  it('go over counter-offers of both sides to an agreement that both have confirmed', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:1', policy: NARROWER };
    const asked = await ask('request', { input }, consumer);
    const { id } = asked;
    expect(asked).toMatchObject({ state: 'REQUESTED', offeredBy: 'CONSUMER', policy: NARROWER });
    const validUntil = isoInstant(NOW_MS + DAY_MS);
    const counter = { input: { negotiationId: id, policy: NARROWEST, validUntil } };
    expect(await ask('counter', counter, provider)).toMatchObject({
      state: 'OFFERED',
      offeredBy: 'PROVIDER',
      policy: NARROWEST,
    });
    expect(await refusal('agree', { id }, consumer)).toBe('PARTY_OTHER');
    expect(await refusal('agree', { id }, provider)).toBe('TRANSITION_REFUSED');
    await ask('counter', { input: { negotiationId: id, policy: NARROWER } }, consumer);
    expect(await refusal('accept', { id }, consumer)).toBe('TRANSITION_REFUSED');
    await ask('counter', { input: { negotiationId: id, policy: POLICY } }, provider);
    await ask('accept', { id }, consumer);
    expect(await refusal('terminate', { id, code: 'LATE' }, consumer)).toBe('TRANSITION_REFUSED');
    const { agreementId } = await ask('agree', { id }, provider);
    const agreed = await ask<{ hash: string }>('agreement', { id: agreementId }, consumer);
    expect(agreed).toMatchObject({ standing: 'AGREED', validUntil, paidAt: null, events: [] });
    expect(await refusal('finalise', { id }, provider)).toBe('TRANSITION_REFUSED');
    expect(await refusal('verify', { id, hash: 'f'.repeat(64) }, consumer)).toBe('AGREEMENT_HASH_MISMATCH');
    await ask('verify', { id, hash: agreed.hash }, consumer);
    expect(await refusal('finalise', { id }, consumer)).toBe('PARTY_OTHER');
    expect(await ask('finalise', { id }, provider)).toMatchObject({ state: 'FINALIZED', agreementId });
    for (const party of [provider, consumer]) {
      expect(await ask('agreement', { id: agreementId }, party)).toMatchObject({
        standing: 'IN_FORCE',
        paidAt: isoInstant(NOW_MS),
        events: [{ type: 'FINALISED', sender: 'PROVIDER' }],
      });
      const messages = await ask<Page<Message>>('messages', { id }, party);
      expect(messages.edges.map(({ node: { type, sender } }) => `${sender} ${type}`)).toEqual([
        'CONSUMER ContractRequestMessage',
        'PROVIDER ContractOfferMessage',
        'CONSUMER ContractRequestMessage',
        'PROVIDER ContractOfferMessage',
        'CONSUMER ContractNegotiationEventMessage:ACCEPTED',
        'PROVIDER ContractAgreementMessage',
        'CONSUMER ContractAgreementVerificationMessage',
        'PROVIDER ContractNegotiationEventMessage:FINALIZED',
      ]);
    }
    expect(await refusal('terminate', { id, code: 'LATE' }, provider)).toBe('TRANSITION_REFUSED');
  });

  it('are one for one consumerPid, and none with oneself', async () => {
    const { ask, refusal, consumer, provider } = desk;
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:2' };
    const first = await ask('request', { input }, consumer);
    const [again, twice] = await Promise.all([1, 2].map(() => ask('request', { input }, consumer)));
    expect([again, twice]).toEqual([first, first]);
    const other = { input: { ...input, policy: NARROWER } };
    expect(await refusal('request', other, consumer)).toBe('NEGOTIATION_CONFLICT');
    expect(await refusal('request', { input }, provider)).toBe('NEGOTIATION_WITH_SELF');
    const at = (change: object) => ({ input: { ...input, consumerPid: 'urn:story:3', ...change } });
    expect(await refusal('request', at({ offerId: first.id }), consumer)).toBe('OFFER_NOT_FOUND');
    expect(await refusal('request', at({ consumerPid: 'with space' }), consumer)).toBe('PID_MALFORMED');
    expect(await refusal('request', at({ validUntil: isoInstant(NOW_MS) }), consumer)).toBe('VALIDITY_RANGE');
  });

  it('take one of two answers given at once', async () => {
    const { ask, provider, consumer } = desk;
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:4' };
    const { id } = await ask('request', { input }, consumer);
    const answers = await Promise.allSettled([
      ask('agree', { id }, provider),
      ask('terminate', { id, code: 'NO' }, provider),
      ask('counter', { input: { negotiationId: id, policy: NARROWER } }, provider),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await ask<Page<Message>>('messages', { id }, consumer)).edges).toHaveLength(2);
  });

  it('are agreed at once where the publisher has said so, for exactly its terms', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const offerId = await desk.offer();
    expect(await refusal('automatic', { offerId, automatic: true }, consumer)).toBe('OFFER_NOT_FOUND');
    expect(await ask('automatic', { offerId, automatic: true }, provider)).toBe(true);
    const input = { offerId, consumerPid: 'urn:story:5' };
    const agreed = await ask('request', { input }, consumer);
    expect(agreed).toMatchObject({ state: 'AGREED', agreementId: expect.any(String) });
    expect(await ask('verify', { id: agreed.id }, consumer)).toMatchObject({ state: 'FINALIZED' });
    const messages = await ask<Page<Message>>('messages', { id: agreed.id }, consumer);
    expect(messages.edges.map(({ node }) => node.automatic)).toEqual([false, true, false, true]);
    const other = await ask(
      'request',
      { input: { offerId, consumerPid: 'urn:story:6', policy: NARROWER } },
      consumer,
    );
    expect(other).toMatchObject({ state: 'REQUESTED', agreementId: null });
    await ask('automatic', { offerId, automatic: false }, provider);
    const asked = await ask('request', { input: { offerId, consumerPid: 'urn:story:7' } }, consumer);
    expect(asked.state).toBe('REQUESTED');
  });

  it('need a role on each side: a market desk requests, only a firm answers', async () => {
    const { consumer, provider } = desk;
    const analyst = { ...consumer, apiKey: await desk.key(consumer.apiKey, 'analyst') };
    const clerk = { ...provider, apiKey: await desk.key(provider.apiKey, 'analyst') };
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:8' };
    const { id } = await desk.ask('request', { input }, analyst);
    expect(await desk.refusal('agree', { id }, clerk)).toBe('ROLE_MISSING');
    const admin = { ...consumer, apiKey: await desk.key(consumer.apiKey, 'admin') };
    expect(await desk.refusal('request', { input }, admin)).toBe('ROLE_MISSING');
    expect(await desk.refusal('negotiations', {}, admin)).toBe('ROLE_MISSING');
  });

  it('tell a foreign tenant nothing: no object, no list, no cursor, no stream', async () => {
    const { ask, refusal, consumer, provider, stranger } = desk;
    const { id, agreementId } = await desk.concluded();
    const transfer = { input: { agreementId, consumerPid: 'urn:story:9' } };
    const { id: transferId } = await ask('requestTransfer', transfer, consumer);
    for (const what of ['negotiation', 'messages', 'accept', 'agree', 'verify', 'finalise'] as const) {
      expect(await refusal(what, { id }, stranger)).toBe('NEGOTIATION_NOT_FOUND');
    }
    expect(await refusal('counter', { input: { negotiationId: id } }, stranger)).toBe(
      'NEGOTIATION_NOT_FOUND',
    );
    expect(await refusal('terminate', { id, code: 'X' }, stranger)).toBe('NEGOTIATION_NOT_FOUND');
    for (const what of ['agreement', 'retire'] as const) {
      expect(await refusal(what, { id: agreementId }, stranger)).toBe('AGREEMENT_NOT_FOUND');
    }
    expect(await refusal('revoke', { id: agreementId, code: 'X' }, stranger)).toBe('AGREEMENT_NOT_FOUND');
    const successor = { id: agreementId, successorId: agreementId };
    expect(await refusal('supersede', successor, stranger)).toBe('AGREEMENT_NOT_FOUND');
    expect(await refusal('requestTransfer', transfer, stranger)).toBe('AGREEMENT_NOT_FOUND');
    for (const what of ['transfer', 'start', 'complete'] as const) {
      expect(await refusal(what, { id: transferId }, stranger)).toBe('TRANSFER_NOT_FOUND');
    }
    expect(await refusal('stop', { id: transferId, code: 'X' }, stranger)).toBe('TRANSFER_NOT_FOUND');
    for (const what of ['negotiations', 'agreements', 'transfers'] as const) {
      const { pageInfo } = await ask<Page<Asked>>(what, {}, provider);
      for (const after of [null, pageInfo.endCursor]) {
        expect((await ask<Page<Asked>>(what, { after }, stranger)).edges).toEqual([]);
      }
      expect((await ask<Page<Asked>>(what, {}, consumer)).edges).not.toEqual([]);
    }
    // The consumer's name of another's negotiation is free for a stranger, and tells nothing.
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:1' };
    expect(await ask('request', { input }, stranger)).toMatchObject({ state: 'REQUESTED' });
  });

  it('end when nobody says anything in time: shown so at once, and terminated by the platform', async () => {
    const { ask, refusal, provider, consumer } = desk;
    const validUntil = isoInstant(NOW_MS + HOUR_MS);
    const input = { offerId: await desk.offer({ validUntil }), consumerPid: 'urn:story:10' };
    const { id } = await ask('request', { input }, consumer);
    const { agreementId } = await ask('agree', { id }, provider);
    await desk.setClock(NOW_MS + HOUR_MS - 1);
    expect(await ask('negotiation', { id }, consumer)).toMatchObject({ state: 'AGREED' });
    await desk.setClock(NOW_MS + HOUR_MS);
    for (const party of [provider, consumer]) {
      expect(await ask('negotiation', { id }, party)).toMatchObject({
        state: 'TERMINATED',
        reasonCode: 'EXPIRED',
      });
    }
    expect(await refusal('verify', { id }, consumer)).toBe('NEGOTIATION_EXPIRED');
    await desk.platform.restart();
    const { client, changes } = follow(consumer.apiKey, id);
    const told: unknown[] = [];
    while (told.length < 3) told.push((await changes.next()).value);
    await client.dispose();
    expect(told.at(-1)).toMatchObject({
      data: { negotiationChanged: { message: { automatic: true }, negotiation: { state: 'TERMINATED' } } },
    });
    expect(await ask('agreement', { id: agreementId }, provider)).toMatchObject({ standing: 'LAPSED' });
    await desk.setClock(NOW_MS);
  });

  it('are followed by both parties, each message once, and by nobody else', async () => {
    const { ask, provider, consumer, stranger } = desk;
    const input = { offerId: await desk.offer(), consumerPid: 'urn:story:11' };
    const { id } = await ask('request', { input }, consumer);
    const streams = [provider, consumer].map(({ apiKey }) => follow(apiKey, id));
    const foreign = follow(stranger.apiKey, id);
    await ask('agree', { id }, provider);
    for (const { client, changes } of streams) {
      for (const type of ['ContractRequestMessage', 'ContractAgreementMessage']) {
        expect((await changes.next()).value).toMatchObject({
          data: { negotiationChanged: { message: { type }, negotiation: { id } } },
        });
      }
      await client.dispose();
    }
    const { value } = await foreign.changes.next();
    expect(value).toMatchObject({ errors: [{ extensions: { code: 'NEGOTIATION_NOT_FOUND' } }] });
    await foreign.client.dispose();
  });

  it('cost what they cost: a priced agreement waits for its payment', async () => {
    const { ask, refusal, consumer } = desk;
    const { agreementId } = await desk.concluded({
      price: { kind: 'flat', amountMinor: 500, currency: 'EUR' },
    });
    expect(await ask('agreement', { id: agreementId }, consumer)).toMatchObject({
      standing: 'UNPAID',
      paidAt: null,
    });
    const input = { agreementId, consumerPid: 'urn:transfer:3' };
    expect(await refusal('requestTransfer', { input }, consumer)).toBe('AGREEMENT_UNPAID');
  });
});
