import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { generateSigningKey, requireSignature, sha256Hex, utf8 } from '../../../libs/core/index.ts';
import {
  DELIVERY_CONTEXT,
  deliveryStatement,
  ORDER_CONTEXT,
  orderStatement,
} from '../../../libs/market/index.ts';
import { type ClientOptions, GridcommonsClient, GridcommonsError } from './index.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a fake platform does with one request. */
type Reply = (response: ServerResponse) => void;

const json =
  (status: number, body: object, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
const refusing = (status: number, code: string, data?: object): Reply =>
  json(status, { errors: [{ message: `refused: ${code}`, extensions: { code, data } }] });
const hangUp: Reply = (response) => void response.destroy();
const silence: Reply = () => undefined;

let server: Server;
const received: Received[] = [];

/** A platform that answers so, one request after the other, and a client of it. */
async function clientOf(
  replies: readonly Reply[],
  options: Partial<ClientOptions> = {},
): Promise<GridcommonsClient> {
  const left = [...replies];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      left.shift()?.(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return new GridcommonsClient({
    url: `http://127.0.0.1:${port}/`,
    apiKey: 'gck_secret',
    retry: { baseMs: 1 },
    ...options,
  });
}

afterEach(async () => {
  received.length = 0;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const page = (name: string, endCursor: string | null) =>
  json(200, {
    data: { forecastProducts: { edges: [{ node: { name } }], pageInfo: { hasNextPage: endCursor !== null, endCursor } } }, // prettier-ignore
  });

const DONE = json(200, { data: { done: true } });
const CHANGE = 'mutation { change }';

describe('a client', () => {
  it('sends a mutation under one key however often nobody answers, and under another the next time', async () => {
    const client = await clientOf([hangUp, refusing(503, 'NOT_NOW'), DONE, DONE]);
    expect(await client.mutate(CHANGE, {})).toEqual({ done: true });
    await client.mutate(CHANGE, {});
    const keys = received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('sends the key that it is given, and none with a query', async () => {
    const client = await clientOf([DONE, DONE]);
    await client.mutate(CHANGE, {}, { idempotencyKey: 'of-yesterday' });
    await client.query('{ it }', { a: 1 });
    expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['of-yesterday', undefined]);
    expect(JSON.parse(received[1]!.body)).toEqual({ query: '{ it }', variables: { a: 1 } });
  });

  it('waits out a used-up budget as the answer or its header says', async () => {
    const client = await clientOf([
      refusing(429, 'RATE_LIMITED', { cost: 7, retryAfterMs: 2 }),
      json(429, {}, { 'retry-after': '0' }),
      DONE,
    ]);
    expect(await client.query('{ it }', {})).toEqual({ done: true });
    expect(received).toHaveLength(3);
  });

  it('tells a refusal by the platform’s own code, once', async () => {
    const client = await clientOf([refusing(200, 'GATE_CLOSED', { at: 'noon' })]);
    const refused = client.query('{ it }', {});
    await expect(refused).rejects.toBeInstanceOf(GridcommonsError);
    await expect(refused).rejects.toMatchObject({ code: 'GATE_CLOSED', message: 'refused: GATE_CLOSED', data: { at: 'noon' }, status: 200 }); // prettier-ignore
    expect(received).toHaveLength(1);
  });

  it('says what came where it was no GraphQL', async () => {
    const client = await clientOf([(response) => void response.writeHead(502).end('<html>')]);
    await expect(client.query('{ it }', {})).rejects.toMatchObject({ code: 'UNEXPECTED', status: 502 });
  });

  it('gives a try up after its time, and the call when it is told to', async () => {
    const client = await clientOf([silence, silence, silence], { retry: { attempts: 2, baseMs: 1 } });
    await expect(client.query('{ it }', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(received).toHaveLength(2);
    await expect(client.query('{ it }', {}, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough'); // prettier-ignore
  });

  it('asks for a token before each try, and shows its secrets nowhere', async () => {
    let asked = 0;
    const server1 = await clientOf([hangUp, DONE]);
    const client = new GridcommonsClient({
      url: server1.url,
      retry: { baseMs: 1 },
      token: () => Promise.resolve(`token-${++asked}`),
    });
    await client.query('{ it }', {});
    expect(received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    const failed: unknown = await server1
      .query('{ it }', {}, { timeoutMs: 1 })
      .catch((error: unknown) => error);
    const shown = [server1, failed].map(
      (each) => inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each),
    );
    expect(shown.join()).not.toContain('gck_secret');
  });

  it('fetches the file behind a link from its own platform, whatever the link says', async () => {
    const client = await clientOf([refusing(503, 'EXPORT_BUSY'), (response) => void response.end('a,b'), refusing(404, 'DOWNLOAD_UNKNOWN')]); // prettier-ignore
    const bytes = await client.download('https://elsewhere.example/downloads/market-trades?format=csv');
    expect(new TextDecoder().decode(bytes)).toBe('a,b');
    expect(received.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer gck_secret'));
    await expect(client.download('/downloads/x')).rejects.toMatchObject({
      code: 'DOWNLOAD_UNKNOWN',
      status: 404,
    });
  });

  it('reads a list to its last page', async () => {
    const client = await clientOf([page('one', 'c1'), page('two', null)]);
    const names: string[] = [];
    for await (const { name } of client.products()) names.push(name);
    expect(names).toEqual(['one', 'two']);
    expect(received.map(({ body }) => (JSON.parse(body) as { variables: object }).variables)).toEqual([
      { first: 100, after: null },
      { first: 100, after: 'c1' },
    ]);
  });

  it('wants one credential, and a participant for what is signed', async () => {
    expect(() => new GridcommonsClient({ url: 'http://x' })).toThrow(expect.objectContaining({ code: 'CREDENTIALS_EXPECTED' })); // prettier-ignore
    const client = await clientOf([]);
    await expect(client.placeOrders('s', [])).rejects.toMatchObject({ code: 'PARTICIPANT_REQUIRED' });
  });
});

describe('what a participant signs', () => {
  const SLOT = { start: '2026-03-29T00:00:00Z', end: '2026-03-29T01:00:00Z' };
  const INTERVAL = { startMs: Date.parse(SLOT.start), endMs: Date.parse(SLOT.end) };

  it('are the statements and requests that the platform verifies', async () => {
    const { publicKey, privateKey } = await generateSigningKey();
    const accepted = json(200, { data: { submitOrders: { accepted: 1, unchanged: 0 } } });
    const stated = json(200, { data: { submitDeliveryStatements: { accepted: 1, unchanged: 0 } } });
    const participant = { id: 'p1', privateKey };
    const client = await clientOf([hangUp, accepted, stated], { participant });
    const order = { id: 'o1', side: 'buy', quantityWh: 1_200, pricePerMwh: -5 } as const;
    expect(await client.placeOrders('s1', [{ ...order, slot: SLOT }])).toEqual({ accepted: 1, unchanged: 0 });
    await client.stateDeliveries('s1', [{ slot: SLOT, netImportWh: 3, netExportWh: 0 }]);

    const { input } = (JSON.parse(received[1]!.body) as { variables: { input: { orders: { signature: string }[] } } }).variables; // prettier-ignore
    const { id, ...terms } = order;
    const statement = orderStatement({
      ...terms,
      session: 's1',
      participant: 'p1',
      order: id,
      interval: INTERVAL,
    });
    await requireSignature(publicKey, ORDER_CONTEXT, statement, input.orders[0]!.signature);
    const delivered = (JSON.parse(received[2]!.body) as { variables: { input: { statements: { signature: string }[] } } }).variables; // prettier-ignore
    const delivery = deliveryStatement({ session: 's1', participant: 'p1', interval: INTERVAL, netImportWh: 3, netExportWh: 0 }); // prettier-ignore
    await requireSignature(publicKey, DELIVERY_CONTEXT, delivery, delivered.input.statements[0]!.signature);

    const nonces = new Set<unknown>();
    for (const { headers, body } of received) {
      const said = (name: string): string => String(headers[`gridcommons-${name}`]);
      const request = { method: 'POST', path: '/graphql', digest: await sha256Hex(utf8(body)), date: said('date'), nonce: said('nonce'), participant: 'p1' }; // prettier-ignore
      await requireSignature(publicKey, 'gridcommons/request/1', request, said('signature'));
      expect(headers.authorization).toBeUndefined();
      nonces.add(said('nonce'));
    }
    expect(nonces.size).toBe(3);
  });
});
