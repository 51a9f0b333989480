import { DomainError } from '#core';
import type { EncryptionParameters } from './card.ts';

/*
 * Real vectors ↔ integer slots of the secure sum. A value becomes fixed point v · 2^fractionBits with stochastic rounding,
 * `lanes` signed digits share one slot, and the last slot of every chunk is a checksum that is linear modulo the plaintext
 * modulus: sums of chunks are chunks of sums. 64-bit slots are written as two 32-bit halves, low half first, as every
 * little-endian machine stores them; halves are exact in doubles where whole slots are not.
 */

const LANE_BITS = { 1: 59, 2: 29, 3: 19 } as const;
const TWO_32 = 2 ** 32;
/** Bound once: looking globals up in every iteration is slow where they are intercepted, as under Jest. */
const { floor } = Math;
/** Dither words are uniform in [0, 2^32). */
const DITHER_SCALE = 2 ** -32;

export interface LaneLayout {
  readonly lanes: 1 | 2 | 3;
  readonly laneBits: number;
  /** Largest |integer| a lane of the *sum* can hold. */
  readonly sumLimit: bigint;
  readonly valuesPerChunk: number;
}

/**
 * Uniform 32-bit words for the stochastic rounding of one chunk, `count` of them. Must be a function of secret, task,
 * step, chunk and exact input: a repeated encryption of the same input then yields the same integers.
 */
export type Dither = (chunk: number, count: number) => Uint32Array;

/** @throws LANES_UNSUPPORTED where the plaintext modulus has no room for the lanes, or a lane none for the sites. */
export function laneLayout(params: EncryptionParameters): LaneLayout {
  const { lanes, ringDegree, maxSites } = params;
  const laneBits = LANE_BITS[lanes];
  const halfModulus = (BigInt(params.plainModulus) - 1n) / 2n;
  const sumLimit = lanes === 1 ? halfModulus : 2n ** BigInt(laneBits - 1) - 1n;
  const largestSlot = Array.from({ length: lanes }, (_, lane) => sumLimit << BigInt(lane * laneBits));
  if (largestSlot.reduce((a, b) => a + b) > halfModulus || sumLimit < BigInt(maxSites)) {
    throw new DomainError(
      'LANES_UNSUPPORTED',
      `expected ${lanes} lanes of ${laneBits} bits with room for ${maxSites} sites modulo ${params.plainModulus}`,
      'invalid',
      { lanes, laneBits, maxSites },
    );
  }
  return { lanes, laneBits, sumLimit, valuesPerChunk: (ringDegree - 1) * lanes };
}

/** Largest |integer| a site may put into a lane: `maxSites` of them still fit, with sign. Rounded down to a double. */
export function valueLimit(params: EncryptionParameters): number {
  const limit = laneLayout(params).sumLimit / BigInt(params.maxSites);
  const spare = BigInt(Math.max(0, limit.toString(2).length - 53));
  return Number((limit >> spare) << spare);
}

/** Chunks a vector of `values` takes. */
export const chunkCount = (params: EncryptionParameters): number =>
  Math.ceil(params.values / laneLayout(params).valuesPerChunk);

/** Whole numbers of the fixed point, one a value, added after rounding; none beyond ± `bound`. */
export interface Noise {
  readonly values: Float64Array;
  readonly bound: number;
}

/**
 * Vector → chunks of `ringDegree` slots. Every value is checked before the first is encoded, with room for the noise.
 * @throws VALUES_LENGTH, VALUE_NOT_FINITE, VALUE_OVERFLOW with the index and the limit, never the value.
 */
export function encodeValues(
  values: Float64Array,
  params: EncryptionParameters,
  dither: Dither,
  noise?: Noise,
): BigInt64Array[] {
  requireLength(values.length, params.values, 'values');
  if (noise) requireLength(noise.values.length, params.values, 'noise values');
  requireWithinLimit(values, params, noise?.bound ?? 0);
  const layout = laneLayout(params);
  return Array.from({ length: chunkCount(params) }, (_, chunk) => {
    const start = chunk * layout.valuesPerChunk;
    const part = values.subarray(start, start + layout.valuesPerChunk);
    const digits = roundToDigits(part, 2 ** params.fractionBits, dither(chunk, part.length));
    if (noise) addNoise(digits, noise, start);
    const slots = packDigits(digits, layout, params.ringDegree);
    slots[params.ringDegree - 1] = checksumOf(slots, BigInt(params.plainModulus));
    return slots;
  });
}

function requireLength(got: number, expected: number, what: string): void {
  if (got !== expected) {
    throw new DomainError('VALUES_LENGTH', `expected ${expected} ${what}, got ${got}`, 'invalid', {
      expected,
      got,
    });
  }
}

function addNoise(digits: Float64Array, { values, bound }: Noise, start: number): void {
  for (let i = 0; i < digits.length; i++) {
    const value = values[start + i]!;
    if (!(Math.abs(value) <= bound))
      throw new DomainError('NOISE_OVERFLOW', `expected noise of at most ±${bound} at index ${start + i}`);
    digits[i]! += value;
  }
}

