import {
  type Bytes,
  canonicalJson,
  DomainError,
  equalBytes,
  fromBase64,
  type Json,
  toBase64,
  utf8,
} from '#core';
import { requireShape } from '#federation';
import type { TranscriptEntry } from './chain.ts';

export const TRANSCRIPT_FORMAT = 'gridcommons/transcript/1';

/** What a verifier needs of one task, and nothing that is sealed to anyone. */
export interface TranscriptFile {
  readonly entries: readonly TranscriptEntry[];
  /** By SHA-256: of each released step the uploads of U, the answers of A and the aggregate; opened shares. Never a sealed one. */
  readonly blobs: ReadonlyMap<string, Bytes>;
}

const MAX_FILE_BYTES = 384 * 2 ** 20;
const MAX_ENTRIES = 100_000;
const MAX_BLOBS = 10_000;
const MAX_DEPTH = 32;

/**
 * The exported file: canonical JSON {blobs, entries, format} and a newline. One task has one file, byte for byte.
 * @throws TRANSCRIPT_TOO_LARGE beyond 384 MiB
 */
export function serializeTranscript({ entries, blobs }: TranscriptFile): Bytes {
  const texts = Object.fromEntries([...blobs].map(([hash, bytes]) => [hash, toBase64(bytes)]));
  const plainEntries: Json = JSON.parse(JSON.stringify(entries));
  const file = utf8(`${canonicalJson({ format: TRANSCRIPT_FORMAT, entries: plainEntries, blobs: texts })}\n`);
  requireSize(file);
  return file;
}

/**
 * Reads an exported transcript. Only the canonical form is accepted, so that every byte of the file means something.
 * Every message has the shape of its kind; nothing else about it is checked here.
 * @throws TRANSCRIPT_TOO_LARGE, TRANSCRIPT_MALFORMED, TRANSCRIPT_NOT_CANONICAL, MESSAGE_MALFORMED, BASE64_MALFORMED
 */
export function parseTranscript(file: Uint8Array): TranscriptFile {
  requireSize(file);
  const json = parseJson(file);
  requireDepth(json, MAX_DEPTH);
  if (!equalBytes(utf8(`${canonicalJson(json)}\n`), file)) {
    throw new DomainError(
      'TRANSCRIPT_NOT_CANONICAL',
      'expected canonical JSON and one newline, got other bytes',
    );
  }
  if (
    !isObject(json) ||
    !hasFields(json, ['format', 'entries', 'blobs']) ||
    json['format'] !== TRANSCRIPT_FORMAT
  ) {
    throw malformed(`{format: "${TRANSCRIPT_FORMAT}", entries, blobs}`, 'something else');
  }
  return { entries: readEntries(json['entries']), blobs: readBlobs(json['blobs']) };
}

function requireSize(file: Uint8Array): void {
  if (file.length > MAX_FILE_BYTES) {
    throw new DomainError(
      'TRANSCRIPT_TOO_LARGE',
      `expected at most ${MAX_FILE_BYTES} bytes, got ${file.length}`,
      'limit',
      { bytes: file.length, limit: MAX_FILE_BYTES },
    );
  }
}

function parseJson(file: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file));
  } catch {
    // The decoder's and the parser's words quote the file; its length is enough.
    throw malformed('one JSON document in UTF-8', `${file.length} bytes of something else`);
  }
}

/** Keeps a file of brackets from exhausting the stack of the recursive functions that follow. */
function requireDepth(json: Json, left: number): void {
  if (typeof json !== 'object' || json === null) return;
  if (left === 0) throw malformed(`at most ${MAX_DEPTH} levels of nesting`, 'more');
  for (const item of Object.values(json)) requireDepth(item, left - 1);
}

function isObject(json: Json | undefined): json is Readonly<Record<string, Json>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

const hasFields = (json: Readonly<Record<string, Json>>, names: readonly string[]): boolean =>
  Object.keys(json).length === names.length && names.every((name) => Object.hasOwn(json, name));

function readEntries(json: Json | undefined): TranscriptEntry[] {
  if (!Array.isArray(json) || json.length === 0 || json.length > MAX_ENTRIES) {
    throw malformed(`1 to ${MAX_ENTRIES} entries`, Array.isArray(json) ? String(json.length) : typeof json);
  }
  return json.map(readEntry);
}

function readEntry(entry: Json, i: number): TranscriptEntry {
  if (!isObject(entry) || !hasFields(entry, ['index', 'previous', 'message', 'hash'])) {
    throw malformed(`entry ${i} to be {index, previous, message, hash}`, 'something else');
  }
  const { index, previous, message, hash } = entry;
  if (typeof index !== 'number' || typeof previous !== 'string' || typeof hash !== 'string') {
    throw malformed(`entry ${i} to have a number and two hashes`, 'something else');
  }
  const signed: unknown = message;
  requireShape(signed);
  return { index, previous, message: signed, hash };
}

function readBlobs(json: Json | undefined): Map<string, Bytes> {
  if (!isObject(json)) throw malformed('blobs by SHA-256', typeof json);
  const blobs = Object.entries(json);
  if (blobs.length > MAX_BLOBS) throw malformed(`at most ${MAX_BLOBS} blobs`, String(blobs.length));
  return new Map(
    blobs.map(([hash, text]) => {
      if (!/^[0-9a-f]{64}$/.test(hash) || typeof text !== 'string') {
        throw malformed('blobs as base64 by SHA-256', 'something else');
      }
      return [hash, fromBase64(text)];
    }),
  );
}

const malformed = (expected: string, got: string): DomainError =>
  new DomainError('TRANSCRIPT_MALFORMED', `expected ${expected}, got ${got}`);
