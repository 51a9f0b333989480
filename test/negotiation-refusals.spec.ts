import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { utf8 } from '#core';
import { ASK, type Asked, type NegotiationDesk, negotiationDesk, uses } from './harness/negotiation-desk.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(120_000);

type Side = 'consumer' | 'provider';
type Move = readonly [message: keyof typeof ASK, by: Side];

/** What each state admits, as the Dataspace Protocol 2025-1 writes it; the library is not asked. */
const NEGOTIATION: Readonly<Record<string, readonly Move[]>> = {
  REQUESTED: [['counter', 'provider'], ['agree', 'provider'], ['terminate', 'consumer'], ['terminate', 'provider']],
  OFFERED: [['counter', 'consumer'], ['accept', 'consumer'], ['terminate', 'consumer'], ['terminate', 'provider']],
  ACCEPTED: [['agree', 'provider'], ['terminate', 'provider']],
  AGREED: [['verify', 'consumer'], ['terminate', 'consumer']],
  VERIFIED: [['finalise', 'provider'], ['terminate', 'provider']],
  FINALIZED: [],
  TERMINATED: [],
}; // prettier-ignore
const TO_ACCEPTED: readonly Move[] = [['counter', 'provider'], ['accept', 'consumer']]; // prettier-ignore
const TO_VERIFIED: readonly Move[] = [['agree', 'provider'], ['verify', 'consumer']]; // prettier-ignore
/** From REQUESTED on. */
const WAY: Readonly<Record<string, readonly Move[]>> = {
  REQUESTED: [],
  OFFERED: TO_ACCEPTED.slice(0, 1),
  ACCEPTED: TO_ACCEPTED,
  AGREED: TO_VERIFIED.slice(0, 1),
  VERIFIED: TO_VERIFIED,
  FINALIZED: [...TO_VERIFIED, ['finalise', 'provider']],
  TERMINATED: [['terminate', 'consumer']],
};
const SAID = ['counter', 'accept', 'agree', 'verify', 'finalise', 'terminate'] as const;

const TRANSFER: Readonly<Record<string, readonly Move[]>> = {
  REQUESTED: [['start', 'provider'], ['stop', 'consumer'], ['stop', 'provider']],
  STARTED: (['suspend', 'complete', 'stop'] as const).flatMap((each): Move[] => [[each, 'consumer'], [each, 'provider']]),
  SUSPENDED: (['start', 'stop'] as const).flatMap((each): Move[] => [[each, 'consumer'], [each, 'provider']]),
  COMPLETED: [],
  TERMINATED: [],
}; // prettier-ignore
const START: Move = ['start', 'provider'];
const TRANSFER_WAY: Readonly<Record<string, readonly Move[]>> = {
  REQUESTED: [],
  STARTED: [START],
  SUSPENDED: [START, ['suspend', 'provider']],
  COMPLETED: [START, ['complete', 'consumer']],
  TERMINATED: [['stop', 'provider']],
};
const MOVED = ['start', 'suspend', 'complete', 'stop'] as const;

const admits = (table: readonly Move[], [message, by]: Move): boolean =>
  table.some(([each, side]) => each === message && side === by);
const refusedOf = (table: readonly Move[], messages: readonly (keyof typeof ASK)[]): Move[] =>
  messages
    .flatMap((message): Move[] => [
      [message, 'consumer'],
      [message, 'provider'],
    ]) // prettier-ignore
    .filter((move) => !admits(table, move));

let platform: TestPlatform;
let desk: NegotiationDesk;

beforeAll(async () => {
  platform = await startPlatform();
  desk = await negotiationDesk(platform);
}, 60_000);

afterAll(() => platform.stop());

const variablesOf = (message: keyof typeof ASK, id: string): object =>
  message === 'counter'
    ? { input: { negotiationId: id, policy: uses(2), price: { kind: 'free' } } }
    : { id, code: 'X' };
const act = ([message, by]: Move, id: string): Promise<Asked> =>
  desk.ask(message, variablesOf(message, id), desk[by]);
const refusal = ([message, by]: Move, id: string) =>
  desk.refusal(message, variablesOf(message, id), desk[by]);
