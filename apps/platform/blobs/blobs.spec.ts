import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex, utf8 } from '#core';
import { BlobService } from './blob.service.ts';
import { signatureHeaders } from '../../../test/harness/participant.ts';
import {
  type Sender,
  startPlatform,
  type TestOrganisation,
  type TestPlatform,
} from '../../../test/harness/platform.ts';

const LIMIT = 262_144;

const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code;

async function* hundredChunks() {
  for (let i = 0; i < 100; i++) yield randomBytes(16_384);
}

describe('blobs', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;
  let rival: TestOrganisation;

  beforeAll(async () => {
    platform = await startPlatform({ env: { GRIDCOMMONS_MAX_BLOB_BYTES: String(LIMIT) } });
    firm = await platform.createOrganisation();
    rival = await platform.createOrganisation();
  }, 60_000);

  afterAll(() => platform.stop());

  const put = async (bytes: Uint8Array, sender: Sender, headers = {}, name?: string) =>
    platform.request('PUT', `/blobs/${name ?? (await sha256Hex(bytes))}`, { sender, body: bytes, headers });
  const get = (name: string, sender: Sender) => platform.request('GET', `/blobs/${name}`, { sender });
  const incoming = () => readdir(join(platform.config.blobDir, 'incoming'));

  it.each(['participant', 'apiKey'] as const)('stores and returns bytes for a %s', async (kind) => {
    const bytes = randomBytes(100_000);
    const name = await sha256Hex(bytes);
    const stored = await put(bytes, firm[kind]);
    expect(await stored.json()).toEqual({ sha256: name, bytes: 100_000, audience: 'private' });
    const answer = await get(name, firm[kind]);
    expect(answer.headers.get('content-length')).toBe('100000');
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('stores no bytes and the most bytes', async () => {
    for (const bytes of [new Uint8Array(), randomBytes(LIMIT)]) {
      expect((await put(bytes, firm.participant)).status).toBe(200);
      expect((await get(await sha256Hex(bytes), firm.participant)).headers.get('content-length')).toBe(
        `${bytes.length}`,
      );
    }
  });

  it('is the same when repeated, ten times at once too', async () => {
    const bytes = randomBytes(5_000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(bytes, firm.participant)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(await incoming()).toEqual([]);
  });

  it('answers a rival as if a private blob were not there', async () => {
    const bytes = randomBytes(64);
    const name = await sha256Hex(bytes);
    await put(bytes, firm.participant);
    const foreign = await get(name, rival.participant);
    const absent = await get('0'.repeat(64), rival.participant);
    expect([foreign.status, absent.status]).toEqual([404, 404]);
    const [one, other] = [await foreign.text(), await absent.text()];
    expect(one.replace(name, '')).toBe(other.replace('0'.repeat(64), ''));
  });

  it('does not hand a private blob to the operator', async () => {
    const bytes = randomBytes(64);
    await put(bytes, firm.participant);
    expect(await codeOf(await get(await sha256Hex(bytes), platform.operatorKey))).toBe('BLOB_NOT_FOUND');
  });

  it('hands a community blob to every member, and to nobody without credentials', async () => {
    const bytes = randomBytes(64);
    const name = await sha256Hex(bytes);
    await put(bytes, firm.participant, { 'gridcommons-audience': 'community' });
    expect((await get(name, rival.participant)).status).toBe(200);
    expect(await codeOf(await get(name, undefined))).toBe('UNAUTHENTICATED');
    expect(await codeOf(await put(bytes, undefined))).toBe('UNAUTHENTICATED');
  });

  it("changes the audience by its owner's word only", async () => {
    const bytes = randomBytes(64);
    const name = await sha256Hex(bytes);
    await put(bytes, firm.participant);
    await put(bytes, firm.participant, { 'gridcommons-audience': 'community' });
    await put(bytes, firm.participant);
    expect((await get(name, rival.participant)).status).toBe(200);
    await put(bytes, rival.participant, { 'gridcommons-audience': 'private' });
    const third = await platform.createOrganisation();
    expect((await get(name, third.participant)).status).toBe(200);
  });

  it.each([
    ['another hash', () => randomBytes(64), '0'.repeat(64), 'DIGEST_MISMATCH'],
    ['no hash', () => randomBytes(64), 'passwd', 'HASH_MALFORMED'],
    ['a path', () => randomBytes(64), '..%2f..%2fplatform.key', 'HASH_MALFORMED'],
    ['one byte too many', () => randomBytes(LIMIT + 1), undefined, 'BLOB_TOO_LARGE'],
  ])('refuses %s and keeps nothing', async (_, make, name, code) => {
    const bytes = make();
    expect(await codeOf(await put(bytes, firm.apiKey, {}, name))).toBe(code);
    expect(await incoming()).toEqual([]);
    expect(await codeOf(await get(await sha256Hex(bytes), firm.apiKey))).toBe('BLOB_NOT_FOUND');
  });

  it('refuses an unknown audience', async () => {
    const answer = await put(randomBytes(8), firm.apiKey, { 'gridcommons-audience': 'world' });
    expect(await codeOf(answer)).toBe('AUDIENCE_UNKNOWN');
  });

  it('refuses a stream that hides its length and goes on past the limit', async () => {
    const answer = await fetch(`${platform.url}/blobs/${'1'.repeat(64)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${firm.apiKey}` },
      body: ReadableStream.from(hundredChunks()),
      duplex: 'half',
    });
    expect(await codeOf(answer)).toBe('BLOB_TOO_LARGE');
    expect(await incoming()).toEqual([]);
  });

  it('keeps nothing of an upload that breaks off, and takes it whole afterwards', async () => {
    const bytes = randomBytes(50_000);
    const path = `/blobs/${await sha256Hex(bytes)}`;
    const headers = await signatureHeaders(firm.participant, { method: 'PUT', path, body: bytes });
    await new Promise<void>((resolve) => {
      const half = httpRequest(platform.url + path, {
        method: 'PUT',
        headers: { ...headers, 'content-length': 50_000 },
      });
      half.on('error', () => resolve());
      half.write(bytes.subarray(0, 25_000), () => half.destroy(new Error('planted')));
    });
    expect(await codeOf(await get(await sha256Hex(bytes), firm.participant))).toBe('BLOB_NOT_FOUND');
    expect((await put(bytes, firm.participant)).status).toBe(200);
    expect(await incoming()).toEqual([]);
  });

  it('refuses signed headers over other bytes', async () => {
    const [signed, sent] = [randomBytes(64), randomBytes(64)];
    const path = `/blobs/${await sha256Hex(sent)}`;
    const headers = await signatureHeaders(firm.participant, { method: 'PUT', path, body: signed });
    expect(await codeOf(await platform.request('PUT', path, { body: sent, headers }))).toBe(
      'DIGEST_MISMATCH',
    );
  });

  it("takes the platform's own bytes for every member, and reads any for its own work", async () => {
    const service = platform.app.get(BlobService);
    const bytes = utf8('an aggregate');
    const name = await service.writeAsPlatform(bytes);
    expect(await (await get(name, rival.participant)).text()).toBe('an aggregate');
    expect(Buffer.from(await service.read(name)).toString()).toBe('an aggregate');
    expect(Buffer.from(await service.readRange(name, 3, 4)).toString()).toBe('aggr');
    expect(Buffer.from(await service.readRange(name, 8, 100)).toString()).toBe('gate');
    await expect(service.read('0'.repeat(64))).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
    expect((await readFile(join(platform.config.blobDir, name.slice(0, 2), name))).toString()).toBe(
      'an aggregate',
    );
  });

  it('tells the size of what the community may read only, not that a private blob is there', async () => {
    const service = platform.app.get(BlobService);
    const asking = { kind: 'participant', id: rival.participant.id, roles: ['firm'] } as const;
    const principal = { ...asking, organisationId: rival.organisationId };
    const names = ['0'.repeat(64)];
    for (const audience of ['private', 'community']) {
      const bytes = randomBytes(777);
      const name = await sha256Hex(bytes);
      await platform.request('PUT', `/blobs/${name}`, {
        sender: firm.participant,
        body: bytes,
        headers: { 'gridcommons-audience': audience },
      });
      names.push(name);
    }
    expect([...(await service.sharedSizes(principal, names))]).toEqual([[names[2], 777]]);
  });
});
