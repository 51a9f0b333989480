import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, generateSigningKey, type SigningKey } from '#core';
import {
  ChunkCipher,
  chunkHash,
  chunkList,
  contentRoot,
  type Cut,
  cutOf,
  encryptedBytes,
  fragmentHash,
  type GrantStatement,
  keyFragmentFor,
  type Manifest,
  manifestOf,
  newDataKey,
  newDeliverySeed,
  openDataKey,
  openOwnDataKey,
  parseManifest,
  plainBytesAt,
  receivingKeyOf,
  reencryptCapsule,
  requireChunkList,
  requireFragment,
  requireGrant,
  requireManifest,
  requireReceivingKey,
  requireReceivingKeySignature,
  sealDataKey,
  signGrant,
  signManifest,
  signReceivingKey,
} from './index.ts';

const CONTENT = '0123456789abcdef0123456789abcdef';
const OTHER = 'f'.repeat(32);
const CHUNK = 1_024;
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

const contents = fc.uint8Array({ minLength: 0, maxLength: 5 * CHUNK });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

const chunksOf = (cipher: ChunkCipher, plain: Uint8Array): Uint8Array[] =>
  Array.from({ length: cipher.cut.chunks }, (_, i) =>
    cipher.encrypt(i, plain.subarray(i * CHUNK, i * CHUNK + plainBytesAt(cipher.cut, i))),
  );

