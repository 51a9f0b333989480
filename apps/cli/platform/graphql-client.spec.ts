import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { mutate } from './graphql-client.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function platformThat(answers: RequestListener): Promise<string> {
  const listening = createServer(answers);
  server = listening;
  await new Promise<void>((settle) => listening.listen(0, '127.0.0.1', settle));
  const address: AddressInfo | string | null = listening.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has an address');
  return `http://127.0.0.1:${address.port}`;
}

const CREATED = z.object({ create: z.object({ id: z.string() }) });

const call = (url: string) =>
  mutate(
    { url, apiKey: 'gck_secret', idempotencyKey: 'key-1' },
    'mutation { create { id } }',
    { a: 1 },
    CREATED,
  );

describe('GraphQL client', () => {
  it('sends query, variables, credentials and idempotency key', async () => {
    const url = await platformThat((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { authorization, 'idempotency-key': key } = request.headers;
        response.end(
          JSON.stringify({ data: { create: { id: [request.url, authorization, key, body].join(' ') } } }),
        );
      });
    });
    expect((await call(url)).create.id).toBe(
      '/graphql Bearer gck_secret key-1 {"query":"mutation { create { id } }","variables":{"a":1}}',
    );
  });

  it('throws the platform’s refusal as it is', async () => {
    const extensions = { code: 'ROLE_MISSING', kind: 'forbidden', data: { role: 'operator' } };
    const url = await platformThat((_request, response) => {
      response.statusCode = 403;
      response.end(
        JSON.stringify({ data: null, errors: [{ message: 'expected role operator', extensions }] }),
      );
    });
    await expect(call(url)).rejects.toMatchObject({ ...extensions, message: 'expected role operator' });
  });

  it('takes a refusal without extensions for what it is', async () => {
    const url = await platformThat((_request, response) => {
      response.end(JSON.stringify({ errors: [{ message: 'Syntax Error' }] }));
    });
    await expect(call(url)).rejects.toMatchObject({
      code: 'PLATFORM_ERROR',
      kind: 'conflict',
      message: 'Syntax Error',
    });
  });

  it.each<[string, RequestListener]>([
    ['a page', (_request, response) => response.writeHead(502).end('<html>Bad gateway</html>')],
    ['half an answer', (_request, response) => response.end('{"data": {"cre')],
    ['another answer', (_request, response) => response.end('{"data": {"created": true}}')],
    [
      'a way to elsewhere',
      ({ url }, response) =>
        url === '/graphql'
          ? response.writeHead(307, { location: '/other' }).end()
          : response.end('{"data": {"create": {"id": "1"}}}'),
    ],
    ['a broken connection', (request) => request.socket.destroy()],
  ])('%s is no answer, and the call can be repeated by its key', async (_name, answers) => {
    await expect(call(await platformThat(answers))).rejects.toMatchObject({
      code: 'PLATFORM_UNAVAILABLE',
      kind: 'unavailable',
      data: { idempotencyKey: 'key-1' },
      message: expect.not.stringContaining('gck_secret'),
    });
  });
});
