import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('subscriptions over WebSocket', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform({
      env: { GRIDCOMMONS_QUERY_COST_BURST: '10000', GRIDCOMMONS_QUERY_COST_PER_SECOND: '1' },
    });
    firm = await platform.createOrganisation();
  }, 60_000);

  afterAll(() => platform.stop());

  /** The first message of a subscription, or what it ended with. */
  const first = async (query: string, connectionParams: Record<string, string>): Promise<unknown> => {
    const client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      connectionParams,
      retryAttempts: 0,
    });
    try {
      const { value } = await client.iterate({ query }).next();
      return value;
    } catch (error) {
      return error;
    } finally {
      await client.dispose();
    }
  };

  it.each([
    ['nobody', {}],
    ['a wrong key', bearer(`gck_${'0'.repeat(16)}_${'0'.repeat(64)}`)],
  ])('closes on %s', async (_, params) => {
    expect(await first('subscription { __typename }', params)).toMatchObject({
      code: 4403,
      reason: 'Forbidden',
    });
  });

  it.each(['{ platform { version } }', 'mutation { createEnrolmentToken(input: {}) { token } }'])(
    'refuses %s, which belongs to HTTP',
    async (query) => {
      expect(await first(query, bearer(firm.apiKey))).toMatchObject([
        { extensions: { code: 'SUBSCRIPTION_EXPECTED' } },
      ]);
    },
  );

  it('refuses text that the database does not take', async () => {
    const query = String.raw`subscription { forecastPublished(after: "a\u0000") { cursor } }`;
    expect(await first(query, bearer(firm.apiKey))).toMatchObject([{ extensions: { code: 'TEXT_INVALID' } }]);
  });

  it('closes on a message over the body limit, before anybody is known', async () => {
    const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    socket.addEventListener('open', () => {
      const padding = 'x'.repeat(platform.config.limits.bodyBytes);
      socket.send(JSON.stringify({ type: 'connection_init', payload: { padding } }));
    });
    expect(await closed).toMatchObject({ code: 1009 });
  });

  it('runs 8 subscriptions a socket and 8 sockets an organisation, and makes room again', async () => {
    const crowd = await platform.createOrganisation();
    const url = `${platform.url.replace('http', 'ws')}/graphql`;
    const open = async (): Promise<{ socket: WebSocket; opening: string }> => {
      const socket = new WebSocket(url, 'graphql-transport-ws');
      const opening = await new Promise<string>((resolve) => {
        socket.addEventListener('open', () =>
          socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(crowd.apiKey) })),
        );
        socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data)).type));
        socket.addEventListener('close', ({ code }) => resolve(String(code)));
      });
      return { socket, opening };
    };
    const sockets = await Promise.all(Array.from({ length: 9 }, open));
    const openings = sockets.map(({ opening }) => opening).toSorted();
    expect(openings).toEqual(['4403', ...Array.from({ length: 8 }, () => 'connection_ack')]);

    const { socket } = sockets.find(({ opening }) => opening === 'connection_ack')!;
    const refusal = new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data)))),
    );
    const query = 'subscription { forecastPublished { cursor } }';
    for (let id = 1; id <= 9; id++)
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));
    expect(await refusal).toMatchObject({
      id: '9',
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTIONS_LIMIT' } }],
    });

    const closed = sockets.map(
      ({ socket: each }) =>
        new Promise((resolve) =>
          each.readyState === WebSocket.CLOSED ? resolve(0) : each.addEventListener('close', resolve),
        ),
    );
    for (const each of sockets) each.socket.close();
    await Promise.all(closed);
    const again = await open();
    again.socket.close();
    expect(again.opening).toBe('connection_ack');
  });

  it('draws on one budget for queries and subscriptions, whatever the page is written as', async () => {
    const spender = await platform.createOrganisation();
    const page = 'participants(first: $n) { edges { node { id signingKey agreementKey createdAt } } }';
    const aliased = Array.from({ length: 12 }, (_, i) => `a${i}: ${page}`).join(' ');
    const ask = async (query: string, n?: number) => {
      const { status, errors } = await platform.graphql(query, { n }, spender.apiKey);
      return { status, code: errors?.[0]?.extensions.code };
    };
    const viaFragment = `query ($n: Int) { ...all } fragment all on Query { ${aliased} }`;
    expect(await ask(viaFragment, 100)).toMatchObject({ code: undefined });
    expect(await ask(`query ($n: Int) { ${aliased} }`, 100)).toEqual({ status: 429, code: 'RATE_LIMITED' });
    // Down to less than the smallest page costs, by pages that are ever smaller.
    for (let n = 100; n >= 1; n = Math.floor(n / 2)) {
      let code: string | undefined;
      while (code === undefined) ({ code } = await ask(`query ($n: Int) { ${page} }`, n));
      expect(code).toBe('RATE_LIMITED');
    }
    const fields = Array.from({ length: 12 }, (_, i) => `c${i}: cursor`).join(' ');
    const subscription = `subscription { forecastPublished { ${fields} } }`;
    expect(await first(subscription, bearer(spender.apiKey))).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', data: { retryAfterMs: expect.any(Number) } } },
    ]);
    expect((await platform.graphql('{ me { id } }', {}, firm.apiKey)).errors).toBeUndefined();
  });

  it('refuses a subscription the schema does not know', async () => {
    const refusal = await first('subscription { readings { energyWh } }', bearer(firm.apiKey));
    expect(refusal).toMatchObject([{ message: expect.stringContaining('Cannot query field "readings"') }]);
  });
});
