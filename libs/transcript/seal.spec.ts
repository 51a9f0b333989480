import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Bytes, concat, sha256 } from '#core';
import { thresholdAggregator, thresholdParameters } from '#encryption';
import { agreementHashOf, decodeSums, encodeValues, uploadsHashOf } from '#federation';
import { bfvRing } from './bfv.ts';
import { serializeTranscript } from './file.ts';
import { openSum } from './residue-sum.ts';
import {
  ACTIVE,
  blobsOf,
  chainOf,
  messagesOf,
  ORGANISATIONS,
  parties,
  type Parties,
  type Round,
} from './story.ts';
import { verifyTranscript } from './verify.ts';

/** Two chunks at three lanes: 8191 · 3 values fill one. */
const ENCRYPTION = thresholdParameters({ values: 25_000, lanes: 3, fractionBits: 2, maxSites: 4 });
const CHUNKS = 2;

const VALUES = ORGANISATIONS.map((_organisation, site) =>
  Float64Array.from({ length: ENCRYPTION.values }, (_, i) => (((i * (site + 3)) % 4001) - 2000) / 4),
);
const SUMS = VALUES[0]!.map((_, i) => VALUES.reduce((sum, values) => sum + values[i]!, 0));

interface Sealed extends Round {
  /** What SEAL makes of the same ciphertexts. */
  readonly slots: readonly BigInt64Array[];
}

/** One round by the real aggregator: four sites, the first two decryptors. */
async function sealedRound({ cardHash }: Parties): Promise<Sealed> {
  using aggregator = await thresholdAggregator(ENCRYPTION);
  const component = (chunk: number) => ({ cardHash, round: 1, chunk });
  const dealings = ORGANISATIONS.map(() => aggregator.deal(2, ORGANISATIONS.length));
  const chunks = dealings.map(({ secret }, site) =>
    encodeValues(VALUES[site]!, ENCRYPTION, (_chunk, count) => new Uint32Array(count)).map((slots, chunk) =>
      aggregator.encrypt(secret, slots, component(chunk)),
    ),
  );
  const uploads = chunks.map((parts) => concat(...parts));
  const blobs = [...(await blobsOf(...uploads)).keys()];
  const model = cardHash;
  const close = {
    model,
    uploads: ORGANISATIONS.map((organisation, i) => ({ organisation, blob: blobs[i]! })),
  };
  const agreementHash = await agreementHashOf(await uploadsHashOf(close), ACTIVE, 0);
  const maskKey = await sha256(new Uint8Array(32));
  const answers = ACTIVE.map((index) =>
    Array.from({ length: CHUNKS }, (_, chunk) =>
      aggregator.answer({
        shares: dealings.map(({ shares }) => shares[index - 1]!),
        index,
        active: ACTIVE,
        maskKeys: new Map([[index === 1 ? 2 : 1, maskKey]]),
        agreementHash,
        component: component(chunk),
      }),
    ),
  );
  const slots = Array.from({ length: CHUNKS }, (_, chunk) => {
    const sum = aggregator.add(chunks.map((parts) => parts[chunk]!));
    return aggregator.combine(
      sum,
      answers.map((parts) => parts[chunk]!),
    );
  });
  const aggregate = new Uint8Array(decodeSums(slots, ENCRYPTION).buffer as ArrayBuffer);
  return {
    uploads,
    answers: answers.map((parts) => concat(...parts)),
    aggregate,
    modelHash: 'ab'.repeat(32),
    slots,
  };
}

let story: Parties;
let round: Sealed;

beforeAll(async () => {
  story = await parties(ENCRYPTION);
  round = await sealedRound(story);
}, 60_000);

describe('ciphertexts of SEAL', () => {
  const ring = bfvRing(ENCRYPTION);

  it('open to the same slots without SEAL, and these are the sums', () => {
    const opened = openSum([...round.uploads, ...round.answers], ring);
    expect(opened).toEqual(round.slots);
    expect(decodeSums(opened, ENCRYPTION)).toEqual(SUMS);
  });

  it('open to nothing while an answer or an upload is missing', () => {
    const all: Bytes[] = [...round.uploads, ...round.answers];
    for (const missing of all.keys()) {
      expect(() => decodeSums(openSum(all.toSpliced(missing, 1), ring), ENCRYPTION)).toThrow(
        expect.objectContaining({ code: 'CHECKSUM_MISMATCH' }),
      );
    }
  });

  it('verify as a released task', async () => {
    const { uploads, answers, aggregate } = round;
    const file = serializeTranscript({
      entries: await chainOf(await messagesOf(story, [round])),
      blobs: await blobsOf(...uploads, ...answers, aggregate),
    });
    const { verified, checks } = await verifyTranscript(file);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(verified).toBe(true);
  });
});
