import { type Bytes, DomainError, equalBytes, sha256Hex } from '#core';
import {
  type AnyMessage,
  type BlobReference,
  chunkCount,
  decodeSums,
  openFromCard,
  replay,
  requireSigned,
  signingKeyOf,
  type TaskCard,
  type TaskState,
} from '#federation';
import { bfvRing } from './bfv.ts';
import { requireChain } from './chain.ts';
import { parseTranscript, releasedBlobs, type TranscriptFile } from './file.ts';
import { chunkBytes, openSum, requireResidues } from './residue-sum.ts';

/** In the order they are made; each stands on those before it. */
export type CheckName =
  | 'format' // canonical gridcommons/transcript/1 within limits, every message of the shape of its kind
  | 'chain' // every entry names the one before
  | 'card' // sound, signed by the platform it names, threshold-encrypted, of the expected hash
  | 'signatures' // every message is its sender's
  | 'protocol' // replayed by the state machine every node runs, it ends in a release
  | 'blobs' // exactly the ciphertexts and the aggregate of the release, by hash and length
  | 'residues' // every number of every ciphertext is below its prime
  | 'decryption' // Σ uploads + Σ answers rounds to slots whose checksums hold
  | 'aggregate' // and these are the released values, bit for bit
  | 'model'; // from which the released model follows

export interface TranscriptCheck {
  readonly name: CheckName;
  readonly ok: boolean;
  /** The refusal's code, null where the check held. */
  readonly code: string | null;
  readonly detail: string;
}

export interface Verdict {
  readonly verified: boolean;
  /** Hash of the last entry: compare it with what other members hold. Null where the chain does not hold. */
  readonly root: string | null;
  readonly cardHash: string | null;
  /** Up to the first that failed. */
  readonly checks: readonly TranscriptCheck[];
}

export interface Expected {
  /** What the reader knows from elsewhere; without it a file of invented parties verifies as what it is. */
  readonly root?: string;
  readonly cardHash?: string;
  /** Hash of the model that follows from an aggregate; without it the model is not checked. */
  readonly modelHashOf?: (aggregate: Float64Array, card: TaskCard) => string | Promise<string>;
}

type Step = <T>(name: CheckName, run: () => Promise<readonly [T, string]>) => Promise<T>;

/**
 * Re-checks a released task from its exported transcript alone: every hash, signature and rule, the sum of the
 * ciphertexts, its rounding, and the released values. Offline, trusting neither the platform nor SEAL; what it cannot
 * know is whether the card's parties are who they say: compare root or card hash with a member's.
 * @returns a verdict for any bytes whatever; throws only what `modelHashOf` throws beyond DomainError
 */
export async function verifyTranscript(file: Uint8Array, expected: Expected = {}): Promise<Verdict> {
  const checks: TranscriptCheck[] = [];
  const found: { root: string | null; cardHash: string | null } = { root: null, cardHash: null };
  const step: Step = async (name, run) => {
    try {
      const [value, detail] = await run();
      checks.push({ name, ok: true, code: null, detail });
      return value;
    } catch (error) {
      if (error instanceof DomainError)
        checks.push({ name, ok: false, code: error.code, detail: error.message });
      throw error;
    }
  };
  try {
    const transcript = await step('format', async () => readFile(file));
    found.root = await step('chain', () => checkChain(transcript, expected));
    const messages = transcript.entries.map(({ message }) => message);
    const { card, cardHash } = await step('card', () => checkCard(messages, expected));
    found.cardHash = cardHash;
    await step('signatures', () => checkSignatures(messages, card));
    const state = await step('protocol', () => checkProtocol(messages));
    const aggregate = await checkSum(step, transcript, state);
    await checkModel(step, state, aggregate, expected);
    return { verified: true, ...found, checks };
  } catch (error) {
    if (checks.at(-1)?.ok !== false) throw error;
    return { verified: false, ...found, checks };
  }
}

function readFile(file: Uint8Array): readonly [TranscriptFile, string] {
  const transcript = parseTranscript(file);
  return [
    transcript,
    `${file.length} bytes, ${transcript.entries.length} entries, ${transcript.blobs.size} blobs`,
  ];
}

async function checkChain(
  { entries }: TranscriptFile,
  { root }: Expected,
): Promise<readonly [string, string]> {
  const head = await requireChain(entries);
  const hash = head!.hash;
  if (root !== undefined && root !== hash) {
    throw refuse('TRANSCRIPT_OTHER_ROOT', `expected root ${root}, got ${hash}`);
  }
  return [hash, `${entries.length} entries up to root ${hash}`];
}

