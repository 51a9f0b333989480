import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Bytes, canonicalJson, concat, sha256Hex, utf8 } from '#core';
import { type AnyMessage, encodeValues, type EncryptionParameters } from '#federation';
import { blobsOf, chainOf, messagesOf, type Parties, parties, type Round, rooted, say } from './story.ts';
import { type BfvRing, bfvRing } from './bfv.ts';
import type { TranscriptEntry } from './chain.ts';
import { parseTranscript, serializeTranscript } from './file.ts';
import { forwardNtt, inverseNtt } from './ntt.ts';
import { type Verdict, verifyTranscript } from './verify.ts';

const N = 16;
const ENCRYPTION: EncryptionParameters = {
  scheme: 'threshold-bfv/1',
  ringDegree: N,
  primes: ['1152921504606683137', '1152921504606748673', '1152921504606830593'],
  plainModulus: '576460752303210497',
  lanes: 2,
  fractionBits: 4,
  maxSites: 4,
  values: 40, // two chunks of 15 slots × 2 lanes
};
/** Sums −5, −4.75, … 4.75: exact at four fraction bits. */
const SUMS = Float64Array.from({ length: ENCRYPTION.values }, (_, i) => (i - 20) / 4);
const MODEL_HASH = 'ab'.repeat(32);

const words = (residues: BigUint64Array): Bytes => {
  const bytes = new Uint8Array(residues.byteLength);
  residues.forEach((residue, i) => new DataView(bytes.buffer).setBigUint64(8 * i, residue, true));
  return bytes;
};
const doubles = (values: Float64Array): Bytes => {
  const bytes = new Uint8Array(values.byteLength);
  values.forEach((value, i) => new DataView(bytes.buffer).setFloat64(8 * i, value, true));
  return bytes;
};

/** Slots → Δ·m + noise in transform order: what uploads and answers add up to. */
function phaseOf(slots: BigInt64Array, ring: BfvRing, noise: bigint): BigUint64Array {
  const t = ring.plain.modulus;
  const m = new BigUint64Array(N);
  ring.slotPlaces.forEach((place, j) => (m[place] = ((slots[j]! % t) + t) % t));
  inverseNtt(m, ring.plain);
  const phase = new BigUint64Array(ring.primes.length * N);
  ring.primes.forEach((prime, i) => {
    const part = phase.subarray(i * N, (i + 1) * N);
    m.forEach((c, k) => (part[k] = ((ring.q * c + t / 2n) / t + noise) % prime.modulus));
    forwardNtt(part, prime);
  });
  return phase;
}

/** Six addends of the phase, five of them arbitrary: what the ciphertexts of a round look like to an outsider. */
function split(phase: BigUint64Array, ring: BfvRing, seed: bigint): BigUint64Array[] {
  const modulus = (word: number) => ring.primes[Math.floor(word / N)]!.modulus;
  const addends = Array.from({ length: 5 }, (_, a) =>
    phase.map(
      (_value, word) => (seed * BigInt(7919 * (a + 1)) ** 5n * BigInt(word + 3) ** 7n) % modulus(word),
    ),
  );
  const last = phase.map((value, word) => {
    const sum = addends.reduce((total, addend) => total + addend[word]!, 0n);
    return (value + 5n * modulus(word) - (sum % modulus(word))) % modulus(word);
  });
  return [...addends, last];
}

function roundOf(seed: bigint): Round {
  const ring = bfvRing(ENCRYPTION);
  const chunks = encodeValues(SUMS, ENCRYPTION, (_chunk, count) => new Uint32Array(count));
  const parts = chunks.map((slots) => split(phaseOf(slots, ring, 12_345n), ring, seed));
  const blobs = Array.from({ length: 6 }, (_, k) => concat(...parts.map((chunk) => words(chunk[k]!))));
  return {
    uploads: blobs.slice(0, 4),
    answers: blobs.slice(4),
    aggregate: doubles(SUMS),
    modelHash: MODEL_HASH,
  };
}

const contents = ({ uploads, answers, aggregate }: Round): Bytes[] => [...uploads, ...answers, aggregate];

async function fileOf(messages: readonly AnyMessage[], round: Round, ...more: Bytes[]): Promise<Bytes> {
  return serializeTranscript({
    entries: await chainOf(messages),
    blobs: await blobsOf(...contents(round), ...more),
  });
}

const failure = ({ verified, checks }: Verdict): string => {
  const last = checks.at(-1)!;
  return verified ? 'verified' : `${last.name} ${last.code}`;
};

let story: Parties;
let round: Round;
let messages: AnyMessage[];
let file: Bytes;

beforeAll(async () => {
  story = await parties(ENCRYPTION);
  round = roundOf(1n);
  messages = await messagesOf(story, [round]);
  file = await fileOf(messages, round);
});

