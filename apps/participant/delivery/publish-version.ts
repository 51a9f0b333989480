import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DomainError, sha256Hex, utf8 } from '#core';
import {
  ChunkCipher,
  chunkHash,
  chunkList,
  contentRoot,
  type Cut,
  cutOf,
  encryptedBytes,
  type Manifest,
  manifestOf,
  newDataKey,
  openOwnDataKey,
  plainBytesAt,
  type SealedKey,
  sealDataKey,
  signManifest,
} from '#delivery';
import { DurableLog } from '../node/durable-log.ts';
import type { DeliverySite, Progress } from './delivery-site.ts';

const DATA_SET = 'query OwnDataSet($id: ID!) { dataSet(id: $id) { organisationId } }';
const VERSIONS = `query VersionsOfDataSet($dataSetId: ID!) {
  dataSetVersions(dataSetId: $dataSetId, first: 100) { edges { node { id number contentRoot } } }
}`;
const ADD = `mutation AddVersion($input: AddDataSetVersionInput!) {
  addDataSetVersion(input: $input) { id number contentRoot }
}`;
const PUBLISH = `mutation PublishEncryptedVersion($input: PublishEncryptedVersionInput!) {
  publishEncryptedVersion(input: $input) { versionId }
}`;

export interface VersionToPublish {
  readonly dataSetId: string;
  readonly file: string;
  /** What buyers see of it: start, end, columns, findings, sample, as the platform takes them. */
  readonly about: object;
  readonly readings: number | null;
  readonly chunkBytes?: number | undefined;
}

export interface PublishedVersion {
  readonly versionId: string;
  readonly number: number;
  readonly contentId: string;
  readonly root: string;
  readonly chunks: number;
  readonly bytes: number;
}

/** How a publication begins in its journal, and what of it is at the platform; nothing in it is secret. */
type JournalLine =
  { readonly cut: Cut; readonly sealed: SealedKey } | { readonly index: number; readonly sha256: string };

/**
 * Encrypts a file chunk by chunk, in constant memory, stores the chunks and says of them what they are. Broken off, it goes on
 * where it was: chunks encrypt to the same bytes again, and those that the platform has taken are not sent anew.
 * @throws FILE_UNREADABLE, FILE_EMPTY, DATA_SET_NOT_FOUND, FILE_CHANGED, CONTENT_TOO_LARGE, what the platform refuses
 */
export async function publishVersion(
  site: DeliverySite,
  version: VersionToPublish,
  onProgress: (progress: Progress) => void,
): Promise<PublishedVersion> {
  const file = await open(version.file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new DomainError('FILE_UNREADABLE', `expected to read ${version.file}, got ${error.code}`, 'not-found'); // prettier-ignore
  });
  try {
    const before = await file.stat();
    if (before.size === 0) {
      throw new DomainError(
        'FILE_EMPTY',
        `expected a file with content at ${version.file}, got an empty one`,
      );
    }
    await requireOwn(site, version.dataSetId);
    const { path, journal, cut, sealed } = await begin(site, version, before.size);
    const cipher = new ChunkCipher(await openOwnDataKey(site.seed, cut.contentId, sealed), cut);
    const hashes = await upload(site, { file, cipher, journal }, onProgress);
    const after = await file.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new DomainError('FILE_CHANGED', `expected ${version.file} to stay as it is, got a change`, 'conflict'); // prettier-ignore
    }
    const list = chunkList(hashes);
    const facts = { root: await contentRoot(list), readings: version.readings, sealed };
    const published = await announce(site, version, manifestOf(version.dataSetId, cut, facts), list);
    rmSync(path);
    return published;
  } finally {
    await file.close();
  }
}

/** Before anything is sent. @throws DATA_SET_NOT_FOUND */
async function requireOwn({ client, enrolment }: DeliverySite, id: string): Promise<void> {
  const { dataSet } = await client.request<{ dataSet: { organisationId: string } }>(DATA_SET, { id });
  if (dataSet.organisationId === enrolment.organisationId) return;
  throw new DomainError('DATA_SET_NOT_FOUND', `expected an own data set, got ${id} of organisation ${dataSet.organisationId}`, 'not-found'); // prettier-ignore
}

