import { DomainError, type Json, requireSignature, signJson } from '#core';
import { MAX_READINGS } from '#exchange';
import { CHUNK_BYTES, type Cut, cutOf } from './chunks.ts';
import type { SealedKey } from './delivery-keys.ts';

/** What an owner signs of one encrypted version: how it is cut, its root, its sealed data key. Nothing in it is secret. */
export interface Manifest extends Cut, SealedKey {
  readonly format: typeof MANIFEST_FORMAT;
  readonly dataSetId: string;
  /** Merkle root over the SHA-256 of the encrypted chunks, hex. */
  readonly root: string;
  /** Of the whole content, as its owner counts them; null where there are none to count. */
  readonly readings: number | null;
}

const MANIFEST_FORMAT = 'gridcommons/delivery/1';
const CONTEXT = 'gridcommons/delivery/manifest/1';

export const manifestOf = (
  dataSetId: string,
  cut: Cut,
  facts: { readonly root: string; readonly readings: number | null; readonly sealed: SealedKey },
): Manifest => ({
  format: MANIFEST_FORMAT,
  dataSetId,
  ...cut,
  ...facts.sealed,
  root: facts.root,
  readings: facts.readings,
});

export const signManifest = (privateKey: string, manifest: Manifest): Promise<string> =>
  signJson(privateKey, CONTEXT, { ...manifest });

const HEX: Readonly<Record<string, RegExp>> = {
  contentId: /^[0-9a-f]{32}$/,
  root: /^[0-9a-f]{64}$/,
  delegatingKey: /^[0-9a-f]{66}$/,
  verifyingKey: /^[0-9a-f]{66}$/,
  capsule: /^(?:[0-9a-f]{2}){64,256}$/,
  sealedKey: /^(?:[0-9a-f]{2}){32,256}$/,
};
const KEYS = [...Object.keys(HEX), 'format', 'dataSetId', 'chunkBytes', 'chunks', 'plainBytes', 'readings'];

/** A manifest from outside: its form, not whose it is. @throws MANIFEST_MALFORMED */
export function parseManifest(json: unknown): Manifest {
  const told = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const isWhole = Object.keys(told).length === KEYS.length && KEYS.every((key) => key in told);
  if (!isWhole || told['format'] !== MANIFEST_FORMAT || typeof told['dataSetId'] !== 'string') {
    throw malformed('a whole manifest');
  }
  for (const [key, form] of Object.entries(HEX)) {
    const text = told[key];
    if (typeof text !== 'string' || !form.test(text)) throw malformed(`${key} in hexadecimal`);
  }
  requireSizes(told);
  return told as unknown as Manifest;
}

function requireSizes({ chunkBytes, chunks, plainBytes, readings }: Record<string, unknown>): void {
  if (!isWithin(chunkBytes, CHUNK_BYTES.least, CHUNK_BYTES.most)) throw malformed('chunkBytes');
  if (!isWithin(plainBytes, 0, 2 ** 40)) throw malformed('plainBytes');
  if (readings !== null && !isWithin(readings, 0, MAX_READINGS)) throw malformed('readings');
  if (cutOf('', plainBytes, chunkBytes).chunks !== chunks) throw malformed('as many chunks as there are');
}

const isWithin = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const malformed = (expected: string): DomainError =>
  new DomainError('MANIFEST_MALFORMED', `expected ${expected}, got something else`);

/** @throws SIGNATURE_INVALID, MANIFEST_MALFORMED */
export async function requireManifest(
  json: unknown,
  signature: string,
  signingKey: string,
): Promise<Manifest> {
  const manifest = parseManifest(json);
  await requireSignature(signingKey, CONTEXT, manifest as unknown as Json, signature);
  return manifest;
}
