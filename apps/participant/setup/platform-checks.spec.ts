import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, generateSigningKey, HOUR_MS } from '#core';
import { agreementKeyPair } from '#encryption';
import type { Enrolment } from '../node/site-directory.ts';
import { type Credential, clockCheck, platformChecks } from './platform-checks.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const PLATFORM = { publicKey: 'ab'.repeat(32), version: '1.2.3' };
const TOKEN = { token: `gce_${'0'.repeat(64)}` };
const KEY = { apiKey: 'gck_1' };

let server: Server;
let url: string;
/** What the platform says: its clock, itself, who asks. */
let dateMs: number | null;
let body: (query: string) => string;
let me: object;

const data = (value: object) => JSON.stringify({ data: value });

beforeEach(async () => {
  dateMs = NOW;
  me = { kind: 'member', roles: ['admin', 'firm'], organisation: { id: 'o1', legalId: 'LEI-1' } };
  body = (query) => data(query.includes('me {') ? { me } : { platform: PLATFORM });
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      response.sendDate = false;
      if (dateMs !== null) response.setHeader('date', new Date(dateMs).toUTCString());
      response.end(body((JSON.parse(text) as { query: string }).query));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const checked = async (credential: Credential = KEY, at = url) => {
  const checks = await platformChecks(at, credential, fixedClock(NOW + 500));
  return Object.fromEntries(checks.map(({ check, ...rest }) => [check, rest]));
};

describe('the platform', () => {
  it('that answers an admin is ok in every way, and told with its version', async () => {
    expect(await checked()).toMatchObject({
      platform: { status: 'ok', found: `${url} answers, version 1.2.3` },
      tls: { status: 'ok' },
      clock: { status: 'ok', found: "this clock is 0.0 s before the platform's" },
      key: { status: 'ok', found: "an admin's of LEI-1" },
    });
  });

  it.each([
    ['a page', () => '<html>', 'PLATFORM_UNAVAILABLE'],
    ['another service', () => '{"data":{}}', 'ANSWER_MALFORMED'],
    ['a list', () => '[]', 'ANSWER_MALFORMED'],
  ])('that is %s fails, and is asked nothing more', async (_, answer, code) => {
    body = answer;
    const checks = await checked();
    expect(checks).toMatchObject({ platform: { status: 'failed', code } });
    expect(Object.keys(checks)).toEqual(['platform', 'tls']);
  });

  it('that is down fails as one that may come back', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => {
      server.close(resolve);
    });
    expect(await checked(KEY, `http://127.0.0.1:${port}`)).toMatchObject({
      platform: { status: 'failed', code: 'PLATFORM_UNAVAILABLE' },
    });
    server = createServer().listen(0);
  });

  it('is to be spoken to by TLS elsewhere', async () => {
    // Nobody answers at a reserved name: the address alone is judged.
    expect(await checked(KEY, 'http://platform.invalid')).toMatchObject({
      tls: { status: 'warning', code: 'TLS_MISSING' },
    });
    expect(await checked(KEY, 'https://platform.invalid')).toMatchObject({ tls: { status: 'ok' } });
  });
});

describe('the clock', () => {
  it.each([
    [0, 'ok', null],
    [-2_000, 'ok', null],
    [10_000, 'warning', 'CLOCK_OFF'],
    [-290_000, 'warning', 'CLOCK_OFF'],
    [HOUR_MS, 'failed', 'CLOCK_OFF'],
    [-HOUR_MS, 'failed', 'CLOCK_OFF'],
  ])('%d ms off is %s', async (offMs, status, code) => {
    dateMs = NOW - offMs;
    expect(await checked()).toMatchObject({ clock: { status, code } });
  });

  it('is unknown where the platform tells none, and a slow answer is no proof', async () => {
    dateMs = null;
    expect(await checked()).toMatchObject({ clock: { status: 'warning', code: 'CLOCK_UNKNOWN' } });
    expect(clockCheck({ sentMs: NOW, receivedMs: NOW + 20_000, dateMs: NOW })).toMatchObject({
      status: 'ok',
    });
  });
});

describe('the key', () => {
  it('without the role admin makes no token', async () => {
    me = { kind: 'member', roles: ['analyst'], organisation: { id: 'o1', legalId: 'LEI-1' } };
    expect(await checked()).toMatchObject({ key: { status: 'failed', code: 'ROLE_REQUIRED' } });
  });

  it('that is not in force fails with the platform’s code', async () => {
    body = (query) =>
      query.includes('me {')
        ? JSON.stringify({
            errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED', kind: 'unauthenticated' } }],
          })
        : data({ platform: PLATFORM });
    expect(await checked()).toMatchObject({ key: { status: 'failed', code: 'UNAUTHENTICATED' } });
  });

  it('may be a token, which is judged by its form alone', async () => {
    expect(await checked(TOKEN)).toMatchObject({ key: { status: 'ok' } });
    expect(await checked({ token: 'gce_short' })).toMatchObject({
      key: { status: 'failed', code: 'ENROLMENT_TOKEN_INVALID' },
    });
  });

  it('of a participant is that of its enrolment, at the same platform', async () => {
    const identity = { signing: await generateSigningKey(), agreement: agreementKeyPair() };
    const enrolment = {
      platformKey: PLATFORM.publicKey,
      participantId: 'p1',
      organisationId: 'o1',
      legalId: 'LEI-1',
    };
    const own = (more = {}) => ({ identity, enrolment: { ...enrolment, ...more } as unknown as Enrolment });
    me = { kind: 'participant', roles: [], organisation: { id: 'o1', legalId: 'LEI-1' } };
    expect(await checked(own())).toMatchObject({ key: { status: 'ok' } });
    expect(await checked(own({ organisationId: 'o2' }))).toMatchObject({
      key: { status: 'failed', code: 'IDENTITY_DIFFERS' },
    });
    expect(await checked(own({ platformKey: 'cd'.repeat(32) }))).toMatchObject({
      platform: { status: 'failed', code: 'PLATFORM_KEY_DIFFERS' },
    });
  });
});
