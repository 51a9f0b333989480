import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('subscriptions over WebSocket', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform();
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

  it('closes on a message over the body limit, before anybody is known', async () => {
    const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    socket.addEventListener('open', () => {
      const padding = 'x'.repeat(platform.config.limits.bodyBytes);
      socket.send(JSON.stringify({ type: 'connection_init', payload: { padding } }));
    });
    expect(await closed).toMatchObject({ code: 1009 });
  });

  it('refuses a subscription the schema does not know', async () => {
    const refusal = await first('subscription { readings { energyWh } }', bearer(firm.apiKey));
    expect(refusal).toMatchObject([{ message: expect.stringContaining('Cannot query field "readings"') }]);
  });
});