describe('chunks', () => {
  it('open to the content they were made of', () => {
    fc.assert(
      fc.property(contents, key, (plain, dataKey) => {
        const cipher = new ChunkCipher(dataKey, cutOf(CONTENT, plain.length, CHUNK));
        const opened = chunksOf(cipher, plain).map((chunk, i) => cipher.decrypt(i, chunk));
        expect(Buffer.from(concat(...opened)).equals(plain)).toBe(true);
        expect(concat(...chunksOf(cipher, plain))).toHaveLength(encryptedBytes(cipher.cut));
      }),
      { numRuns: 30 },
    );
  });

  it('are the same again for the same content, and under another nonce for another', () => {
    fc.assert(
      fc.property(contents, key, fc.nat(), (plain, dataKey, at) => {
        const cut = cutOf(CONTENT, plain.length, CHUNK);
        const [first, again] = [0, 1].map(() => chunksOf(new ChunkCipher(dataKey, cut), plain));
        expect(again).toEqual(first);
        if (plain.length === 0) return;
        const other = plain.slice();
        other[at % plain.length]! ^= 1;
        const changed = Math.floor((at % plain.length) / CHUNK);
        const nonces = [first!, chunksOf(new ChunkCipher(dataKey, cut), other)].map((chunks) =>
          Buffer.from(chunks[changed]!.subarray(0, 12)).toString('hex'),
        );
        expect(nonces[0]).not.toBe(nonces[1]);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse any flipped bit, any cut and any extension', () => {
    fc.assert(
      fc.property(contents, key, fc.nat(), fc.nat(7), (plain, dataKey, at, bit) => {
        const cipher = new ChunkCipher(dataKey, cutOf(CONTENT, plain.length, CHUNK));
        for (const [i, chunk] of chunksOf(cipher, plain).entries()) {
          const flipped = chunk.slice();
          flipped[at % chunk.length]! ^= 1 << bit;
          for (const bad of [
            flipped,
            chunk.subarray(0, -1),
            chunk.subarray(1),
            concat(chunk, Uint8Array.of(0)),
            chunk.subarray(0, 5),
          ]) {
            expect(codeOf(() => cipher.decrypt(i, bad))).toBe('CHUNK_INVALID');
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  const plain = new Uint8Array(3 * CHUNK).fill(7);
  const dataKey = new Uint8Array(32).fill(3);
  const cut = cutOf(CONTENT, plain.length, CHUNK);
  const cipher = new ChunkCipher(dataKey, cut);
  const chunks = chunksOf(cipher, plain);

  it('refuse another place, equal as their contents are', () => {
    expect(codeOf(() => cipher.decrypt(1, chunks[0]!))).toBe('CHUNK_INVALID');
    expect(codeOf(() => cipher.decrypt(3, chunks[0]!))).toBe('CHUNK_INVALID');
    expect(codeOf(() => cipher.encrypt(0, plain))).toBe('CHUNK_LENGTH');
  });

  it.each<[string, Partial<Cut>]>([
    ['content', { contentId: OTHER }],
    ['number of chunks', { chunks: 4, plainBytes: 4 * CHUNK }],
    ['length', { plainBytes: 3 * CHUNK - 1 }],
  ])('refuse another %s', (_, change) => {
    const other = new ChunkCipher(dataKey, { ...cut, ...change });
    expect(codeOf(() => other.decrypt(0, chunks[0]!))).toBe('CHUNK_INVALID');
  });

  it('refuse another key', () => {
    const other = new ChunkCipher(new Uint8Array(32), cut);
    expect(codeOf(() => other.decrypt(0, chunks[0]!))).toBe('CHUNK_INVALID');
  });

  it('stand under one root in one order', async () => {
    const hashes = chunks.map(chunkHash);
    const root = await contentRoot(chunkList(hashes));
    const facts = { chunks: 3, root };
    expect(await requireChunkList(chunkList(hashes), facts)).toEqual(hashes);
    const altered = [
      hashes.toReversed(),
      hashes.slice(1),
      [...hashes, hashes[0]!],
      [hashes[0]!, hashes[0]!, hashes[2]!],
    ];
    for (const list of altered) {
      await expect(requireChunkList(chunkList(list), facts)).rejects.toMatchObject({
        code: 'CHUNK_LIST_DIFFERS',
      });
    }
    expect(codeOf(() => cutOf(CONTENT, 2 ** 40, CHUNK))).toBe('CONTENT_TOO_LARGE');
  });
});

describe('a data key', () => {
  const [owner, buyer, rival] = [newDeliverySeed(), newDeliverySeed(), newDeliverySeed()];
  const dataKey = newDataKey();
  let sealed: Awaited<ReturnType<typeof sealDataKey>>;
  let receivingKey: string;
  let fragment: string;

  beforeAll(async () => {
    sealed = await sealDataKey(owner, CONTENT, dataKey);
    receivingKey = await receivingKeyOf(buyer);
    fragment = await keyFragmentFor(owner, CONTENT, receivingKey);
  });

  it('opens to its owner and, re-encrypted, to whom the fragment is for', async () => {
    expect(await openOwnDataKey(owner, CONTENT, sealed)).toEqual(dataKey);
    const capsuleFragment = await reencryptCapsule(sealed, receivingKey, fragment);
    expect(await openDataKey(buyer, sealed, capsuleFragment)).toEqual(dataKey);
    expect(JSON.stringify([sealed, fragment, capsuleFragment])).not.toContain(
      Buffer.from(dataKey).toString('hex'),
    );
  });

  it('opens to nobody else', async () => {
    const capsuleFragment = await reencryptCapsule(sealed, receivingKey, fragment);
    await expect(openDataKey(rival, sealed, capsuleFragment)).rejects.toMatchObject({ code: 'CAPSULE_FRAGMENT_INVALID' }); // prettier-ignore
    await expect(openOwnDataKey(rival, CONTENT, sealed)).rejects.toMatchObject({
      code: 'SEALED_KEY_INVALID',
    });
    await expect(openOwnDataKey(owner, OTHER, sealed)).rejects.toMatchObject({ code: 'SEALED_KEY_INVALID' });
    const another = await sealDataKey(owner, CONTENT, newDataKey());
    await expect(openDataKey(buyer, another, capsuleFragment)).rejects.toMatchObject({ code: 'CAPSULE_FRAGMENT_INVALID' }); // prettier-ignore
  });

  it('needs a fragment of this owner, this content and this receiver', async () => {
    const keys = { ...sealed, receivingKey };
    await requireFragment(fragment, keys);
    const wrong = [
      await keyFragmentFor(owner, OTHER, receivingKey),
      await keyFragmentFor(owner, CONTENT, await receivingKeyOf(rival)),
      await keyFragmentFor(rival, CONTENT, receivingKey),
      fragment.slice(0, -2),
      `00${fragment.slice(2)}`,
      'no hex',
      '',
    ];
    for (const each of wrong) {
      await expect(requireFragment(each, keys)).rejects.toMatchObject({ code: 'FRAGMENT_INVALID' });
      await expect(reencryptCapsule(sealed, receivingKey, each)).rejects.toMatchObject({ code: 'FRAGMENT_INVALID' }); // prettier-ignore
    }
  });

  it('is sealed to keys that are points', async () => {
    await requireReceivingKey(receivingKey);
    for (const bad of ['', 'ff'.repeat(33), receivingKey.slice(2)]) {
      await expect(requireReceivingKey(bad)).rejects.toMatchObject({ code: 'RECEIVING_KEY_MALFORMED' });
      await expect(keyFragmentFor(owner, CONTENT, bad)).rejects.toMatchObject({ code: 'RECEIVING_KEY_MALFORMED' }); // prettier-ignore
    }
    await expect(receivingKeyOf('short')).rejects.toMatchObject({ code: 'DELIVERY_SEED_MALFORMED' });
  });
});

describe('what an owner signs', () => {
  let signing: SigningKey;
  let manifest: Manifest;

  beforeAll(async () => {
    signing = await generateSigningKey();
    const sealed = await sealDataKey(newDeliverySeed(), CONTENT, newDataKey());
    manifest = manifestOf('data-set', cutOf(CONTENT, 3_000, CHUNK), {
      root: 'a'.repeat(64),
      readings: 9,
      sealed,
    });
  });

  it('is read back as it was signed, and refused where a word differs', async () => {
    const signature = await signManifest(signing.privateKey, manifest);
    const sent = JSON.parse(JSON.stringify(manifest)) as Manifest;
    expect(await requireManifest(sent, signature, signing.publicKey)).toEqual(manifest);
    const other = { ...sent, readings: 8 };
    await expect(requireManifest(other, signature, signing.publicKey)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' }); // prettier-ignore
  });

  it.each<[string, object | null]>([
    ['nothing', null],
    ['another format', { format: 'gridcommons/delivery/2' }],
    ['a root of another form', { root: 'A'.repeat(64) }],
    ['fewer chunks than there are', { chunks: 2 }],
    ['half a byte', { plainBytes: 2_999.5 }],
    ['a chunk as large as a disk', { chunkBytes: 2 ** 30 }],
    ['readings in words', { readings: 'many' }],
    ['more readings than can be metered', { readings: 1e12 + 1 }],
    ['a key more', { note: '' }],
  ])('is refused with %s', (_, change) => {
    expect(codeOf(() => parseManifest(change && { ...manifest, ...change }))).toBe('MANIFEST_MALFORMED');
  });

  it('is a receiving key of one participant of one organisation', async () => {
    const statement = { organisationId: 'organisation', participantId: 'participant', publicKey: '02' };
    const signature = await signReceivingKey(signing.privateKey, statement);
    await requireReceivingKeySignature(signing.publicKey, statement, signature);
    for (const change of [{ organisationId: 'other' }, { participantId: 'other' }, { publicKey: '03' }]) {
      const forged = requireReceivingKeySignature(signing.publicKey, { ...statement, ...change }, signature);
      await expect(forged).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    }
  });

  it('is a grant of one version under one agreement, and of nothing else', async () => {
    const expected = {
      agreementId: 'agreement',
      versionId: 'version',
      contentId: CONTENT,
      root: manifest.root,
      receivingKey: '02',
      revocationEpoch: 0,
      validUntil: null,
    };
    const grant: GrantStatement = { ...expected, fragmentHash: fragmentHash('00ff') };
    const signature = await signGrant(signing.privateKey, grant);
    const by = { signingKey: signing.publicKey, signature };
    expect(await requireGrant(grant, expected, by)).toEqual(grant);
    const changes = [{ agreementId: 'other' }, { versionId: 'other' }, { revocationEpoch: 1 }, { receivingKey: '03' }, { validUntil: '2030' }]; // prettier-ignore
    for (const change of changes) {
      await expect(requireGrant(grant, { ...expected, ...change }, by)).rejects.toMatchObject({ code: 'GRANT_DIFFERS' }); // prettier-ignore
    }
    const forged = { ...grant, fragmentHash: fragmentHash('00fe') };
    await expect(requireGrant(forged, expected, by)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    await expect(requireGrant({ ...grant, more: 1 }, expected, by)).rejects.toMatchObject({
      code: 'GRANT_DIFFERS',
    });
  });
});
