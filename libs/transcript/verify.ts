import { type Bytes, canonicalJson, DomainError, equalBytes, type Json, sha256Hex } from '#core';
import {
  aggregateBytes,
  type AnyMessage,
  type BlobReference,
  chunkCount,
  decodeSums,
  openFromCard,
  type Payloads,
  requireSigned,
  signingKeyOf,
  type StepMetrics,
  type StepSums,
  summedGroups,
  type TaskCard,
  type TaskState,
} from '#federation';
import { type BfvRing, bfvRing } from './bfv.ts';
import { requireChain } from './chain.ts';
import { parseTranscript, type TranscriptFile } from './file.ts';
import { requireOpenings } from './opening.ts';
import {
  ciphertextsOf,
  exportedBlobs,
  openedShares,
  type ReleasedStep,
  type Replayed,
  replaySteps,
} from './released-steps.ts';
import { chunkBytes, openSum, requireResidues } from './residue-sum.ts';

/** In the order they are made; each stands on those before it. */
export type CheckName =
  | 'format' // canonical gridcommons/transcript/1 within limits, every message of the shape of its kind
  | 'chain' // every entry names the one before
  | 'card' // sound, signed by the platform it names, threshold-encrypted, of the expected hash
  | 'signatures' // every message is its sender's
  | 'protocol' // replayed by the state machine every node runs, it ends in a release
  | 'blobs' // exactly the ciphertexts and aggregates of the releases and the opened shares, by hash and length
  | 'openings' // opened shares are what their dealers claimed
  | 'residues' // every number of every ciphertext is below its prime
  | 'decryption' // Σ uploads + Σ answers rounds to slots whose checksums hold
  | 'aggregate' // and these are the released values, bit for bit
  | 'model'; // from which the released models follow

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
  /** What follows from the sums of all steps so far, by step and group; without it models are not checked. */
  readonly outcomeOf?: (
    card: TaskCard,
    steps: readonly StepSums[],
  ) => Promise<{ readonly modelHash: string; readonly final: boolean; readonly metrics: StepMetrics | null }>;
}

type Step = <T>(name: CheckName, run: () => Promise<readonly [T, string]>) => Promise<T>;

/**
 * Re-checks a released task from its exported transcript alone: every hash, signature and rule, the sum of the
 * ciphertexts, its rounding, and the released values. Offline, trusting neither the platform nor SEAL; what it cannot
 * know is whether the card's parties are who they say: compare root or card hash with a member's.
 * @returns a verdict for any bytes whatever; throws only what `outcomeOf` throws beyond DomainError
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
    const replayed = await step('protocol', () => checkProtocol(messages));
    const sums = await checkSums(step, transcript, replayed);
    await checkModels(step, replayed, sums, expected);
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

async function checkProtocol(messages: readonly AnyMessage[]): Promise<readonly [Replayed, string]> {
  const replayed = await replaySteps(messages);
  const { state, steps } = replayed;
  if (state.phase === 'failed') {
    throw refuse('TASK_FAILED', `expected a released task, got one that failed with ${state.failure!.code}`);
  }
  if (state.phase !== 'released') {
    throw refuse('TASK_NOT_RELEASED', `expected a released task, got one that ends while ${state.phase}`);
  }
  const { round, close, active } = state;
  const last = `round ${round}: ${close!.uploads.length} uploads, decryptors ${active.join(', ')}`;
  return [replayed, steps.length === 1 ? last : `${steps.length} steps, the last in ${last}`];
}

/** The values that the ciphertexts hold, which are the released ones: by step, by group. */
async function checkSums(
  step: Step,
  transcript: TranscriptFile,
  replayed: Replayed,
): Promise<Float64Array[][]> {
  const { state, steps } = replayed;
  const { encryption } = state.card;
  const ring = await step('blobs', () => checkBlobs(transcript, replayed));
  await step('openings', async () => {
    const opened = await requireOpenings(state, ring, transcript.blobs);
    return [null, `${opened} shares opened by their dealers`];
  });
  const bytesOf = (reference: BlobReference): Bytes => transcript.blobs.get(reference.blob)!;
  await step('residues', async () => {
    const ciphertexts = steps.flatMap(ciphertextsOf);
    for (const ciphertext of ciphertexts) requireResidues(bytesOf(ciphertext), ring);
    return [
      null,
      `${ring.primes.length} primes of ${ring.degree} residues in ${ciphertexts.length} ciphertexts`,
    ];
  });
  const sums = await step('decryption', async () => {
    const groups = steps.map((released) =>
      openGroups(released, ring, bytesOf).map((chunks) => decodeSums(chunks, encryption)),
    );
    const chunks = groups.flat().length * chunkCount(encryption);
    return [groups, `${chunks} chunks, checksums hold`];
  });
  return step('aggregate', async () => {
    for (const [i, { release }] of steps.entries()) {
      if (!equalBytes(aggregateBytes(sums[i]!), bytesOf(release.aggregate))) {
        throw refuse(
          'AGGREGATE_MISMATCH',
          `expected the released values of step ${i} to be those of the ciphertexts, got others`,
        );
      }
    }
    return [sums, `${sums.flat().length * encryption.values} values, bit for bit`];
  });
}