async function checkCard(
  messages: readonly AnyMessage[],
  { cardHash }: Expected,
): Promise<readonly [TaskState, string]> {
  const [first] = messages;
  const state = await openFromCard(first!);
  const { encryption, roster, platformKey } = state.card;
  if (cardHash !== undefined && cardHash !== state.cardHash) {
    throw refuse('CARD_OTHER', `expected card ${cardHash}, got ${state.cardHash}`);
  }
  if (encryption.scheme === 'plain/1') {
    throw refuse('PLAIN_TRANSCRIPT', 'expected threshold encryption, got the plain sum of a simulation');
  }
  return [state, `card ${state.cardHash}, ${roster.length} organisations, platform key ${platformKey}`];
}

async function checkSignatures(
  messages: readonly AnyMessage[],
  card: TaskCard,
): Promise<readonly [null, string]> {
  for (const message of messages) await requireSigned(message, signingKeyOf(card, message.sender));
  return [null, `${messages.length} signatures`];
}

async function checkProtocol(messages: readonly AnyMessage[]): Promise<readonly [TaskState, string]> {
  const state = await replay(messages);
  if (state.phase === 'failed') {
    throw refuse('TASK_FAILED', `expected a released task, got one that failed with ${state.failure!.code}`);
  }
  if (state.phase !== 'released') {
    throw refuse('TASK_NOT_RELEASED', `expected a released task, got one that ends while ${state.phase}`);
  }
  const { round, close, active } = state;
  return [state, `round ${round}: ${close!.uploads.length} uploads, decryptors ${active.join(', ')}`];
}

/** The values that the ciphertexts hold, which are the released ones. */
async function checkSum(step: Step, transcript: TranscriptFile, state: TaskState): Promise<Float64Array> {
  const { encryption } = state.card;
  const references = releasedBlobs(state);
  const ring = await step('blobs', () => checkBlobs(transcript, references, state.card));
  const ciphertexts = references.slice(0, -1).map(({ blob }) => transcript.blobs.get(blob)!);
  await step('residues', async () => {
    for (const ciphertext of ciphertexts) requireResidues(ciphertext, ring);
    return [
      null,
      `${ring.primes.length} primes of ${ring.degree} residues in ${ciphertexts.length} ciphertexts`,
    ];
  });
  const values = await step('decryption', async () => {
    const chunks = openSum(ciphertexts, ring);
    return [decodeSums(chunks, encryption), `${chunks.length} chunks, checksums hold`];
  });
  return step('aggregate', async () => {
    if (!equalBytes(littleEndian(values), transcript.blobs.get(state.release!.aggregate.blob)!)) {
      throw refuse(
        'AGGREGATE_MISMATCH',
        'expected the released values to be those of the ciphertexts, got others',
      );
    }
    return [values, `${values.length} values, bit for bit`];
  });
}

async function checkBlobs(
  { blobs }: TranscriptFile,
  references: readonly BlobReference[],
  card: TaskCard,
): Promise<readonly [ReturnType<typeof bfvRing>, string]> {
  const ring = bfvRing(card.encryption);
  const ciphertextBytes = chunkCount(card.encryption) * chunkBytes(ring);
  const aggregateBytes = card.encryption.values * Float64Array.BYTES_PER_ELEMENT;
  for (const [i, reference] of references.entries()) {
    await requireBlob(blobs, reference, i === references.length - 1 ? aggregateBytes : ciphertextBytes);
  }
  const known = new Set(references.map(({ blob }) => blob));
  const foreign = [...blobs.keys()].find((hash) => !known.has(hash));
  if (foreign !== undefined)
    throw refuse('BLOB_FOREIGN', `expected blobs of the release only, got ${foreign}`);
  return [ring, `${blobs.size} blobs by hash and length`];
}

async function requireBlob(
  blobs: ReadonlyMap<string, Bytes>,
  { blob, bytes }: BlobReference,
  expectedBytes: number,
): Promise<void> {
  const content = blobs.get(blob);
  if (content === undefined) throw refuse('BLOB_MISSING', `expected blob ${blob}, got a file without it`);
  if (content.length !== expectedBytes || bytes !== expectedBytes) {
    throw refuse(
      'BLOB_LENGTH',
      `expected ${expectedBytes} bytes of blob ${blob}, got ${content.length}, said ${bytes}`,
    );
  }
  const hash = await sha256Hex(content);
  if (hash !== blob) throw refuse('BLOB_HASH_MISMATCH', `expected content of hash ${blob}, got ${hash}`);
}

function littleEndian(values: Float64Array): Bytes {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat64(i * Float64Array.BYTES_PER_ELEMENT, value, true));
  return bytes;
}

async function checkModel(
  step: Step,
  state: TaskState,
  aggregate: Float64Array,
  { modelHashOf }: Expected,
): Promise<void> {
  if (modelHashOf === undefined) return;
  const released = state.release!.modelHash;
  await step('model', async () => {
    const hash = await modelHashOf(aggregate, state.card);
    if (hash !== released)
      throw refuse('MODEL_MISMATCH', `expected model ${hash} of these values, got ${released}`);
    return [null, `model ${hash}`];
  });
}

const refuse = (code: string, message: string): DomainError => new DomainError(code, message, 'conflict');
