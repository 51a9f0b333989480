import { memoryUsage } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Bytes, DomainError, generateSigningKey } from '#core';
import type { Aggregator, Dealing } from '#federation';
import { ringOf } from './ring.ts';
import { CIPHERTEXT_PRIMES, RING_DEGREE, thresholdParameters } from './parameters.ts';
import { agreementKeyPair, seal, unseal } from './sealing.ts';
import { parseShare } from './sharing.ts';
import { requireCiphertext, thresholdAggregator } from './threshold-aggregator.ts';

/*
 * Ten thousand blobs of a hostile member, through every door that foreign bytes have. A door takes what is well formed and
 * refuses the rest by one name; nothing else is thrown, and nothing is kept.
 */

const MINUTES = 60_000;
const BLOBS = 10_000;
const RESIDENT_SLACK_BYTES = 200 * 2 ** 20;
const params = thresholdParameters({ values: 1, lanes: 1, fractionBits: 0, maxSites: 4 });
const ring = ringOf(RING_DEGREE, CIPHERTEXT_PRIMES);
const context = { cardHash: 'c0'.repeat(32), dealer: 'north', decryptor: 'south', index: 1 };

let aggregator: Aggregator & Disposable;
let site: Dealing;
beforeAll(async () => {
  aggregator = await thresholdAggregator(params);
  site = aggregator.deal(2, 4);
});
afterAll(() => aggregator[Symbol.dispose]());

type Mutation = (bytes: Bytes) => Bytes;

const anyByte = fc.integer({ min: 1, max: 255 });
/** One byte, one residue, the length, the start, everything. */
const MUTATIONS: Readonly<Record<string, fc.Arbitrary<Mutation>>> = {
  'a byte': fc.tuple(fc.nat(), anyByte).map(([at, by]) => (bytes) => {
    bytes[at % bytes.length]! ^= by;
    return bytes;
  }),
  'a residue': fc
    .tuple(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
    .map(([at, value]) => (bytes) => {
      const words = new DataView(bytes.buffer, bytes.byteOffset);
      words.setBigUint64(8 * (at % Math.floor(bytes.length / 8)), value, true);
      return bytes;
    }),
  'a shorter one': fc.nat().map((length) => (bytes) => bytes.slice(0, length % bytes.length)),
  'a longer one': fc.integer({ min: 1, max: 4_096 }).map((more) => (bytes) => {
    const longer = new Uint8Array(bytes.length + more);
    longer.set(bytes);
    return longer;
  }),
  'a shifted one': fc.integer({ min: 1, max: 7 }).map((by) => (bytes) => {
    bytes.copyWithin(by, 0);
    return bytes;
  }),
  'random bytes': fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(2 * 196_608)).map(
    ([noise, length]) =>
      () =>
        new Uint8Array(Buffer.alloc(length, noise)),
  ),
};
const CLASSES = Object.keys(MUTATIONS);

const outcomeOf = (run: () => unknown): string => {
  try {
    run();
    return 'taken';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

/** Whether bytes are residues below their primes and of the right number, by the definition. */
function wellFormed(bytes: Uint8Array, length: number): boolean {
  if (bytes.length !== length) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = ring.length;
  for (let i = 0; i < length / 8; i++) {
    const prime = CIPHERTEXT_PRIMES[i < body ? Math.floor(i / RING_DEGREE) : (i - body) % 3]!;
    if (view.getBigUint64(8 * i, true) >= prime) return false;
  }
  return true;
}

describe('10^4 mutated blobs into the loader: each is taken as residues or meets its named refusal, parent alive, memory bounded', () => {
  const perClass = Math.ceil(BLOBS / CLASSES.length / 3);

  it.each(CLASSES)(
    '%s',
    async (name) => {
      const upload = aggregator.encrypt(site.secret, new BigInt64Array(8192), {
        cardHash: 'c0',
        round: 1,
        chunk: 0,
      });
      const [share] = site.shares;
      const [dealer, decryptor, signing] = [
        agreementKeyPair(),
        agreementKeyPair(),
        await generateSigningKey(),
      ];
      const sealed = await seal(share!.subarray(0, 400), {
        agreementPrivateKey: dealer.privateKey,
        signingPrivateKey: signing.privateKey,
        recipient: decryptor.publicKey,
        context,
      });
      const unsealing = {
        agreementPrivateKey: decryptor.privateKey,
        sender: { agreementKey: dealer.publicKey, signingKey: signing.publicKey },
        context,
      };
      const residentBytes = memoryUsage().rss;
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(MUTATIONS[name]!, async (mutate) => {
          const ciphertext = mutate(upload.slice());
          const expected = wellFormed(ciphertext, upload.length) ? 'taken' : 'CIPHERTEXT_MALFORMED';
          expect(outcomeOf(() => requireCiphertext(ciphertext, 1, params))).toBe(expected);
          expect(outcomeOf(() => aggregator.combine(ciphertext, []))).toBe(expected);
          const plain = mutate(share!.slice());
          const read = wellFormed(plain, share!.length) ? 'taken' : 'SHARE_MALFORMED';
          expect(outcomeOf(() => parseShare(plain, ring))).toBe(read);
          const blob = mutate(sealed.slice());
          const refused = expect.objectContaining({
            code: expect.stringMatching(/^(?:SIGNATURE_INVALID|SHARE_UNSEALABLE)$/),
          });
          const same = Buffer.from(blob).equals(sealed);
          expect(await unseal(blob, unsealing).catch((error: unknown) => error)).toEqual(
            same ? share!.subarray(0, 400) : refused,
          );
          seen.add(expected).add(read);
        }),
        { numRuns: perClass },
      );
      expect([...seen].filter((code) => code !== 'taken')).not.toEqual([]);
      expect(memoryUsage().rss).toBeLessThan(residentBytes + RESIDENT_SLACK_BYTES);
      // Still at work.
      expect(aggregator.add([upload, upload])).toHaveLength(upload.length);
    },
    3 * MINUTES,
  );
});
