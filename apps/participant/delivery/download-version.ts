import { constants } from 'node:fs';
import { access, type FileHandle, link, open, rm } from 'node:fs/promises';
import { DomainError } from '#core';
import {
  ChunkCipher,
  chunkHash,
  type GrantStatement,
  type Manifest,
  openDataKey,
  plainBytesAt,
  receivingKeyOf,
  requireChunkList,
  requireGrant,
  requireManifest,
} from '#delivery';
import { type DeliverySite, ownAgreement, pinnedBy, type Progress } from './delivery-site.ts';
import { readPlain } from './publish-version.ts';

const OPEN = `query OpenDelivery($agreementId: ID!, $versionId: ID!, $maxReadings: SafeInt) {
  openDelivery(agreementId: $agreementId, versionId: $versionId, maxReadings: $maxReadings) {
    version { manifest signature } grant { statement signature } capsuleFragment
  }
}`;
/** Chunks asked for before the one before them is written. */
const AHEAD = 2;
const HASH_BYTES = 32;
const MAX_CHUNK = 17 * 2 ** 20;

export interface VersionToDownload {
  readonly agreementId: string;
  readonly versionId: string;
  readonly output: string;
  /** The most it may hold, by its provider's word; needed where each costs something. */
  readonly maxReadings?: number | undefined;
}

export interface DownloadedVersion {
  readonly output: string;
  /** The pinned organisation that has signed what was read. */
  readonly legalId: string;
  readonly root: string;
  readonly bytes: number;
  /** Chunks that were there from a run before. */
  readonly resumed: number;
}

/**
 * Reads a version that was granted to this site, chunk by chunk in constant memory, into `<output>.part`, and gives the file its
 * name once every chunk is there. Each chunk stands under the root that the provider has signed, or the file never appears.
 * Broken off, it goes on after the last whole chunk, which is checked like the others.
 * @throws FILE_EXISTS, PART_FILE_UNSAFE, PROVIDER_UNPINNED, GRANT_DIFFERS, CAPSULE_FRAGMENT_INVALID, CHUNK_LIST_DIFFERS, CHUNK_DIFFERS,
 *   CHUNK_INVALID, what the platform refuses
 */