function requireWithinLimit(values: Float64Array, params: EncryptionParameters, reserved: number): void {
  const limit = valueLimit(params) - reserved;
  const largest = limit / 2 ** params.fractionBits;
  let index = 0;
  // Comparing this way round also stops NaN.
  while (index < values.length && values[index]! <= largest && values[index]! >= -largest) index++;
  if (index === values.length) return;
  if (!Number.isFinite(values[index])) {
    throw new DomainError(
      'VALUE_NOT_FINITE',
      `expected a finite number at index ${index}, got one that is not`,
      'invalid',
      { index },
    );
  }
  throw new DomainError(
    'VALUE_OVERFLOW',
    `expected at most ±${largest} at index ${index} (${params.lanes} lanes, ${params.fractionBits} fraction bits, ` +
      `${params.maxSites} sites), got a larger value`,
    'limit',
    {
      index,
      limit: largest,
      lanes: params.lanes,
      fractionBits: params.fractionBits,
      maxSites: params.maxSites,
    },
  );
}

/** Stochastic rounding: up with probability equal to the fraction, so that the expectation is the value itself. */
function roundToDigits(part: Float64Array, scale: number, draws: Uint32Array): Float64Array {
  const digits = new Float64Array(part.length);
  for (let i = 0; i < part.length; i++) {
    const exact = part[i]! * scale;
    const below = floor(exact);
    digits[i] = draws[i]! * DITHER_SCALE < exact - below ? below + 1 : below;
  }
  return digits;
}

function packDigits(
  digits: Float64Array,
  { lanes, laneBits }: LaneLayout,
  ringDegree: number,
): BigInt64Array {
  const slots = new BigInt64Array(ringDegree);
  const halves = new Int32Array(slots.buffer);
  for (let slot = 0, first = 0; first < digits.length; slot++, first += lanes) {
    const end = Math.min(first + lanes, digits.length);
    let low = 0;
    let high = 0;
    for (let i = first, weight = 1; i < end; i++, weight *= 2 ** laneBits) {
      // Exact: a digit times a power of two, split at bit 32.
      const shifted = digits[i]! * weight;
      const upper = floor(shifted / TWO_32);
      high += upper;
      low += shifted - upper * TWO_32;
    }
    halves[2 * slot] = low; // stored modulo 2^32
    halves[2 * slot + 1] = high + floor(low / TWO_32);
  }
  return slots;
}

/**
 * Σ (N − 1 − i) · slot_i mod t over all slots but the last, as a sum of running sums, centred. The weights make it
 * notice exchanged slots as well as wrong ones.
 */
function checksumOf(slots: BigInt64Array, t: bigint): bigint {
  const big = BigInt;
  // Running sum and sum of running sums; typed, as V8 keeps 64-bit integers unboxed in an array but not across a loop.
  const sums = new BigInt64Array(2);
  for (let i = 0; i < slots.length - 1; i++) {
    const moved = big.asIntN(64, sums[0]! + slots[i]!);
    const lowered = big.asIntN(64, moved - t);
    const raised = big.asIntN(64, moved + t);
    if (moved >= t) sums[0] = lowered;
    else sums[0] = moved < 0n ? raised : moved;
    const total = big.asIntN(64, sums[1]! + sums[0]);
    const reduced = big.asIntN(64, total - t);
    sums[1] = total >= t ? reduced : total;
  }
  const weighted = sums[1]!;
  return weighted > t / 2n ? weighted - t : weighted;
}

/**
 * Chunks of summed slots, centred modulo the plaintext modulus → the summed vector.
 * @throws VALUES_LENGTH, CHECKSUM_MISMATCH naming the first chunk whose checksum does not hold: a missing or wrong answer.
 */
export function decodeSums(chunks: readonly BigInt64Array[], params: EncryptionParameters): Float64Array {
  requireLength(chunks.length, chunkCount(params), 'chunks');
  const layout = laneLayout(params);
  const t = BigInt(params.plainModulus);
  const sums = new Float64Array(params.values);
  chunks.forEach((slots, chunk) => {
    requireLength(slots.length, params.ringDegree, 'slots');
    if ((slots[slots.length - 1]! - checksumOf(slots, t)) % t !== 0n) {
      throw new DomainError(
        'CHECKSUM_MISMATCH',
        `expected the checksum of chunk ${chunk} to hold, got another`,
        'conflict',
        { chunk },
      );
    }
    const start = chunk * layout.valuesPerChunk;
    unpackSlots(slots, layout, sums.subarray(start, start + layout.valuesPerChunk));
  });
  const unit = 2 ** -params.fractionBits;
  for (let i = 0; i < sums.length; i++) sums[i]! *= unit;
  return sums;
}

function unpackSlots(slots: BigInt64Array, { lanes, laneBits }: LaneLayout, digits: Float64Array): void {
  const halves = new Int32Array(slots.buffer, slots.byteOffset, 2 * slots.length);
  const base = 2 ** laneBits;
  for (let slot = 0, first = 0; first < digits.length; slot++, first += lanes) {
    const low = halves[2 * slot]!;
    const high = halves[2 * slot + 1]!;
    if (lanes === 1) {
      digits[first] = high * TWO_32 + (low >>> 0);
      continue;
    }
    // The lowest digit with its sign; what remains above it is exact in a double.
    const lowest = (low << (32 - laneBits)) >> (32 - laneBits);
    let rest = high * (TWO_32 / base) + ((low >>> 0) - lowest) / base;
    digits[first] = lowest;
    for (let lane = 1; lane < lanes && first + lane < digits.length; lane++) {
      const above = lane === lanes - 1 ? 0 : floor(rest / base + 0.5);
      digits[first + lane] = rest - above * base;
      rest = above;
    }
  }
}