/** Slots of every chunk of each group's sum: its uploads, and its part of each answer. */
function openGroups(
  step: ReleasedStep,
  ring: BfvRing,
  bytesOf: (reference: BlobReference) => Bytes,
): BigInt64Array[][] {
  const { card, close, uploads, answers } = step.state;
  const size = chunkCount(card.encryption) * chunkBytes(ring);
  const cohort = close!.uploads.map(({ organisation }) => organisation);
  return summedGroups(card, cohort).map((members, group) => {
    const added = members.map((organisation) => bytesOf(uploads.get(organisation)!));
    const answered = [...answers.values()].map((answer) =>
      bytesOf(answer).subarray(group * size, (group + 1) * size),
    );
    return openSum([...added, ...answered], ring);
  });
}

/** Bytes that a step's blobs must have, in the order of `ciphertextsOf`, the aggregate last. */
function expectedSizes({ state }: ReleasedStep, ring: BfvRing): number[] {
  const { encryption } = state.card;
  const cohort = state.close!.uploads.map(({ organisation }) => organisation);
  const groups = summedGroups(state.card, cohort).length;
  const upload = chunkCount(encryption) * chunkBytes(ring);
  return [
    ...cohort.map(() => upload),
    ...state.active.map(() => groups * upload),
    groups * encryption.values * Float64Array.BYTES_PER_ELEMENT,
  ];
}

async function checkBlobs(
  { blobs }: TranscriptFile,
  replayed: Replayed,
): Promise<readonly [BfvRing, string]> {
  const { state, steps } = replayed;
  const ring = bfvRing(state.card.encryption);
  for (const step of steps) {
    const sizes = expectedSizes(step, ring);
    const references = [...ciphertextsOf(step), step.release.aggregate];
    for (const [i, reference] of references.entries()) await requireBlob(blobs, reference, sizes[i]!);
  }
  for (const share of openedShares(state)) await requireBlob(blobs, share, share.bytes);
  const known = new Set(exportedBlobs(replayed).map(({ blob }) => blob));
  const foreign = [...blobs.keys()].find((hash) => !known.has(hash));
  if (foreign !== undefined)
    throw refuse('BLOB_FOREIGN', `expected blobs of the releases only, got ${foreign}`);
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

async function checkModels(
  step: Step,
  { state, steps }: Replayed,
  sums: readonly (readonly Float64Array[])[],
  { outcomeOf }: Expected,
): Promise<void> {
  if (outcomeOf === undefined) return;
  await step('model', async () => {
    const all = sums.map((groups, i) => ({ groups, cohort: state.releases[i]!.cohort }));
    for (const [i, { release }] of steps.entries()) {
      const outcome = outcomeText(await outcomeOf(state.card, all.slice(0, i + 1)));
      if (outcome !== outcomeText(release))
        throw refuse(
          'MODEL_MISMATCH',
          `expected ${outcome} of these values in step ${i}, got ${outcomeText(release)}`,
        );
    }
    return [null, `model ${state.releases.at(-1)!.release.modelHash}`];
  });
}

/** What a release says of the model, as one text. */
const outcomeText = ({
  modelHash,
  final,
  metrics,
}: Pick<Payloads['release'], 'modelHash' | 'final' | 'metrics'>) =>
  `model ${modelHash}, ${final ? 'final' : 'not final'}, metrics ${canonicalJson(metrics as unknown as Json)}`;

const refuse = (code: string, message: string): DomainError => new DomainError(code, message, 'conflict');
