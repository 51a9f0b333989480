import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { utf8 } from '#core';
import { Database } from '#persistence';
import { codeOf } from './harness/market-day.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

const SCHEMA = '{ __schema { queryType { name } } }';

let platform: TestPlatform;
let key: string;

beforeAll(async () => {
  platform = await startPlatform({
    env: {
      NODE_ENV: 'production',
      GRIDCOMMONS_MAX_QUERY_DEPTH: '5',
      GRIDCOMMONS_MAX_QUERY_COST: '500',
      GRIDCOMMONS_STATEMENT_TIMEOUT_MS: '1000',
    },
  });
  key = (await platform.createOrganisation()).apiKey;
}, 60_000);

afterAll(() => platform.stop());

const refusal = async (query: string, variables = {}) => {
  const { errors } = await platform.graphql(query, variables, key);
  return errors?.[0];
};

describe('a platform in production', () => {
  it('tells nobody its schema, and shows no page to a browser', async () => {
    for (const sender of [undefined, key, platform.operatorKey]) {
      const { data, errors } = await platform.graphql(SCHEMA, {}, sender);
      expect({ data, errors }).toMatchObject({
        errors: [{ message: expect.stringMatching(/introspection/i) }],
      });
      expect(data ?? null).toBeNull();
    }
    expect((await refusal('{ __type(name: "Query") { name } }'))?.message).toMatch(/introspection/i);
    const page = await platform.request('GET', '/graphql', { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toMatch(/<html/i);
  });

  it('refuses a query over GET that a browser would send across sites', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ platform { version } }')}`;
    const { status } = await platform.request('GET', path, { sender: key });
    expect(status).toBe(400);
  });

  it('refuses several requests in one', async () => {
    const one = { query: '{ platform { version } }' };
    const body = utf8(JSON.stringify([one, one]));
    const headers = { 'content-type': 'application/json' };
    expect((await platform.request('POST', '/graphql', { sender: key, body, headers })).status).toBe(400);
  });

  it('refuses what is too deep, through fragments too, and documents of too many tokens', async () => {
    const deep = 'ledger { entries { edges { node { postings { account } } } } }';
    expect(codeOf(await platform.graphql(`{ ${deep} }`, {}, key))).toBe('QUERY_TOO_DEEP');
    const spread = `{ ...f } fragment f on Query { ${deep} }`;
    expect(codeOf(await platform.graphql(spread, {}, key))).toBe('QUERY_TOO_DEEP');
    const tokens = `{ platform { ${'version '.repeat(4_001)} } }`;
    expect((await refusal(tokens))?.message).toMatch(/4000 tokens/);
  });

  it('counts a page by its variable wherever the variable gets its number from', async () => {
    const edges = 'edges { node { id signingKey createdAt } }';
    const costly: [string, object][] = [
      [`query ($n: Int) { participants(first: $n) { ${edges} } }`, { n: 100 }],
      [`query ($n: Int = 100) { participants(first: $n) { ${edges} } }`, {}],
      [`query ($n: Int) { ...f } fragment f on Query { participants(first: $n) { ${edges} } }`, { n: 100 }],
      [`query ($n: Int) { ... @include(if: true) { participants(first: $n) { ${edges} } } }`, { n: 100 }],
    ];
    for (const [query, variables] of costly)
      expect(codeOf(await platform.graphql(query, variables, key))).toBe('QUERY_TOO_COSTLY');
    expect(await refusal(costly[1]![0], { n: 10 })).toBeUndefined();
  });

  it('gives every statement of the database so long, whoever asks', async () => {
    const { organisation } = (await platform.data<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }', {}, key)).me; // prettier-ignore
    const timeout = "SELECT current_setting('statement_timeout') AS of";
    const database = platform.app.get(Database);
    const ask = (manager: { query: (sql: string) => Promise<unknown> }) => manager.query(timeout);
    expect(await database.asTenant(organisation.id, ask)).toEqual([{ of: '1s' }]);
    expect(await database.asSystem(ask)).toEqual([{ of: '1s' }]);
  });
});
