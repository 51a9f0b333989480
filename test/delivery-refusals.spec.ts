import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isoInstant } from '#core';
import {
  ChunkCipher,
  chunkHash,
  chunkList,
  contentRoot,
  cutOf,
  encryptedBytes,
  fragmentHash,
  type GrantStatement,
  keyFragmentFor,
  type Manifest,
  manifestOf,
  newDataKey,
  newDeliverySeed,
  receivingKeyOf,
  sealDataKey,
  signGrant,
  signManifest,
  signReceivingKey,
} from '#delivery';
import { type StartedDesk, startNegotiationDesk } from './harness/negotiation-desk.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';

jest.setTimeout(60_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const CHUNK = 1_024;
const [seller, buyer] = [newDeliverySeed(), newDeliverySeed()];

const REGISTER = `mutation ($publicKey: String!, $signature: String!) {
  registerReceivingKey(publicKey: $publicKey, signature: $signature) { id publicKey } }`;
const PUBLISH = `mutation ($input: PublishEncryptedVersionInput!) { publishEncryptedVersion(input: $input) { versionId } }`;
const GRANT = `mutation ($input: GrantDeliveryInput!) { grantDelivery(input: $input) { id receivingKey } }`;
const ADD = `mutation ($input: AddDataSetVersionInput!) { answer: addDataSetVersion(input: $input) { id } }`;
const ABOUT = { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z', columns: [{ name: 'load' }] };

interface Encrypted {
  readonly chunks: readonly Uint8Array[];
  readonly list: Uint8Array;
  readonly manifest: Manifest;
}

async function encrypted(dataSetId: string): Promise<Encrypted> {
  const [plain, dataKey] = [randomBytes(3 * CHUNK), newDataKey()];
  const cut = cutOf(randomBytes(16).toString('hex'), plain.length, CHUNK);
  const cipher = new ChunkCipher(dataKey, cut);
  const chunks = [0, 1, 2].map((i) => cipher.encrypt(i, plain.subarray(i * CHUNK, (i + 1) * CHUNK)));
  const list = chunkList(chunks.map(chunkHash));
  const sealed = await sealDataKey(seller, cut.contentId, dataKey);
  return { chunks, list, manifest: manifestOf(dataSetId, cut, { root: await contentRoot(list), readings: null, sealed }) }; // prettier-ignore
}

/** A receiving key with the words of a participant, by default about its own organisation. */
const register = async (seed: string, by: TestOrganisation, organisationId = by.organisationId) => {
  const publicKey = await receivingKeyOf(seed);
  const { id: participantId, signingKey } = by.participant;
  const signature = await signReceivingKey(signingKey.privateKey, { organisationId, participantId, publicKey }); // prettier-ignore
  return { publicKey, signature };
};

describe('what the platform refuses of a delivery', () => {
  let desk: StartedDesk;
  let receivingKey: string;
  let agreementId: string;
  let dataSetId: string;
  let version: Encrypted;
  let versionId: string;

  const code = async (query: string, variables: object, sender: Sender) =>
    (await desk.platform.graphql(query, variables, sender)).errors?.[0]?.extensions.code;
  const put = ({ participant }: TestOrganisation, bytes: Uint8Array) =>
    desk.platform.request('PUT', `/blobs/${chunkHash(bytes)}`, { sender: participant, body: bytes });
  const add = async ({ manifest }: Encrypted) => {
    const { root, chunks } = manifest;
    const input = { ...ABOUT, dataSetId, contentRoot: root, chunks, bytes: encryptedBytes(manifest) };
    return (await desk.platform.data<{ answer: { id: string } }>(ADD, { input }, desk.provider.apiKey)).answer.id; // prettier-ignore
  };
  const publication = async (of: Encrypted, id: string, by = desk.provider) => ({
    versionId: id,
    manifest: of.manifest,
    signature: await signManifest(by.participant.signingKey.privateKey, of.manifest),
    chunkList: chunkHash(of.list),
  });
  const granting = async (change: Partial<GrantStatement> = {}, fragment?: string) => {
    const { contentId, root } = version.manifest;
    const given = fragment ?? (await keyFragmentFor(seller, contentId, receivingKey));
    const statement = { agreementId, versionId, contentId, root, receivingKey, revocationEpoch: 0, validUntil: null, fragmentHash: fragmentHash(given), ...change }; // prettier-ignore
    const signature = await signGrant(desk.provider.participant.signingKey.privateKey, statement);
    return { agreementId, versionId, receivingKey, fragment: given, statement, signature };
  };

  beforeAll(async () => {
    desk = await startNegotiationDesk(NOW_MS);
    agreementId = (await desk.concluded()).agreementId!;
    const { dataAgreement } = await desk.platform.data<{ dataAgreement: { dataSetId: string } }>('query ($id: ID!) { dataAgreement(id: $id) { dataSetId } }', { id: agreementId }, desk.consumer.apiKey); // prettier-ignore
    ({ dataSetId } = dataAgreement);
    const registered = await register(buyer, desk.consumer);
    receivingKey = registered.publicKey;
    await desk.platform.data(REGISTER, registered, desk.consumer.participant);
    version = await encrypted(dataSetId);
    for (const bytes of [...version.chunks, version.list]) await put(desk.provider, bytes);
    versionId = await add(version);
    const input = await publication(version, versionId);
    await desk.platform.data(PUBLISH, { input }, desk.provider.participant);
  }, 60_000);

  afterAll(() => desk.stop());

  it('keys that nobody signed, or another, or that are none', async () => {
    const { consumer, stranger } = desk;
    const own = await register(buyer, consumer);
    expect(await code(REGISTER, own, consumer.participant)).toBeUndefined();
    expect(await code(REGISTER, own, consumer.apiKey)).toBe('PARTICIPANT_REQUIRED');
    expect(await code(REGISTER, own, stranger.participant)).toBe('SIGNATURE_INVALID');
    const forAnother = await register(buyer, consumer, stranger.organisationId);
    expect(await code(REGISTER, forAnother, consumer.participant)).toBe('SIGNATURE_INVALID');
    const none = { ...own, publicKey: 'ff'.repeat(33) };
    expect(await code(REGISTER, none, consumer.participant)).toBe('RECEIVING_KEY_MALFORMED');
  });

  it('versions whose chunks are not all there, or are another organisation’s', async () => {
    const { provider, stranger } = desk;
    const next = await encrypted(dataSetId);
    const id = await add(next);
    const input = await publication(next, id);
    const publish = (change = {}) => code(PUBLISH, { input: { ...input, ...change } }, provider.participant);
    expect(await publish()).toBe('CHUNKS_MISSING');
    for (const bytes of [...next.chunks, next.list]) await put(stranger, bytes);
    expect(await publish()).toBe('CHUNKS_MISSING');
    for (const bytes of [next.list, ...next.chunks.slice(1)]) await put(provider, bytes);
    expect(await publish()).toBe('CHUNKS_MISSING');
    expect(await publish({ chunkList: chunkHash(version.list) })).toBe('CHUNK_LIST_DIFFERS');
    expect(await publish({ chunkList: '../operator.key' })).toBe('CHUNKS_MISSING');
    await put(provider, next.chunks[0]!);
    expect(await publish()).toBeUndefined();
    expect(await publish()).toBeUndefined();
  });

  it('manifests that are not signed, or of another version', async () => {
    const { provider, consumer } = desk;
    const input = await publication(version, versionId);
    const publish = (change: object, sender: Sender = provider.participant) =>
      code(PUBLISH, { input: { ...input, ...change } }, sender);
    expect(await publish({}, provider.apiKey)).toBe('PARTICIPANT_REQUIRED');
    expect(await publish({ signature: '0'.repeat(128) })).toBe('SIGNATURE_INVALID');
    expect(await publish({ manifest: {} })).toBe('MANIFEST_MALFORMED');
    expect(await publish({ versionId: dataSetId })).toBe('VERSION_NOT_FOUND');
    expect(await code(PUBLISH, { input: await publication(version, versionId, consumer) }, consumer.participant)).toBe('VERSION_NOT_FOUND'); // prettier-ignore
    const other = await encrypted(dataSetId);
    expect(await code(PUBLISH, { input: await publication(other, versionId) }, provider.participant)).toBe('VERSION_DIFFERS'); // prettier-ignore
    const twin = { ...version, manifest: { ...version.manifest, readings: 7 } };
    expect(await code(PUBLISH, { input: await publication(twin, versionId) }, provider.participant)).toBe('VERSION_PUBLISHED'); // prettier-ignore
  });

  it('grants of anything but this version, under this agreement, to this key', async () => {
    const { provider, consumer, stranger } = desk;
    const grant = async (input: object, sender: Sender = provider.participant) => code(GRANT, { input }, sender); // prettier-ignore
    const changes: Partial<GrantStatement>[] = [{ agreementId: versionId }, { root: 'a'.repeat(64) }, { revocationEpoch: 1 }, { validUntil: isoInstant(NOW_MS) }, { fragmentHash: 'a'.repeat(64) }]; // prettier-ignore
    for (const change of changes) expect(await grant(await granting(change))).toBe('GRANT_DIFFERS');
    const { contentId } = version.manifest;
    const wrong = [
      await keyFragmentFor(seller, contentId, await receivingKeyOf(seller)),
      await keyFragmentFor(buyer, contentId, receivingKey),
      await keyFragmentFor(seller, 'a'.repeat(32), receivingKey),
    ];
    for (const each of wrong) expect(await grant(await granting({}, each))).toBe('FRAGMENT_INVALID');
    const right = await granting();
    expect(await grant({ ...right, fragment: '' })).toBe('FRAGMENT_INVALID');
    expect(await grant({ ...right, signature: '0'.repeat(128) })).toBe('SIGNATURE_INVALID');
    expect(await grant({ ...right, receivingKey: await receivingKeyOf(seller) })).toBe('RECEIVING_KEY_NOT_FOUND'); // prettier-ignore
    expect(await grant({ ...right, versionId: agreementId })).toBe('VERSION_NOT_FOUND');
    expect(await grant(right, provider.apiKey)).toBe('PARTICIPANT_REQUIRED');
    for (const { participant } of [consumer, stranger]) expect(await grant(right, participant)).toBe('AGREEMENT_NOT_FOUND'); // prettier-ignore
    const open = `query ($agreementId: ID!, $versionId: ID!) { openDelivery(agreementId: $agreementId, versionId: $versionId) { capsuleFragment } }`;
    expect(await code(open, { agreementId, versionId }, consumer.apiKey)).toBe('DELIVERY_NOT_GRANTED');
    expect(await grant(right)).toBeUndefined();
    expect(await grant(right)).toBeUndefined();
    expect(await code(open, { agreementId, versionId }, consumer.apiKey)).toBeUndefined();
  });

  it('grants under an agreement that is not in force', async () => {
    const unpaid = await desk.concluded({ price: { kind: 'flat', amountMinor: 100, currency: 'EUR' } });
    const under = { ...(await granting()), agreementId: unpaid.agreementId! };
    expect(await code(GRANT, { input: under }, desk.provider.participant)).toBe('AGREEMENT_UNPAID');
  });
});
