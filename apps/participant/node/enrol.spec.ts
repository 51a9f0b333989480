import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requireSignature, sha256Hex, utf8 } from '#core';
import { enrol } from './enrol.ts';
import { PlatformClient } from './platform-client.ts';
import { SiteDirectory } from './site-directory.ts';

const TOKEN = 'token-1';
const PUBLISH = { forecasts: true, orders: false, emissions: true, scores: false };

interface Asked {
  readonly query: string;
  readonly variables: { readonly input: Record<string, string> };
  readonly participant: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** The few answers of a platform that enrolment needs, with one token that is taken once. */
let asked: Asked[];
let enrolledKey: string | undefined;
let server: Server;
let url: string;
let workspace: string;
let directory: SiteDirectory;

function answer({ query, variables, participant }: Asked): object {
  if (query.includes('platform {')) return { data: { platform: { publicKey: 'ab'.repeat(32) } } };
  if (query.includes('me {')) {
    return participant === 'p1'
      ? { data: { me: { organisation: { id: 'o1', legalId: 'LEI-1' } } } }
      : refused('UNAUTHENTICATED', 'unauthenticated');
  }
  const { token, signingKey } = variables.input;
  if (token !== TOKEN) return refused('ENROLMENT_TOKEN_INVALID', 'unauthenticated');
  if (enrolledKey !== undefined && enrolledKey !== signingKey)
    return refused('ENROLMENT_TOKEN_USED', 'unauthenticated');
  enrolledKey = signingKey;
  return { data: { enrolParticipant: { id: 'p1', organisationId: 'o1' } } };
}

const refused = (code: string, kind: string) => ({
  errors: [{ message: `expected something else`, extensions: { code, kind } }],
});

beforeEach(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'enrol-'));
  directory = new SiteDirectory(join(workspace, 'site'));
  asked = [];
  enrolledKey = undefined;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Pick<Asked, 'query' | 'variables'>;
      const { 'gridcommons-participant': participant, 'idempotency-key': key } = request.headers;
      asked.push({ ...body, participant: participant?.toString(), idempotencyKey: key?.toString() });
      response.end(JSON.stringify(answer(asked.at(-1)!)));
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
  rmSync(workspace, { recursive: true });
});

const run = (token = TOKEN, platformUrl = url) => enrol(directory, { platformUrl, token, publish: PUBLISH });

describe('enrol', () => {
  it('proves its keys and remembers platform and organisation', async () => {
    const enrolment = await run(TOKEN, `${url}//`);
    expect(enrolment).toEqual({
      platformUrl: url,
      platformKey: 'ab'.repeat(32),
      participantId: 'p1',
      organisationId: 'o1',
      legalId: 'LEI-1',
      publish: PUBLISH,
    });
    expect(new SiteDirectory(directory.path).enrolment()).toEqual(enrolment);
    const { signing, agreement } = await directory.identity();
    const { token, proof, ...keys } = asked[1]!.variables.input;
    expect({ token, ...keys }).toEqual({
      token: TOKEN,
      signingKey: signing.publicKey,
      agreementKey: agreement.publicKey,
    });
    const statement = { tokenHash: await sha256Hex(utf8(TOKEN)), ...keys };
    await requireSignature(signing.publicKey, 'gridcommons/enrol/1', statement, proof!);
  });

  it('changes nothing when it is repeated', async () => {
    const first = await run();
    const file = readFileSync(directory.file('enrolment.json'), 'utf8');
    expect(await run()).toEqual(first);
    expect(readFileSync(directory.file('enrolment.json'), 'utf8')).toBe(file);
  });

  it('remembers nothing after a wrong token, and can be tried again with the same keys', async () => {
    await expect(run('wrong')).rejects.toMatchObject({
      code: 'ENROLMENT_TOKEN_INVALID',
      kind: 'unauthenticated',
    });
    expect(directory.enrolled).toBe(false);
    const { signing } = await directory.identity();
    await run();
    expect(enrolledKey).toBe(signing.publicKey);
  });

  it('is refused with the token of another participant', async () => {
    await enrol(new SiteDirectory(join(workspace, 'first')), {
      platformUrl: url,
      token: TOKEN,
      publish: PUBLISH,
    });
    await expect(run()).rejects.toMatchObject({ code: 'ENROLMENT_TOKEN_USED' });
    expect(directory.enrolled).toBe(false);
  });

  it('asks no second platform', async () => {
    await run();
    const before = asked.length;
    await expect(run(TOKEN, 'http://127.0.0.1:9')).rejects.toMatchObject({ code: 'ALREADY_ENROLLED' });
    expect(asked).toHaveLength(before);
    expect(directory.enrolment().platformUrl).toBe(url);
  });

  it('says when nobody answers', async () => {
    await expect(run(TOKEN, 'http://127.0.0.1:9')).rejects.toMatchObject({
      code: 'PLATFORM_UNAVAILABLE',
      kind: 'unavailable',
    });
    expect(directory.enrolled).toBe(false);
  });
});

describe('the platform client', () => {
  it('sends a repeated request under a new key: a run that died at the platform still holds the first', async () => {
    const client = new PlatformClient(url, null);
    await client.request('query Platform { platform { publicKey } }');
    await client.request('query Platform { platform { publicKey } }');
    const keys = asked.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(keys).size).toBe(2);
  });
});
