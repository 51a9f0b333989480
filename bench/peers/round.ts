import type { Bytes } from '#core';
import { seededDither, thresholdAggregator } from '#encryption';
import {
  type Aggregator,
  chunkCount,
  type Dealing,
  decodeSums,
  encodeValues,
  type EncryptionParameters,
} from '#federation';
import {
  finestParameters,
  type Lanes,
  maxErrorOfMean,
  type Question,
  questionTo,
  vectorOf,
} from './workload.ts';

/**
 * One round of one scheme, over all sites. Seconds are processor time of all threads: on an idle machine a single-threaded
 * round takes as long, and on a busy one they do not count what others made it wait.
 */
export interface Round {
  /** By site: encode, encrypt or mask, serialise. */
  readonly siteSeconds: readonly number[];
  /** Parse, add, and for schemes that the server opens: open and decode. */
  readonly serverSeconds: number;
  /** What one party does to open the sum: a client's decryption, one decryptor's answer, nothing. */
  readonly openSeconds: number;
  readonly uploadBytes: number;
  /** Of the mean, in the unit of the values. */
  readonly maxError: number;
}

/** A committee of all ten sites, as defaultPolicy makes it: t = f + 1, Q = ⌊(n + t − 1)/2⌋ + 1, k_min = t + 1. */
export const COMMITTEE = { decryptors: 10, threshold: 4, quorum: 7, minimumOrganisations: 5 } as const;
const ACTIVE = [1, 3, 4, 8];

/** Bytes of one ring element, which is one chunk's upload, answer or key share. */
export const CHUNK_BYTES = 196_608;

const secondsOf = <T>(work: () => T): readonly [seconds: number, result: T] => {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [(user + system) / 1e6, result];
};

/** The threshold scheme, set up for one number of lanes. */
export interface ThresholdRounds extends Disposable {
  /** By site: its secret and the shares of it, once a card. */
  readonly dealSeconds: readonly number[];
  /** A round under a number that was not used before; the first `dropped` sites do not upload. */
  run(round: number, dropped?: number): Round;
}

export async function thresholdRounds(lanes: Lanes, values: number, sites: number): Promise<ThresholdRounds> {
  const params = finestParameters(lanes, values);
  const aggregator = await thresholdAggregator(params);
  const deal = () => aggregator.deal(COMMITTEE.threshold, COMMITTEE.decryptors);
  const dealt = Array.from({ length: sites }, () => secondsOf(deal));
  const dealings = dealt.map(([, dealing]) => dealing);
  const vectors = dealings.map((_, site) => vectorOf(site, values));
  return {
    dealSeconds: dealt.map(([seconds]) => seconds),
    run: (round, dropped = 0) =>
      runRound(
        { aggregator, params, dealings: dealings.slice(dropped), vectors: vectors.slice(dropped) },
        round,
      ),
    [Symbol.dispose]: () => aggregator[Symbol.dispose](),
  };
}

interface Setting {
  readonly aggregator: Aggregator;
  readonly params: EncryptionParameters;
  readonly dealings: readonly Dealing[];
  readonly vectors: readonly Float64Array[];
}

function uploadOf({ aggregator, params, dealings, vectors }: Setting, site: number, round: number): Bytes[] {
  const { secret } = dealings[site]!;
  const values = vectors[site]!;
  const dither = seededDither(secret, { cardHash: 'bench', step: String(round), values });
  return encodeValues(values, params, dither).map((slots, chunk) =>
    aggregator.encrypt(secret, slots, { cardHash: 'bench', round, chunk }),
  );
}

function answerOf({ aggregator, params, dealings }: Setting, index: number, round: number): Bytes[] {
  return Array.from({ length: chunkCount(params) }, (_, chunk) => {
    const question: Question = { active: ACTIVE, round, chunk };
    return aggregator.answer(questionTo(index, dealings, question));
  });
}

function runRound(setting: Setting, round: number): Round {
  const { aggregator, params, vectors } = setting;
  const uploads = vectors.map((_, site) => secondsOf(() => uploadOf(setting, site, round)));
  const answers = ACTIVE.map((index) => secondsOf(() => answerOf(setting, index, round)));
  const [serverSeconds, sums] = secondsOf(() => {
    const chunks = Array.from({ length: chunkCount(params) }, (_, chunk) => {
      const total = aggregator.add(uploads.map(([, upload]) => upload[chunk]!));
      return aggregator.combine(
        total,
        answers.map(([, answer]) => answer[chunk]!),
      );
    });
    return decodeSums(chunks, params);
  });
  return {
    siteSeconds: uploads.map(([seconds]) => seconds),
    serverSeconds,
    openSeconds: answers.reduce((sum, [seconds]) => sum + seconds, 0) / answers.length,
    uploadBytes: uploads[0]![1].reduce((sum, chunk) => sum + chunk.length, 0),
    maxError: maxErrorOfMean(vectors, sums),
  };
}
