/**
 * delivery: data sets encrypted by their owner and opened by whom it grants. The only importer of @nucypher/umbral-pre
 * (GPL-3.0-only, docs/decisions/0046), loaded when somebody delivers.
 *
 * Vocabulary: content (the bytes of one version), cut (into chunks), chunk (AES-256-GCM), chunk list (SHA-256 of all chunks),
 * manifest (what the owner signs of a version), sealed key (the data key for its owner: an Umbral capsule), key fragment (what
 * lets a proxy re-encrypt that capsule to one receiving key), capsule fragment (what the proxy makes of it), grant.
 */
export {
  type Cut,
  ChunkCipher,
  chunkHash,
  chunkList,
  contentRoot,
  cutOf,
  encryptedBytes,
  plainBytesAt,
  requireChunkList,
} from './chunks.ts';
export {
  type DeliverySeed,
  type SealedKey,
  keyFragmentFor,
  newDataKey,
  newDeliverySeed,
  openDataKey,
  openOwnDataKey,
  receivingKeyOf,
  reencryptCapsule,
  requireFragment,
  requireReceivingKey,
  sealDataKey,
} from './delivery-keys.ts';
export {
  type GrantStatement,
  type ReceivingKeyStatement,
  fragmentHash,
  requireGrant,
  requireReceivingKeySignature,
  signGrant,
  signReceivingKey,
} from './grant.ts';
export { type Manifest, manifestOf, parseManifest, requireManifest, signManifest } from './manifest.ts';