const requested = async (): Promise<Asked> => {
  const input = { offerId: await desk.offer(), consumerPid: randomUUID() };
  return desk.ask('request', { input }, desk.consumer);
};

describe('a negotiation', () => {
  it.each(Object.keys(NEGOTIATION))(
    'that is %s takes no message but those of the protocol',
    async (state) => {
      const { id } = await requested();
      for (const move of WAY[state]!) await act(move, id);
      const look = async () => [
        await desk.ask('negotiation', { id }, desk.provider),
        await desk.ask('messages', { id, first: 100 }, desk.consumer),
      ];
      const before = await look();
      expect(before[0]).toMatchObject({ state });
      const refused = refusedOf(NEGOTIATION[state]!, SAID);
      expect(refused).toHaveLength(2 * SAID.length - NEGOTIATION[state]!.length);
      for (const move of refused) {
        expect([move, await refusal(move, id)]).toEqual([move, expect.stringMatching(/^(?:TRANSITION_REFUSED|PARTY_OTHER)$/)]); // prettier-ignore
      }
      expect(await look()).toEqual(before);
    },
  );

  it.each(Object.keys(NEGOTIATION))('that is %s takes each of those', async (state) => {
    for (const move of NEGOTIATION[state]!) {
      const { id } = await requested();
      for (const step of WAY[state]!) await act(step, id);
      expect((await act(move, id)).state).not.toBe(state);
    }
  });

  it('is moved by a connector in no other way than by GraphQL', async () => {
    const { consumer } = desk;
    const MESSAGES = [
      ['request', 'ContractRequestMessage', 'counter'],
      ['events', 'ContractNegotiationEventMessage', 'accept'],
      ['agreement/verification', 'ContractAgreementVerificationMessage', 'verify'],
      ['termination', 'ContractNegotiationTerminationMessage', 'terminate'],
    ] as const;
    for (const state of Object.keys(NEGOTIATION)) {
      const { id, offerId, dataSetId, consumerPid } = (await requested()) as Asked & { consumerPid: string };
      for (const move of WAY[state]!) await act(move, id);
      for (const [path, type, message] of MESSAGES) {
        if (admits(NEGOTIATION[state]!, [message, 'consumer'])) continue;
        const offer = {
          '@id': `urn:uuid:${offerId}`,
          '@type': 'Offer',
          target: `urn:uuid:${dataSetId}`,
          permission: [{ action: 'use' }],
        };
        const body = {
          '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'],
          '@type': type,
          providerPid: `urn:uuid:${id}`,
          consumerPid,
          offer,
          eventType: 'ACCEPTED',
        };
        const response = await platform.request('POST', `/dsp/negotiations/urn:uuid:${id}/${path}`, {
          sender: consumer.apiKey,
          body: utf8(JSON.stringify(body)),
          headers: { 'content-type': 'application/json' },
        });
        expect([state, type, await response.json()]).toMatchObject([
          state,
          type,
          { '@type': 'ContractNegotiationError', code: 'TRANSITION_REFUSED' },
        ]);
      }
      expect(await desk.ask('negotiation', { id }, consumer)).toMatchObject({ state });
    }
  });
});

describe('a transfer', () => {
  it.each(Object.keys(TRANSFER))('that is %s takes no message but those of the protocol', async (state) => {
    const { agreementId } = await desk.concluded();
    const input = { agreementId, consumerPid: randomUUID() };
    const { id } = await desk.ask('requestTransfer', { input }, desk.consumer);
    for (const move of TRANSFER_WAY[state]!) await act(move, id);
    const before = await desk.ask('transfer', { id }, desk.consumer);
    expect(before).toMatchObject({ state });
    for (const move of refusedOf(TRANSFER[state]!, MOVED)) {
      expect([move, await refusal(move, id)]).toEqual([move, 'TRANSITION_REFUSED']);
    }
    expect(await desk.ask('transfer', { id }, desk.consumer)).toEqual(before);
  });
});

const withKey = (message: keyof typeof ASK, variables: object, by: Side, key: string) =>
  platform.graphql(ASK[message], variables, desk[by].apiKey, { 'idempotency-key': key });