/** The story with `change` made by somebody who holds every key. */
async function verdictOf(change: Partial<Round>, ...more: Bytes[]): Promise<string> {
  const changed = { ...round, ...change };
  return failure(await verifyTranscript(await fileOf(await messagesOf(story, [changed]), changed, ...more)));
}

/** The same ciphertexts under other messages, in a chain of their own. */
const rechained = async (changed: readonly AnyMessage[]): Promise<string> =>
  failure(await verifyTranscript(await fileOf(await rooted(story, changed), round)));

const last = (blobs: readonly Bytes[], change: (bytes: Bytes) => Bytes): Bytes[] => [
  ...blobs.slice(0, -1),
  change(blobs.at(-1)!),
];

const withFirst =
  (residue: bigint) =>
  (bytes: Bytes): Bytes => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setBigUint64(0, residue, true);
    return copy;
  };

const flipped = (bytes: Bytes, at: number, mask: number): Bytes =>
  bytes.map((byte, i) => (i === at ? byte ^ mask : byte));

describe('a released task', () => {
  it('is verified from its file alone', async () => {
    const verdict = await verifyTranscript(file, {
      cardHash: story.cardHash,
      root: (await chainOf(messages)).at(-1)!.hash,
      outcomeOf: async (_card, steps) => ({
        modelHash: steps[0]!.groups[0]!.every((value, i) => value === SUMS[i]) ? MODEL_HASH : '',
        final: true,
        metrics: null,
      }),
    });
    expect(verdict.checks.map(({ name, ok }) => [name, ok])).toEqual(
      [
        'format',
        'chain',
        'card',
        'signatures',
        'protocol',
        'blobs',
        'openings',
        'residues',
        'decryption',
        'aggregate',
        'model',
      ].map((name) => [name, true]),
    );
    expect(verdict).toMatchObject({
      verified: true,
      cardHash: story.cardHash,
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is verified after a burned round, whose ciphertexts are not in the file', async () => {
    const said = await messagesOf(story, [roundOf(2n), round]);
    expect(failure(await verifyTranscript(await fileOf(said, round)))).toBe('verified');
  });

  it('has one file, which reads back as what was written', async () => {
    const transcript = parseTranscript(file);
    expect(transcript).toEqual({
      entries: await chainOf(messages),
      blobs: await blobsOf(...contents(round)),
    });
    expect(serializeTranscript(transcript)).toEqual(file);
  });
});

describe('a changed file', () => {
  it('fails a named check wherever one byte differs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const { verified, checks } = await verifyTranscript(flipped(file, at, mask));
          expect(verified).toBe(false);
          expect(checks.at(-1)).toMatchObject({ ok: false, code: expect.stringMatching(/^[A-Z0-9_]+$/) });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('fails wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: file.length - 1 }), async (length) => {
        expect((await verifyTranscript(file.slice(0, length))).verified).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('fails when entries are cut off, swapped or doubled', async () => {
    const { entries, blobs } = parseTranscript(file);
    const verdict = async (changed: readonly TranscriptEntry[]) =>
      failure(await verifyTranscript(serializeTranscript({ entries: changed, blobs })));
    expect(await verdict(entries.slice(0, -1))).toBe('protocol TASK_NOT_RELEASED');
    expect(await verdict(entries.slice(1))).toBe('chain TRANSCRIPT_BROKEN');
    expect(await verdict(entries.toSpliced(2, 2, entries[3]!, entries[2]!))).toBe('chain TRANSCRIPT_BROKEN');
    expect(await verdict([...entries, entries.at(-1)!])).toBe('chain TRANSCRIPT_BROKEN');
  });

  it('fails when it is chained anew over other messages', async () => {
    const [first, second] = [messages[0]!, messages[1]!];
    const rest = messages.slice(2);
    expect(await rechained([second, first, ...rest])).toBe('card CARD_MISSING');
    expect(await rechained([first, ...rest.slice(0, 4), second, ...rest.slice(4)])).toBe(
      'protocol DEALERS_MISMATCH',
    );
    expect(await rechained([first, second, second, ...rest])).toBe('protocol SHARE_COPIED');
    expect(await rechained([...messages, messages.at(-1)!])).toBe('protocol PHASE_MISMATCH');
    expect(await rechained([first, { ...second, signature: '00'.repeat(64) }, ...rest])).toBe(
      'signatures SIGNATURE_INVALID',
    );
    expect(await rechained([first, { ...second, sender: 'nobody' }, ...rest])).toBe(
      'signatures NOT_IN_ROSTER',
    );
  });

  it('fails with messages of another task of the same organisations', async () => {
    const card = { ...story.card, taskId: 'task-2' };
    const other = { ...story, card, cardHash: await sha256Hex(utf8('another card')) };
    const foreign = await say(other, 'deal', 'north', { shares: [] });
    const changed = messages.toSpliced(1, 1, foreign);
    expect(await rechained(changed)).toBe('protocol MESSAGE_OTHER_TASK');
  });

  it('is not the one expected', async () => {
    expect(failure(await verifyTranscript(file, { root: '0'.repeat(64) }))).toBe(
      'chain TRANSCRIPT_OTHER_ROOT',
    );
    expect(failure(await verifyTranscript(file, { cardHash: '0'.repeat(64) }))).toBe('card CARD_OTHER');
    for (const outcome of [
      { modelHash: '0'.repeat(64), final: true, metrics: null },
      { modelHash: MODEL_HASH, final: false, metrics: null },
    ])
      expect(failure(await verifyTranscript(file, { outcomeOf: async () => outcome }))).toBe(
        'model MODEL_MISMATCH',
      );
  });
});

describe('parties that sign what is wrong', () => {
  it('are found out by the numbers', async () => {
    const { uploads, answers, aggregate } = round;
    expect(await verdictOf({ answers: last(answers, (answer) => flipped(answer, 3, 1)) })).toBe(
      'decryption CHECKSUM_MISMATCH',
    );
    expect(await verdictOf({ uploads: last(uploads, () => uploads[0]!) })).toBe(
      'decryption CHECKSUM_MISMATCH',
    );
    expect(await verdictOf({ uploads: last(uploads, (upload) => upload.slice().fill(255, 8, 16)) })).toBe(
      'residues RESIDUE_TOO_LARGE',
    );
    expect(await verdictOf({ uploads: last(uploads, (upload) => upload.slice(8)) })).toBe(
      'blobs BLOB_LENGTH',
    );
    expect(await verdictOf({ aggregate: flipped(aggregate, 0, 1) })).toBe('aggregate AGGREGATE_MISMATCH');
    expect(await verdictOf({ aggregate: aggregate.slice(8) })).toBe('blobs BLOB_LENGTH');
    expect(await verdictOf({}, utf8('a sealed share'))).toBe('blobs BLOB_FOREIGN');
  });

  it('refuses every residue that is not below its prime, and none below', async () => {
    const [prime] = ENCRYPTION.primes.map(BigInt);
    for (const residue of [prime!, prime! + 1n, prime! | 0xffff_ffffn, 2n ** 64n - 1n]) {
      expect(await verdictOf({ uploads: last(round.uploads, withFirst(residue)) })).toBe(
        'residues RESIDUE_TOO_LARGE',
      );
    }
    for (const residue of [prime! - 1n, 0n]) {
      expect(await verdictOf({ uploads: last(round.uploads, withFirst(residue)) })).toBe(
        'decryption CHECKSUM_MISMATCH',
      );
    }
  });

  it('cannot leave a blob out or exchange its content', async () => {
    const entries = await chainOf(messages);
    const blobs = await blobsOf(...contents(round));
    const [some] = blobs.keys();
    blobs.set(some!, flipped(blobs.get(some!)!, 0, 1));
    expect(failure(await verifyTranscript(serializeTranscript({ entries, blobs })))).toBe(
      'blobs BLOB_HASH_MISMATCH',
    );
    blobs.delete(some!);
    expect(failure(await verifyTranscript(serializeTranscript({ entries, blobs })))).toBe(
      'blobs BLOB_MISSING',
    );
  });

  it.each<[string, Partial<EncryptionParameters>, string]>([
    ['the plain sum of a simulation', { scheme: 'plain/1' }, 'card PLAIN_TRANSCRIPT'],
    ['a ring without transform', { ringDegree: 12 }, 'blobs CARD_RING'],
    ['a card that is no card', { values: 0.5 }, 'card CARD_MALFORMED'],
  ])('cannot pass off %s', async (_name, change, expected) => {
    const { card, keys } = await parties({ ...ENCRYPTION, ...change });
    const other = {
      card,
      keys,
      cardHash: await sha256Hex(utf8(canonicalJson(JSON.parse(JSON.stringify(card))))),
    };
    expect(failure(await verifyTranscript(await fileOf(await messagesOf(other, [round]), round)))).toBe(
      expected,
    );
  });

  it('cannot pass off a task that failed', async () => {
    const failed = await say(story, 'fail', 'platform', {
      code: 'COHORT_TOO_SMALL',
      organisations: ['east'],
      series: null,
      previous: (await chainOf(messages)).at(-2)!.hash,
    });
    const changed = [...messages.slice(0, -1), failed];
    expect(failure(await verifyTranscript(await fileOf(changed, round)))).toBe('protocol TASK_FAILED');
  });
});