export async function downloadVersion(
  site: DeliverySite,
  version: VersionToDownload,
  onProgress: (progress: Progress) => void,
): Promise<DownloadedVersion> {
  const { output } = version;
  await requireAbsent(output);
  const { manifest, legalId, cipher } = await openVersion(site, version);
  const path = `/deliveries/${version.agreementId}/${version.versionId}`;
  const list = await site.client.getBytes(`${path}/list`, manifest.chunks * HASH_BYTES);
  const hashes = await requireChunkList(list, manifest);
  const part = `${output}.part`;
  const file = await openPart(part);
  let resumed: number;
  try {
    await requireOwnFile(file, part);
    resumed = await wholeChunks(file, cipher, hashes);
    await file.truncate(Math.min(resumed * manifest.chunkBytes, manifest.plainBytes));
    const get = (index: number) => site.client.getBytes(`${path}/${index}`, MAX_CHUNK);
    for await (const { index, chunk } of inOrder(get, resumed, manifest.chunks)) {
      if (chunkHash(chunk) !== hashes[index]) throw chunkDiffers(index);
      await file.write(cipher.decrypt(index, chunk), 0, null, index * manifest.chunkBytes);
      onProgress({ chunks: manifest.chunks, done: index + 1 });
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await release(part, output);
  return { output, legalId, root: manifest.root, bytes: manifest.plainBytes, resumed };
}

interface Opened {
  readonly manifest: Manifest;
  readonly legalId: string;
  readonly cipher: ChunkCipher;
}

/** Manifest and grant of one pinned organisation, and the data key by them. */
async function openVersion(
  site: DeliverySite,
  { agreementId, versionId, maxReadings }: VersionToDownload,
): Promise<Opened> {
  const agreement = await ownAgreement(site, agreementId);
  const { openDelivery } = await site.client.request<{
    openDelivery: {
      version: { manifest: unknown; signature: string };
      grant: { statement: GrantStatement; signature: string };
      capsuleFragment: string;
    };
  }>(OPEN, { agreementId, versionId, maxReadings });
  const { version, grant, capsuleFragment } = openDelivery;
  const receivingKey = await receivingKeyOf(site.seed);
  const { revocationEpoch, validUntil, dataSetId } = agreement;
  let manifest: Manifest | undefined;
  const { legalId } = await pinnedBy(
    site,
    async ({ signingKey }) => {
      const told = await requireManifest(version.manifest, version.signature, signingKey);
      const { contentId, root } = told;
      const expected = { agreementId, versionId, contentId, root, receivingKey, revocationEpoch, validUntil }; // prettier-ignore
      await requireGrant(grant.statement, expected, { signingKey, signature: grant.signature });
      manifest = told;
    },
    'PROVIDER_UNPINNED',
  );
  if (manifest?.dataSetId !== dataSetId) {
    throw new DomainError('MANIFEST_OTHER', 'expected a version of the data set agreed on, got another', 'conflict'); // prettier-ignore
  }
  const cipher = new ChunkCipher(await openDataKey(site.seed, manifest, capsuleFragment), manifest);
  return { manifest, legalId, cipher };
}

/** How many chunks a run before has left whole: encrypted again they have the hashes of this version. */
async function wholeChunks(
  file: FileHandle,
  cipher: ChunkCipher,
  hashes: readonly string[],
): Promise<number> {
  const { size } = await file.stat();
  const { cut } = cipher;
  for (let index = 0; index < cut.chunks; index++) {
    if (size < index * cut.chunkBytes + plainBytesAt(cut, index)) return index;
    const chunk = cipher.encrypt(index, await readPlain(file, cut, index));
    if (chunkHash(chunk) !== hashes[index]) return index;
  }
  return cut.chunks;
}

/** Chunks in their order, the next ones under way while one is worked on. */
async function* inOrder(
  get: (index: number) => Promise<Uint8Array>,
  from: number,
  until: number,
): AsyncGenerator<{ index: number; chunk: Uint8Array }> {
  const asked: Promise<Uint8Array>[] = [];
  for (let index = from, next = from; index < until; index++) {
    for (; next < Math.min(index + 1 + AHEAD, until); next++) {
      const answer = get(next);
      // It is awaited in its turn; should an earlier one fail, nobody asks for it any more.
      answer.catch(() => undefined);
      asked.push(answer);
    }
    yield { index, chunk: await asked.shift()! };
  }
}

const chunkDiffers = (index: number): DomainError =>
  new DomainError('CHUNK_DIFFERS', `expected chunk ${index} as its provider has signed it, got other bytes`, 'conflict', { index }); // prettier-ignore

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A new file, or that of a run before; never what a symbolic link leads to. @throws PART_FILE_UNSAFE */
async function openPart(part: string): Promise<FileHandle> {
  try {
    return await open(part, 'wx+', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return open(part, constants.O_RDWR | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' ? partUnsafe(part) : error;
  });
}

/** Who else could open the file would read the plaintext in it; under another name it would be overwritten. @throws PART_FILE_UNSAFE */
async function requireOwnFile(file: FileHandle, part: string): Promise<void> {
  const { uid, mode, nlink } = await file.stat();
  if (uid === process.getuid?.() && (mode & 0o077) === 0 && nlink === 1) return;
  throw partUnsafe(part);
}

const partUnsafe = (file: string): DomainError =>
  new DomainError('PART_FILE_UNSAFE', `expected a file at ${file} that is this user's alone, got a link or one that others can open`, 'conflict', { file }); // prettier-ignore

/** @throws FILE_EXISTS */
async function requireAbsent(output: string): Promise<void> {
  if (await isThere(output)) throw fileExists(output);
}

/** Unlike a rename, a link replaces nothing that has appeared meanwhile. @throws FILE_EXISTS */
async function release(part: string, output: string): Promise<void> {
  await link(part, output).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? fileExists(output) : error;
  });
  await rm(part);
}

const fileExists = (file: string): DomainError =>
  new DomainError('FILE_EXISTS', `expected a new file at ${file}, got one that is there`, 'conflict', { file }); // prettier-ignore
