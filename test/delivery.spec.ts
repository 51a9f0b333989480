import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { newDeliverySeed, receivingKeyOf, signReceivingKey } from '#delivery';
import type { Run } from './harness/command-line.ts';
import {
  type DeliveryDesk,
  must,
  refused,
  startDeliveryDesk,
  writeContent,
} from './harness/delivery-desk.ts';
import { LeakScanner } from './harness/leak-scanner.ts';
import type { Sender } from './harness/platform.ts';

jest.setTimeout(120_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
/** Three chunks of 8 MiB, the last one short. */
const CHUNKS = 3;
const rows = Array.from({ length: 140_000 }, () => randomBytes(64).toString('hex'));

interface Published {
  readonly versionId: string;
  readonly chunks: number;
}

let desk: DeliveryDesk;
let content: { file: string; about: string };

beforeAll(async () => {
  desk = await startDeliveryDesk(NOW_MS);
  content = await writeContent(desk.folder, rows);
  await must(desk.buyer.data('key'));
}, 120_000);

afterEach(() => desk.meddle({}));
afterAll(() => desk.stop());

const at = (name: string): string => join(desk.folder, name);
const publish = (dataSetId: string) =>
  desk.seller.data('publish', content.file, '--data-set', dataSetId, '--about', content.about, '--readings', '140000'); // prettier-ignore
const download = (agreementId: string, versionId: string, name: string, seat = desk.buyer) =>
  seat.data('download', versionId, '--agreement', agreementId, '--output', at(name));

/** An agreement whose version the seller has published and granted. */
async function delivered(validUntil?: string): Promise<{ agreementId: string; versionId: string }> {
  const { agreementId, dataSetId } = await desk.agreed(validUntil === undefined ? {} : { validUntil });
  const { versionId } = await must<Published>(publish(dataSetId));
  await must(desk.seller.data('grant', versionId, '--agreement', agreementId));
  return { agreementId, versionId };
}

/** As the platform answers it. */
interface Delivery {
  readonly version: { readonly manifest: Record<string, unknown> };
  readonly grant: { readonly statement: Record<string, unknown>; signature: string };
  capsuleFragment: string;
}
const flipped = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`;

interface Of {
  readonly agreementId: string;
  readonly versionId: string;
}
const getChunk = ({ agreementId, versionId }: Of, index: number | string, sender: Sender, range?: string) =>
  desk.platform.request('GET', `/deliveries/${agreementId}/${versionId}/${index}`, {
    sender,
    ...(range !== undefined && { headers: { range } }),
  });
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code;
const chunkCode = async (of: Of, index: number | string, sender: Sender, range?: string) =>
  codeOf(await getChunk(of, index, sender, range));
const OPEN = `query ($agreementId: ID!, $versionId: ID!) {
  openDelivery(agreementId: $agreementId, versionId: $versionId) { capsuleFragment grant { receivingKey } } }`;
const openCode = async (of: Of, sender: Sender) =>
  (await desk.platform.graphql(OPEN, of, sender)).errors?.[0]?.extensions.code;

/** The code of what is refused where nobody is pinned. */
const unpinned = async (dir: string, refusing: () => Promise<Run>) => {
  const file = join(dir, 'trust.json');
  const pins = await readFile(file);
  await writeFile(file, '[]');
  const { code } = await refused(refusing());
  await writeFile(file, pins);
  return code;
};

describe('a data set delivered encrypted', () => {
  let first: Of;

  beforeAll(async () => {
    first = await delivered();
  });

  it('is opened by its buyer to the same bytes, and is nowhere at the platform in the clear', async () => {
    const { legalId } = await must<{ legalId: string }>(download(first.agreementId, first.versionId, 'first.csv')); // prettier-ignore
    expect(legalId).toBe('test:Provider');
    expect((await readFile(at('first.csv'))).equals(await readFile(content.file))).toBe(true);
    expect(statSync(at('first.csv')).mode & 0o077).toBe(0);
    expect(existsSync(at('first.csv.part'))).toBe(false);

    const seeds = await Promise.all(
      [desk.seller, desk.buyer].map(({ dir }) => readFile(join(dir, 'delivery.key'), 'utf8')),
    );
    const secrets = [...rows.filter((_, i) => i % 10_000 === 0), ...seeds.map((seed) => seed.trim())];
    const needles = secrets.flatMap((secret, i) => [
      { name: `secret ${i}`, form: 'text', bytes: Buffer.from(secret) },
      { name: `secret ${i}`, form: 'bytes', bytes: Buffer.from(secret, 'hex') },
    ]);
    const scanner = new LeakScanner(needles);
    const { finds, files } = await scanner.scanDirectory(desk.platform.config.dataDir);
    expect(files.some((file) => file.startsWith('blobs/'))).toBe(true);
    expect(scanner.leaks(finds)).toEqual([]);
    expect(scanner.scan('the file itself', await readFile(content.file))).not.toEqual([]);
  });

  it('keeps the site’s delivery keys to their owner', async () => {
    for (const { dir } of [desk.seller, desk.buyer]) {
      expect(statSync(join(dir, 'delivery.key')).mode & 0o777).toBe(0o600);
    }
  });

  it('is one use however often it is read, each read on record', async () => {
    const entries = `query ($chain: ID!) { auditEntries(agreementId: $chain, first: 100) { edges { node { operation decision rows bytes } } } }`;
    const { auditEntries } = await desk.platform.data<{
      auditEntries: {
        edges: { node: { operation: string; decision: string; rows: number; bytes: number } }[];
      };
    }>(entries, { chain: first.agreementId }, desk.provider.apiKey);
    const told = auditEntries.edges.map(({ node }) => node);
    expect(told.map(({ operation }) => operation)).toEqual(['delivery.grant', 'delivery.open', 'delivery.list', ...Array<string>(CHUNKS).fill('delivery.chunk')]); // prettier-ignore
    expect(told[1]).toMatchObject({ decision: 'PERMIT', rows: 140_000 });
    // The desk's policy permits nine uses: there are more reads than that.
    for (let i = 0; i < 10; i++)
      expect((await getChunk(first, 'list', desk.consumer.apiKey)).status).toBe(200);
  });

  it('is read in parts that make up the chunk', async () => {
    const whole = Buffer.from(await (await getChunk(first, 2, desk.consumer.apiKey)).arrayBuffer());
    const part = await getChunk(first, 2, desk.consumer.apiKey, `bytes=0-99`);
    const rest = await getChunk(first, 2, desk.consumer.apiKey, 'bytes=100-');
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 0-99/${whole.length}`);
    const parts = await Promise.all([part, rest].map(async (each) => Buffer.from(await each.arrayBuffer())));
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    for (const range of ['bytes=99999999-', 'bytes=9-3', 'bytes=-5', 'lines=1-2']) {
      expect(await chunkCode(first, 2, desk.consumer.apiKey, range)).toBe('RANGE_INVALID');
    }
    for (const index of [3, -1, 'x', '1e0']) {
      expect(await chunkCode(first, index, desk.consumer.apiKey)).toBe('CHUNK_NOT_FOUND');
    }
  });

  it('is to strangers as if it were not, and to the provider’s own keys too', async () => {
    const { stranger, provider } = desk;
    for (const sender of [
      stranger.apiKey,
      stranger.participant,
      provider.apiKey,
      desk.platform.operatorKey,
    ]) {
      for (const index of [0, 99, 'list'])
        expect(await chunkCode(first, index, sender)).toBe('AGREEMENT_NOT_FOUND');
      expect(await openCode(first, sender)).toBe('AGREEMENT_NOT_FOUND');
    }
    const nobody = { agreementId: first.versionId, versionId: first.versionId };
    expect(await chunkCode(nobody, 0, stranger.apiKey)).toBe('AGREEMENT_NOT_FOUND');
    const asked = [
      ['query ($id: ID!) { encryptedVersion(versionId: $id) { signature } }', first.versionId, 'VERSION_NOT_FOUND'],
      ['query ($id: ID!) { receivingKeys(agreementId: $id) { edges { node { id } } } }', first.agreementId, 'AGREEMENT_NOT_FOUND'],
      ['query ($id: ID!) { deliveryGrants(agreementId: $id) { edges { node { id } } } }', first.agreementId, 'AGREEMENT_NOT_FOUND'],
    ] as const; // prettier-ignore
    for (const [query, id, code] of asked) {
      const { errors } = await desk.platform.graphql(query, { id }, stranger.apiKey);
      expect(errors?.[0]?.extensions.code).toBe(code);
      expect((await desk.platform.graphql(query, { id }, desk.consumer.apiKey)).errors).toBeUndefined();
    }
    expect(await refused(download(first.agreementId, first.versionId, 'x.csv', desk.outsider))).toMatchObject({ code: 'AGREEMENT_NOT_FOUND', exitCode: 1 }); // prettier-ignore
  });

  it('goes on after a cut, in both directions, without sending or asking twice', async () => {
    const { agreementId, dataSetId } = await desk.agreed();
    const passed: string[] = [];
    const cut = (prefix: string, drops: (path: string) => boolean) => {
      passed.length = 0;
      desk.meddle({
        async before({ method, path }) {
          if (!`${method} ${path}`.startsWith(prefix) || path.endsWith('/list')) return 'pass';
          passed.push(path);
          return drops(path) ? 'drop' : 'pass';
        },
      });
    };
    cut('PUT /blobs/', () => passed.length > 2);
    expect(await refused(publish(dataSetId))).toEqual({ code: 'PLATFORM_UNAVAILABLE', exitCode: 3 });
    cut('PUT /blobs/', () => false);
    const { versionId } = await must<Published>(publish(dataSetId));
    // The last chunk and the list of all.
    expect(passed).toHaveLength(2);
    await must(desk.seller.data('grant', versionId, '--agreement', agreementId));

    cut('GET /deliveries/', (path) => !path.endsWith('/0'));
    expect(await refused(download(agreementId, versionId, 'cut.csv'))).toEqual({ code: 'PLATFORM_UNAVAILABLE', exitCode: 3 }); // prettier-ignore
    expect(existsSync(at('cut.csv'))).toBe(false);
    cut('GET /deliveries/', () => false);
    expect(await must(download(agreementId, versionId, 'cut.csv'))).toMatchObject({ resumed: 1 });
    expect(new Set(passed.map((path) => path.split('/').at(-1)))).toEqual(new Set(['1', '2']));
    expect((await readFile(at('cut.csv'))).equals(await readFile(content.file))).toBe(true);
    expect(await refused(download(agreementId, versionId, 'cut.csv'))).toEqual({ code: 'FILE_EXISTS', exitCode: 1 }); // prettier-ignore
  });

  it.each<[string, string, (answer: Buffer) => Buffer, string]>([
    [
      'an altered chunk',
      '/1',
      (answer) => Buffer.concat([answer.subarray(0, -1), Buffer.of(answer.at(-1)! ^ 1)]),
      'CHUNK_DIFFERS',
    ],
    ['a shorter chunk', '/2', (answer) => answer.subarray(1), 'CHUNK_DIFFERS'],
    [
      'another list',
      '/list',
      (answer) => Buffer.concat([answer.subarray(32, 64), answer.subarray(0, 32), answer.subarray(64)]),
      'CHUNK_LIST_DIFFERS',
    ],
    ['a longer list', '/list', (answer) => Buffer.concat([answer, answer]), 'BLOB_TOO_LARGE'],
  ])('is refused with %s, and no file appears', async (_, suffix, alter, code) => {
    desk.meddle({
      after: async ({ method, path }, answer) =>
        method === 'GET' && path.endsWith(suffix) ? alter(answer) : answer,
    });
    const name = `altered-${code}-${suffix.slice(1)}.csv`;
    expect(await refused(download(first.agreementId, first.versionId, name))).toEqual({ code, exitCode: 1 });
    expect(existsSync(at(name))).toBe(false);
  });

  it('is written into no file that is another’s, or that others can open', async () => {
    const { agreementId, versionId } = first;
    const letter = at('letter.txt');
    await writeFile(letter, 'not to be touched', { mode: 0o600 });
    await symlink(letter, at('linked.csv.part'));
    await link(letter, at('named.csv.part'));
    await writeFile(at('open.csv.part'), '');
    await chmod(at('open.csv.part'), 0o644);
    for (const name of ['linked.csv', 'named.csv', 'open.csv']) {
      expect(await refused(download(agreementId, versionId, name))).toEqual({ code: 'PART_FILE_UNSAFE', exitCode: 1 }); // prettier-ignore
    }
    expect(await readFile(letter, 'utf8')).toBe('not to be touched');
    expect(await readFile(at('open.csv.part'), 'utf8')).toBe('');
  });

  it('is granted to and taken from pinned organisations only, whatever keys the platform names', async () => {
    const rogue = newDeliverySeed();
    const { participant, organisationId } = desk.consumer;
    const publicKey = await receivingKeyOf(rogue);
    const statement = { organisationId, participantId: participant.id, publicKey };
    const signature = await signReceivingKey(participant.signingKey.privateKey, statement);
    const register = 'mutation ($publicKey: String!, $signature: String!) { registerReceivingKey(publicKey: $publicKey, signature: $signature) { id } }'; // prettier-ignore
    await desk.platform.data(register, { publicKey, signature }, participant);
    const granted = await must<{ receivingKey: string; legalId: string }>(desk.seller.data('grant', first.versionId, '--agreement', first.agreementId)); // prettier-ignore
    expect(granted.legalId).toBe('test:Consumer');
    expect(granted.receivingKey).not.toBe(publicKey);

    const { seller, buyer } = desk;
    expect(await unpinned(seller.dir, () => seller.data('grant', first.versionId, '--agreement', first.agreementId))).toBe('RECEIVING_KEY_UNPINNED'); // prettier-ignore
    expect(await unpinned(buyer.dir, () => download(first.agreementId, first.versionId, 'unpinned.csv'))).toBe('PROVIDER_UNPINNED'); // prettier-ignore
  });

  it.each<[string, (delivery: Delivery) => void, string]>([
    [
      'another capsule',
      (delivery) => (delivery.capsuleFragment = flipped(delivery.capsuleFragment)),
      'CAPSULE_FRAGMENT_INVALID',
    ],
    ['another root', ({ version }) => (version.manifest['root'] = 'a'.repeat(64)), 'PROVIDER_UNPINNED'],
    ['another agreement', ({ grant }) => (grant.statement['agreementId'] = first.versionId), 'GRANT_DIFFERS'],
    ['no signature', ({ grant }) => (grant.signature = '0'.repeat(128)), 'PROVIDER_UNPINNED'],
  ])('is refused by the buyer with %s than was signed', async (_, alter, code) => {
    desk.meddle({
      async after({ path }, answer) {
        if (path !== '/graphql') return answer;
        const told = JSON.parse(answer.toString()) as { data: { openDelivery?: Delivery } };
        if (told.data.openDelivery) alter(told.data.openDelivery);
        return Buffer.from(JSON.stringify(told));
      },
    });
    expect(await refused(download(first.agreementId, first.versionId, `forged-${code}.csv`))).toEqual({ code, exitCode: 1 }); // prettier-ignore
    expect(existsSync(at(`forged-${code}.csv`))).toBe(false);
  });

  it('is refused at the first read after its revocation, and its fragment is gone', async () => {
    const of = await delivered();
    expect((await getChunk(of, 0, desk.consumer.apiKey)).status).toBe(200);
    await desk.ask('revoke', { id: of.agreementId, code: 'BREACH' }, desk.provider);
    expect(await chunkCode(of, 0, desk.consumer.apiKey)).toBe('AGREEMENT_REVOKED');
    expect(await chunkCode(of, 'list', desk.consumer.apiKey)).toBe('AGREEMENT_REVOKED');
    expect(await openCode(of, desk.consumer.apiKey)).toBe('AGREEMENT_REVOKED');
    const grants = 'query ($id: ID!) { deliveryGrants(agreementId: $id) { edges { node { id } } } }';
    expect(await desk.platform.data(grants, { id: of.agreementId }, desk.consumer.apiKey)).toEqual({ deliveryGrants: { edges: [] } }); // prettier-ignore
    expect(await refused(desk.seller.data('grant', of.versionId, '--agreement', of.agreementId))).toMatchObject({ code: 'AGREEMENT_REVOKED' }); // prettier-ignore
  });

  it('is refused from the millisecond its agreement runs out, in the middle of a download too', async () => {
    const untilMs = NOW_MS + HOUR_MS;
    const of = await delivered(isoInstant(untilMs));
    await desk.setClock(untilMs - 1);
    expect((await getChunk(of, 0, desk.consumer.apiKey)).status).toBe(200);
    desk.meddle({
      async after({ path }, answer) {
        if (path.endsWith('/list')) await desk.setClock(untilMs);
        return answer;
      },
    });
    expect(await refused(download(of.agreementId, of.versionId, 'late.csv'))).toEqual({ code: 'AGREEMENT_EXPIRED', exitCode: 1 }); // prettier-ignore
    expect(existsSync(at('late.csv'))).toBe(false);
    for (const ms of [untilMs, untilMs + 1]) {
      await desk.setClock(ms);
      expect(await chunkCode(of, 0, desk.consumer.apiKey)).toBe('AGREEMENT_EXPIRED');
      expect(await openCode(of, desk.consumer.apiKey)).toBe('AGREEMENT_EXPIRED');
    }
    await desk.setClock(NOW_MS);
  });
});
