import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { type Bytes, concat, DomainError, fromHex, merkleRoot, merkleTree, toHex, utf8 } from '#core';

/** How a content is cut: all chunks hold `chunkBytes` of it but the last, which holds the rest. */
export interface Cut {
  /** 16 random bytes, hex; drawn for one publication. */
  readonly contentId: string;
  readonly chunkBytes: number;
  readonly chunks: number;
  /** Of the content in the clear. */
  readonly plainBytes: number;
}

const DEFAULT_CHUNK_BYTES = 8 * 1_048_576;
export const CHUNK_BYTES = { least: 1_024, most: 16 * 1_048_576 } as const;
export const MOST_CHUNKS = 65_536;
/** Nonce before, tag behind. */
const CHUNK_OVERHEAD = 28;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** An empty content has one empty chunk. @throws CONTENT_TOO_LARGE */
export function cutOf(contentId: string, plainBytes: number, chunkBytes = DEFAULT_CHUNK_BYTES): Cut {
  const chunks = Math.max(1, Math.ceil(plainBytes / chunkBytes));
  if (chunks <= MOST_CHUNKS) return { contentId, chunkBytes, chunks, plainBytes };
  throw new DomainError(
    'CONTENT_TOO_LARGE',
    `expected at most ${MOST_CHUNKS * chunkBytes} bytes, got ${plainBytes}`,
    'limit',
  );
}

/** Bytes of the content in a chunk. */
export const plainBytesAt = ({ chunkBytes, chunks, plainBytes }: Cut, index: number): number =>
  index === chunks - 1 ? plainBytes - chunkBytes * (chunks - 1) : chunkBytes;

export const encryptedBytes = ({ plainBytes, chunks }: Cut): number => plainBytes + chunks * CHUNK_OVERHEAD;

/**
 * Encrypts and decrypts the chunks of one content by AES-256-GCM, each under a key of its own (HKDF of the data key). What
 * content it is, the chunk's place and how many there are is authenticated with it, so that none passes for another, is
 * missing or too many. The nonce follows from key, place and content (RFC 8452's idea): the same chunk always encrypts to the
 * same bytes, so that a broken transfer goes on without a note of what was sent, and no nonce ever serves two contents.
 */
export class ChunkCipher {
  readonly #nonceKey: Uint8Array;

  constructor(
    private readonly dataKey: Uint8Array,
    readonly cut: Cut,
  ) {
    this.#nonceKey = this.#derive('nonce');
  }

  /** @throws CHUNK_LENGTH */
  encrypt(index: number, plain: Uint8Array): Bytes {
    this.#requireLength(index, plain.length);
    const hmac = createHmac('sha256', this.#nonceKey)
      .update(utf8(`${index}\n`))
      .update(plain)
      .digest();
    const nonce = new Uint8Array(hmac.subarray(0, NONCE_BYTES));
    const cipher = createCipheriv(ALGORITHM, this.#derive(`chunk ${index}`), nonce, { authTagLength: TAG_BYTES }); // prettier-ignore
    cipher.setAAD(this.#place(index));
    const sealed = cipher.update(plain);
    cipher.final();
    return concat(nonce, sealed, cipher.getAuthTag());
  }

  /** @throws CHUNK_INVALID for whatever is not this chunk of this content, whole and unaltered */
  decrypt(index: number, chunk: Uint8Array): Bytes {
    const end = chunk.length - TAG_BYTES;
    try {
      this.#requireLength(index, chunk.length - CHUNK_OVERHEAD);
      const nonce = chunk.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, this.#derive(`chunk ${index}`), nonce, { authTagLength: TAG_BYTES }); // prettier-ignore
      decipher.setAAD(this.#place(index));
      decipher.setAuthTag(chunk.subarray(end));
      const plain = decipher.update(chunk.subarray(NONCE_BYTES, end));
      decipher.final();
      return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
    } catch {
      throw new DomainError('CHUNK_INVALID', `expected chunk ${index} of the content, got other bytes`, 'conflict', { index }); // prettier-ignore
    }
  }

  #derive(purpose: string): Uint8Array {
    const info = utf8(`gridcommons/delivery/1 ${purpose}`);
    return new Uint8Array(hkdfSync('sha256', this.dataKey, fromHex(this.cut.contentId), info, 32));
  }

  #place(index: number): Uint8Array {
    const { contentId, chunkBytes, chunks, plainBytes } = this.cut;
    return utf8(['gridcommons/delivery/1', contentId, index, chunks, chunkBytes, plainBytes].join('\n'));
  }

  #requireLength(index: number, length: number): void {
    const isThere = Number.isInteger(index) && index >= 0 && index < this.cut.chunks;
    if (isThere && length === plainBytesAt(this.cut, index)) return;
    throw new DomainError('CHUNK_LENGTH', `expected the bytes of chunk ${index}, got ${length}`);
  }
}

/** SHA-256 of an encrypted chunk, hex: its name, and its leaf in the tree. */
export const chunkHash = (chunk: Uint8Array): string => createHash('sha256').update(chunk).digest('hex');

const HASH_BYTES = 32;

/** The hashes of all chunks in their order, one after the other: 32 bytes each. */
export const chunkList = (hashes: readonly string[]): Bytes => concat(...hashes.map(fromHex));

/** Merkle root (RFC 6962) over the hashes of the chunks, hex. */
export const contentRoot = async (list: Uint8Array): Promise<string> =>
  toHex(await merkleRoot(await merkleTree(leavesOf(list))));

/** @throws CHUNK_LIST_DIFFERS unless it is the list under this root. @returns the hashes, hex */
export async function requireChunkList(
  list: Uint8Array,
  { chunks, root }: { readonly chunks: number; readonly root: string },
): Promise<readonly string[]> {
  if (list.length !== chunks * HASH_BYTES || (await contentRoot(list)) !== root) {
    throw new DomainError('CHUNK_LIST_DIFFERS', `expected the ${chunks} hashes under root ${root}, got others`, 'conflict'); // prettier-ignore
  }
  return leavesOf(list).map(toHex);
}

const leavesOf = (list: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(list.length / HASH_BYTES) }, (_, i) =>
    list.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