describe('an idempotency key', () => {
  it('repeats the answer to the same words and refuses others, and nothing more is said', async () => {
    const { id } = await requested();
    const others: Readonly<Record<string, object>> = {
      counter: { input: { negotiationId: id, policy: uses(2), price: { kind: 'flat', amountMinor: 1, currency: 'EUR' } } },
      accept: { id: randomUUID() },
      agree: { id: randomUUID() },
      verify: { id, hash: 'f'.repeat(64) },
      finalise: { id: randomUUID() },
    }; // prettier-ignore
    const way = [...TO_ACCEPTED, ...TO_VERIFIED, ['finalise', 'provider']] as readonly Move[];
    for (const [i, [message, by]] of way.entries()) {
      const key = `step-${i}`;
      const variables = message === 'verify' ? { id } : variablesOf(message, id);
      const first = await withKey(message, variables, by, key);
      expect(first.errors).toBeUndefined();
      expect((await withKey(message, variables, by, key)).data).toEqual(first.data);
      const other = await withKey(message, others[message]!, by, key);
      expect([other.status, other.errors?.[0]?.extensions.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      // A key belongs to who used it: the other side's is another.
      const side = by === 'consumer' ? 'provider' : 'consumer';
      const foreign = await withKey('finalise', { id: randomUUID() }, side, key);
      expect(foreign.errors?.[0]?.extensions.code).toBe('NEGOTIATION_NOT_FOUND');
      const { edges } = await desk.ask<{ edges: unknown[] }>('messages', { id, first: 100 }, desk.consumer);
      expect(edges).toHaveLength(i + 2);
    }
  });
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a forged cursor', () => {
  const NEVER = [
    '',
    'x',
    Buffer.from([0xff, 0xfe]).toString('base64url'),
    encoded([]),
    encoded({ 0: '1' }),
    encoded([1]),
    encoded([["0"]]),
    encoded(['-1']),
    encoded(['1e3']),
    encoded(["0' OR true --"]),
    encoded(['9'.repeat(40)]),
    encoded(['2026-01-01', randomUUID()]),
    encoded(['2026-01-01T00:00:00.000Z', "' OR true --"]),
    encoded(['2026-99-01T00:00:00.000Z', randomUUID()]),
    encoded(['1', '2', '3']),
  ]; // prettier-ignore
  const PAGED = {
    dataSets: '',
    ownDataSets: '',
    dataSetVersions: 'dataSetId: $dataSetId',
    dataOffers: 'dataSetId: $dataSetId',
    catalogueChanges: '',
    negotiations: '',
    negotiationMessages: 'negotiationId: $id',
    dataAgreements: '',
    transfers: '',
  } as const;
  const queryOf = (field: keyof typeof PAGED): string =>
    `query ($after: String, $first: Int, $id: ID!, $dataSetId: ID!) {
      probe: negotiation(id: $id) { id } data: dataSet(id: $dataSetId) { id }
      answer: ${field}(after: $after, first: $first, ${PAGED[field]}) { edges { cursor } } }`;

  it.each(Object.keys(PAGED) as (keyof typeof PAGED)[])('is refused by %s, and so are pages of no size', async (field) => {
    const { id, dataSetId } = await requested();
    const code = async (variables: object) => {
      const sent = { id, dataSetId, ...variables };
      const { errors } = await platform.graphql(queryOf(field), sent, desk.consumer.apiKey);
      return errors?.[0]?.extensions.code;
    };
    for (const after of NEVER) expect([after, await code({ after })]).toEqual([after, 'CURSOR_MALFORMED']);
    for (const first of [0, -1, 101]) expect([first, await code({ first })]).toEqual([first, 'PAGE_SIZE_INVALID']);
    expect(await code({ first: 1 })).toBeUndefined();
  }); // prettier-ignore

  it.each([
    'catalogueChanged(after: $after) { cursor }',
    'negotiationChanged(after: $after) { cursor }',
  ])('begins no stream of %s', async (field) => {
    const client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${desk.consumer.apiKey}` },
      retryAttempts: 0,
    });
    const query = `subscription ($after: String) { ${field} }`;
    for (const after of NEVER) {
      const { value } = await client.iterate({ query, variables: { after } }).next();
      expect([after, value]).toMatchObject([after, { errors: [{ extensions: { code: 'CURSOR_MALFORMED' } }] }]);
    }
    await client.dispose();
  }); // prettier-ignore
});
