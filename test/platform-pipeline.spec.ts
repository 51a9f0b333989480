import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex, utf8 } from '#core';
import { signatureHeaders, type TestParticipant } from './harness/participant.ts';
import { enrol, startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

const me = '{ me { id } }';
const json = { 'content-type': 'application/json' };

const pick = ({ date }: { date?: string }) => (date === undefined ? {} : { date });
const refusedWith = (code: string) => ({ errors: [{ extensions: { code } }] });

describe('request pipeline', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform({
      env: { GRIDCOMMONS_MAX_BODY_BYTES: '65536', GRIDCOMMONS_MAX_QUERY_COST: '500' },
    });
    firm = await platform.createOrganisation();
  }, 60_000);

  afterAll(() => platform.stop());

  const codeOf = async (query: string, variables = {}) =>
    (await platform.graphql(query, variables, firm.apiKey)).errors?.[0]?.extensions.code;

  describe('text that no column and no hash takes', () => {
    it.each([
      ['NUL', 'a\u0000'],
      ['half of a surrogate pair', '\ud800'],
    ])('is refused with %s in variables and in the document, whatever it is for', async (_, text) => {
      const create =
        'mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { apiKey } }';
      const { operatorKey } = platform;
      const created = await platform.graphql(create, { input: { name: text, legalId: 'x' } }, operatorKey);
      expect(created).toMatchObject({ status: 400, ...refusedWith('TEXT_INVALID') });
      const document = { [text]: [{ deep: 1 }] };
      const publish = 'mutation ($d: JSON!) { publishFootprint(document: $d) { id } }';
      expect(await platform.graphql(publish, { d: document }, firm.participant)).toMatchObject(
        refusedWith('TEXT_INVALID'),
      );
    });

    it('is refused where a document writes it by an escape, in a fragment too', async () => {
      const field = String.raw`resolvedFactor(basis: direct, subject: "a\u0000", at: "2026-01-01T00:00:00Z") { __typename }`;
      expect(await codeOf(`{ ${field} }`)).toBe('TEXT_INVALID');
      expect(await codeOf(`{ ...all } fragment all on Query { ${field} }`)).toBe('TEXT_INVALID');
    });
  });

  describe('signed requests', () => {
    const body = utf8(JSON.stringify({ query: me }));
    const send = async (
      changes: Record<string, string>,
      options: { body?: Uint8Array; date?: string } = {},
    ) => {
      const signed = await signatureHeaders(firm.participant, {
        method: 'POST',
        path: '/graphql',
        body,
        ...pick(options),
      });
      const response = await platform.request('POST', '/graphql', {
        body: options.body ?? body,
        headers: { ...json, ...signed, ...changes },
      });
      return { status: response.status, answer: await response.json() };
    };

    it('accepts a signature once: the same request again is a replay', async () => {
      const signed = await signatureHeaders(firm.participant, { method: 'POST', path: '/graphql', body });
      const once = () => platform.request('POST', '/graphql', { body, headers: { ...json, ...signed } });
      expect((await once()).status).toBe(200);
      const again = await once();
      expect(again.status).toBe(409);
      expect(await again.json()).toMatchObject(refusedWith('REQUEST_REPLAYED'));
    });

    it('lets one of twenty copies through that arrive together', async () => {
      const signed = await signatureHeaders(firm.participant, { method: 'POST', path: '/graphql', body });
      const copies = Array.from({ length: 20 }, () =>
        platform.request('POST', '/graphql', { body, headers: { ...json, ...signed } }),
      );
      const statuses = (await Promise.all(copies)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(19);
    });

    it('refuses another body than the signed one', async () => {
      const { status, answer } = await send(
        {},
        { body: utf8(JSON.stringify({ query: '{ platform { version } }' })) },
      );
      expect({ status, answer }).toMatchObject({ status: 400, answer: refusedWith('DIGEST_MISMATCH') });
    });

    it('refuses a digest that was not signed', async () => {
      const other = utf8(JSON.stringify({ query: '{ platform { version } }' }));
      const { status, answer } = await send(
        { 'gridcommons-digest': await sha256Hex(other) },
        { body: other },
      );
      expect({ status, answer }).toMatchObject({ status: 403, answer: refusedWith('SIGNATURE_INVALID') });
    });

    it.each([
      ['gridcommons-nonce', randomBytes(16).toString('hex'), 'SIGNATURE_INVALID'],
      ['gridcommons-date', new Date(Date.now() + 1000).toISOString(), 'SIGNATURE_INVALID'],
      ['gridcommons-signature', 'ab'.repeat(64), 'SIGNATURE_INVALID'],
      ['gridcommons-participant', randomUUID(), 'UNAUTHENTICATED'],
      ['gridcommons-nonce', 'short', 'SIGNATURE_HEADERS_MALFORMED'],
    ])('refuses %s changed to %s with %s', async (header, value, code) => {
      expect((await send({ [header]: value })).answer).toMatchObject(refusedWith(code));
    });

    it("refuses another participant's name over one's own signature", async () => {
      const other = await enrol(platform, firm.apiKey);
      expect((await send({ 'gridcommons-participant': other.id })).answer).toMatchObject(
        refusedWith('SIGNATURE_INVALID'),
      );
    });

    it('refuses a signature for another path', async () => {
      const signed = await signatureHeaders(firm.participant, { method: 'POST', path: '/graphql', body });
      const response = await platform.request('POST', '/graphql?x=1', {
        body,
        headers: { ...json, ...signed },
      });
      expect(await response.json()).toMatchObject(refusedWith('SIGNATURE_INVALID'));
    });

    it.each([-301_000, 301_000])('refuses a date %p ms off the clock', async (offset) => {
      const { answer } = await send({}, { date: new Date(Date.now() + offset).toISOString() });
      expect(answer).toMatchObject(refusedWith('REQUEST_DATE_OUT_OF_RANGE'));
    });

    it.each([-290_000, 290_000])('accepts a date %p ms off the clock', async (offset) => {
      expect((await send({}, { date: new Date(Date.now() + offset).toISOString() })).status).toBe(200);
    });
  });

  describe('API keys', () => {
    it.each(['', 'nonsense', `gck_${'0'.repeat(16)}_${'0'.repeat(64)}`])('refuses %p', async (key) => {
      const { status, errors } = await platform.graphql(me, {}, undefined, {
        authorization: `Bearer ${key}`,
      });
      expect({ status, errors }).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    });

    it('refuses the right prefix with a wrong secret', async () => {
      const forged = firm.apiKey.slice(0, -1) + (firm.apiKey.endsWith('0') ? '1' : '0');
      expect((await platform.graphql(me, {}, forged)).status).toBe(401);
    });
  });

  describe('bodies', () => {
    it('refuses one over the limit', async () => {
      const { status, errors } = await platform.graphql(
        `{ me { id } } # ${'x'.repeat(70_000)}`,
        {},
        firm.apiKey,
      );
      expect({ status, errors }).toMatchObject({
        status: 413,
        errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }],
      });
    });

    it('refuses what is not JSON without quoting it', async () => {
      const response = await platform.request('POST', '/graphql', { body: utf8('{"secret'), headers: json });
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(text).toContain('BODY_MALFORMED');
      expect(text).not.toContain('secret');
    });

    it('refuses a batch', async () => {
      const body = utf8(JSON.stringify([{ query: me }, { query: me }]));
      const response = await platform.request('POST', '/graphql', {
        sender: firm.apiKey,
        body,
        headers: json,
      });
      expect(response.status).toBe(400);
    });

    it('refuses a form, which a browser would send across sites', async () => {
      const response = await platform.request('POST', '/graphql', {
        body: utf8(JSON.stringify({ query: me })),
        headers: { 'content-type': 'text/plain' },
      });
      expect(response.status).toBe(400);
    });
  });

  describe('limits', () => {
    it('counts a page by its size in a variable, a literal, or by default', async () => {
      const page =
        'query ($n: Int) { participants(first: $n) { edges { node { id signingKey createdAt } } } }';
      expect(await codeOf(page, { n: 100 })).toBe('QUERY_TOO_COSTLY');
      expect(await codeOf(page.replace('$n)', '100)').replace('($n: Int)', ''))).toBe('QUERY_TOO_COSTLY');
      expect(await codeOf(page, { n: 20 })).toBeUndefined();
      expect(await codeOf(page)).toBeUndefined();
    });

    it('counts aliases, through fragments too', async () => {
      const many = Array.from({ length: 16 }, (_, i) => `a${i}: platform { version }`).join(' ');
      expect(await codeOf(`{ ${many} }`)).toBe('QUERY_TOO_MANY_ALIASES');
      expect(await codeOf(`{ ...f } fragment f on Query { ${many} }`)).toBe('QUERY_TOO_MANY_ALIASES');
    });

    it('measures fragments that double each other in no time', async () => {
      const doubling = Array.from(
        { length: 40 },
        (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`,
      );
      const query = `{ ...f0 } ${doubling.join(' ')} fragment f40 on Query { platform { version } }`;
      expect(await codeOf(query)).toBe('QUERY_TOO_COSTLY');
    });

    it('refuses a page of 0 or 101', async () => {
      expect(await codeOf('{ participants(first: 0) { pageInfo { hasNextPage } } }')).toBe(
        'PAGE_SIZE_INVALID',
      );
      expect(await codeOf('{ participants(first: 101) { pageInfo { hasNextPage } } }')).toBe(
        'PAGE_SIZE_INVALID',
      );
    });

    it('refuses a cursor of its own making', async () => {
      expect(await codeOf('{ participants(after: "x") { pageInfo { hasNextPage } } }')).toBe(
        'CURSOR_MALFORMED',
      );
    });
  });

  describe('idempotency', () => {
    const mutation =
      'mutation ($roles: [Role!]!) { createApiKey(input: { memberName: "Ada", roles: $roles }) { secret } }';
    const send = (key: string | undefined, roles: string[], sender: string | TestParticipant = firm.apiKey) =>
      platform.graphql(mutation, { roles }, sender, { 'idempotency-key': key ?? '' });

    it('refuses a mutation without a key', async () => {
      expect(await send(undefined, ['firm'])).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_MISSING' } }],
      });
    });

    it('answers a repeated mutation with the first answer', async () => {
      const key = randomUUID();
      const first = await send(key, ['firm']);
      expect(first.errors).toBeUndefined();
      expect(await send(key, ['firm'])).toEqual(first);
    });

    it('refuses the key for another payload', async () => {
      const key = randomUUID();
      await send(key, ['firm']);
      expect(await send(key, ['analyst'])).toMatchObject({
        status: 422,
        errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }],
      });
    });

    it('runs one of ten that arrive together', async () => {
      const key = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => send(key, ['firm'])));
      const secrets = answers.flatMap(({ data }) => (data ? [JSON.stringify(data)] : []));
      expect(new Set(secrets).size).toBe(1);
      const others = answers.filter(({ data }) => !data);
      expect(others.every(({ status }) => status === 409)).toBe(true);
    });

    it('frees the key of a refused mutation', async () => {
      const key = randomUUID();
      const refused = await send(key, ['operator']);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'ROLE_MISSING' } }]);
      expect(await send(key, ['operator'])).toEqual(refused);
      expect((await send(key, ['firm'])).errors).toBeUndefined();
    });

    it("keeps tenants' keys apart", async () => {
      const key = randomUUID();
      const other = await platform.createOrganisation();
      const mine = await send(key, ['firm']);
      const theirs = await send(key, ['firm'], other.apiKey);
      expect(theirs.errors).toBeUndefined();
      expect(theirs.data).not.toEqual(mine.data);
    });

    it('refuses two mutations in one request', async () => {
      const two =
        'mutation { a: createEnrolmentToken(input: {}) { token } b: createEnrolmentToken(input: {}) { token } }';
      expect((await platform.graphql(two, {}, firm.apiKey)).errors).toMatchObject([
        { extensions: { code: 'MUTATION_NOT_SINGLE' } },
      ]);
    });
  });
});
