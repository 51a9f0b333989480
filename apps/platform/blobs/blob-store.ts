import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '#core';

const STALE_MS = 24 * 3_600_000;

/** What may be stored, or was: at most `bytes` of them, hashing to `sha256`. */
export interface BlobExpectation {
  readonly sha256: string;
  readonly bytes: number;
}

/** Content-addressed files. A name that exists holds exactly the bytes it names: nothing else is ever renamed to it. */
export class BlobStore {
  readonly #incoming: string;

  constructor(private readonly directory: string) {
    this.#incoming = join(directory, 'incoming');
  }

  /**
   * Streams bytes to disk, hashing on the way. Nothing is kept of a refused stream.
   * @throws BLOB_TOO_LARGE, and DIGEST_MISMATCH where a hash is expected
   */
  async write(
    expected: Partial<BlobExpectation>,
    source: AsyncIterable<Uint8Array>,
  ): Promise<BlobExpectation> {
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    const temporary = join(this.#incoming, randomUUID());
    const file = await open(temporary, 'wx', 0o600);
    try {
      const written = await copy(source, file, expected);
      await file.sync();
      await file.close();
      await mkdir(join(this.directory, written.sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
      await rename(temporary, this.path(written.sha256));
      return written;
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** @throws BLOB_NOT_FOUND */
  async read(sha256: string): Promise<Uint8Array> {
    await this.require(sha256);
    return readFile(this.path(sha256));
  }

  /** All of it, or from `start` to before `end`. */
  stream(sha256: string, part?: { readonly start: number; readonly end: number }): ReadStream {
    return createReadStream(this.path(sha256), part && { start: part.start, end: part.end - 1 });
  }

  /** `bytes` bytes from `offset` on, fewer where the blob ends. @throws BLOB_NOT_FOUND */
  async readRange(sha256: string, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    await this.require(sha256);
    const file = await open(this.path(sha256), 'r');
    try {
      const range = new Uint8Array(bytes);
      const { bytesRead } = await file.read(range, 0, bytes, offset);
      return range.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** The number of bytes, or undefined when they are not here. */
  async size(sha256: string): Promise<number | undefined> {
    if (!isSha256(sha256)) return undefined;
    try {
      return (await stat(this.path(sha256))).size;
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
        return undefined;
      throw error;
    }
  }

  /** @throws BLOB_NOT_FOUND */
  async require(sha256: string): Promise<number> {
    const bytes = await this.size(sha256);
    if (bytes === undefined) throw blobNotFound(sha256);
    return bytes;
  }

  /** Removes what uploads left behind when their process died. */
  async removeStale(nowMs: number): Promise<void> {
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#incoming)) {
      const path = join(this.#incoming, name);
      if (nowMs - (await stat(path)).mtimeMs > STALE_MS) await rm(path, { force: true });
    }
  }

  /** Where the bytes are, or would be. */
  path(sha256: string): string {
    return join(this.directory, sha256.slice(0, 2), sha256);
  }
}

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The one answer for what is absent and for what is another organisation's. */
export function blobNotFound(sha256: string): DomainError {
  return new DomainError('BLOB_NOT_FOUND', 'expected a blob, got none of that hash', 'not-found', {
    sha256: isSha256(sha256) ? sha256 : null,
  });
}

/** @throws BLOB_TOO_LARGE */
export function requireBlobSize(bytes: number, limit: number): void {
  if (!(bytes <= limit)) {
    throw new DomainError('BLOB_TOO_LARGE', `expected at most ${limit} bytes, got ${bytes}`, 'limit', {
      limit,
    });
  }
}

async function copy(
  source: AsyncIterable<Uint8Array>,
  file: FileHandle,
  expected: Partial<BlobExpectation>,
): Promise<BlobExpectation> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    requireBlobSize(bytes, expected.bytes ?? Number.POSITIVE_INFINITY);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  const sha256 = hash.digest('hex');
  if (expected.sha256 !== undefined && sha256 !== expected.sha256) {
    throw new DomainError('DIGEST_MISMATCH', `expected bytes of SHA-256 ${expected.sha256}, got ${sha256}`);
  }
  return { sha256, bytes };
}
