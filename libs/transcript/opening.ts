import { type Bytes, concat, DomainError, utf8 } from '#core';
import { requireOpening, shareTestSeed, type TaskState } from '#federation';
import type { BfvRing } from './bfv.ts';
import { shake256Words } from './shake256.ts';

/** Challenges of the share test, and numbers a prime that mask its responses, as libs/encryption deals them. */
const CHALLENGES = 2;
const WORD_BYTES = 8;
const LOW_60 = (1n << 60n) - 1n;

/**
 * Every share that a dealer opened gives the responses it claimed, to a challenge nobody could choose.
 * @throws OPENING_MALFORMED, OPENING_FALSE
 */
export async function requireOpenings(
  state: TaskState,
  ring: BfvRing,
  blobs: ReadonlyMap<string, Bytes>,
): Promise<number> {
  let opened = 0;
  for (const [dealer, { openings }] of state.openings) {
    const seed = await shareTestSeed(state, dealer);
    for (const { share, responses } of openings) {
      requireOpening(responsesOf(blobs.get(share.blob)!, seed, ring), responses);
      opened++;
    }
  }
  return opened;
}

/** ⟨r, S⟩ + ρ modulo each prime, for both challenges r = Expand("sharetest", seed, challenge). */
function responsesOf(share: Bytes, seed: Bytes, { degree, primes }: BfvRing): string[] {
  const words = primes.length * (degree + CHALLENGES);
  if (share.length !== WORD_BYTES * words) {
    throw new DomainError(
      'OPENING_MALFORMED',
      `expected a share of ${WORD_BYTES * words} bytes, got ${share.length}`,
    );
  }
  const view = new DataView(share.buffer, share.byteOffset, share.byteLength);
  const at = (word: number): bigint => view.getBigUint64(WORD_BYTES * word, true);
  const responses: string[] = [];
  for (let challenge = 0; challenge < CHALLENGES; challenge++) {
    const stream = shake256Words(challengeInput(seed, challenge));
    primes.forEach(({ modulus }, j) => {
      let sum = at(primes.length * degree + challenge * primes.length + j);
      for (let i = 0; i < degree; i++) {
        sum = (sum + uniformBelow(modulus, stream) * at(j * degree + i)) % modulus;
      }
      responses.push(String(sum));
    });
  }
  return responses;
}

/** By rejection: the 60 low bits of the next words, until they are small enough. */
function uniformBelow(modulus: bigint, stream: Generator<bigint, never>): bigint {
  for (;;) {
    const candidate = stream.next().value & LOW_60;
    if (candidate < modulus) return candidate;
  }
}

/** Length-prefixed fields, numbers as 64-bit little-endian integers. */
function challengeInput(seed: Bytes, challenge: number): Bytes {
  const number = new Uint8Array(BigUint64Array.of(BigInt(challenge)).buffer);
  const fields = [utf8('sharetest'), seed, number];
  return concat(...fields.flatMap((field) => [new Uint8Array(Uint32Array.of(field.length).buffer), field]));
}