/** What was begun before for this file, or a new beginning under a fresh data key. */
async function begin(site: DeliverySite, version: VersionToPublish, plainBytes: number) {
  const name = (await sha256Hex(utf8(`${version.dataSetId}\n${version.file}`))).slice(0, 32);
  site.directory.folder('delivery');
  const path = site.directory.file('delivery', `publishing-${name}.jsonl`);
  const known = DurableLog.open<JournalLine>(path);
  const [first] = known.entries;
  if (first !== undefined && 'cut' in first && first.cut.plainBytes === plainBytes) {
    return { path, journal: known, ...first };
  }
  rmSync(path, { force: true });
  const journal = DurableLog.open<JournalLine>(path);
  const cut = cutOf(randomBytes(16).toString('hex'), plainBytes, version.chunkBytes);
  const sealed = await sealDataKey(site.seed, cut.contentId, newDataKey());
  journal.append({ cut, sealed });
  return { path, journal, cut, sealed };
}

interface Source {
  readonly file: FileHandle;
  readonly cipher: ChunkCipher;
  readonly journal: DurableLog<JournalLine>;
}

async function upload(
  { client }: DeliverySite,
  { file, cipher, journal }: Source,
  onProgress: (progress: Progress) => void,
): Promise<string[]> {
  const { cut } = cipher;
  const stored = new Map(
    journal.entries.flatMap((line) => ('index' in line ? [[line.index, line.sha256]] : [])),
  );
  const hashes: string[] = [];
  for (let index = 0; index < cut.chunks; index++) {
    const chunk = cipher.encrypt(index, await readPlain(file, cut, index));
    const sha256 = chunkHash(chunk);
    if (stored.get(index) !== sha256) {
      await client.putBlob(chunk, 'delivery', 'private');
      journal.append({ index, sha256 });
    }
    hashes.push(sha256);
    onProgress({ chunks: cut.chunks, done: hashes.length });
  }
  return hashes;
}

/** @throws FILE_CHANGED where the file is shorter by now */
export async function readPlain(file: FileHandle, cut: Cut, index: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(plainBytesAt(cut, index));
  for (let read = 0; read < bytes.length;) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, index * cut.chunkBytes + read);
    if (bytesRead === 0)
      throw new DomainError('FILE_CHANGED', `expected ${cut.plainBytes} bytes, got fewer`, 'conflict');
    read += bytesRead;
  }
  return bytes;
}

/** Adds the version, unless a run before this one has, and says how it is encrypted. */
async function announce(
  { client, signing }: DeliverySite,
  { dataSetId, about }: VersionToPublish,
  manifest: Manifest,
  list: Uint8Array,
): Promise<PublishedVersion> {
  const { root, chunks, contentId } = manifest;
  const bytes = encryptedBytes(manifest);
  const chunkListHash = await client.putBlob(list, 'delivery', 'private');
  const { dataSetVersions } = await client.request<{ dataSetVersions: { edges: { node: Listed }[] } }>(VERSIONS, { dataSetId }); // prettier-ignore
  const added = dataSetVersions.edges.find(({ node }) => node.contentRoot === root)?.node;
  const input = { ...about, dataSetId, contentRoot: root, chunks, bytes };
  const { id: versionId, number } =
    added ?? (await client.request<{ addDataSetVersion: Listed }>(ADD, { input })).addDataSetVersion;
  const signature = await signManifest(signing.privateKey, manifest);
  await client.request(PUBLISH, { input: { versionId, manifest, signature, chunkList: chunkListHash } });
  return { versionId, number, contentId, root, chunks, bytes };
}

interface Listed {
  readonly id: string;
  readonly number: number;
  readonly contentRoot: string;
}
