/*
 * SHAKE-256 (FIPS 202), which Web Crypto does not have: needed to recompute public challenges in a browser. Written for
 * reading; the product itself hashes with node:crypto, and a spec holds the two against each other.
 */

const RATE_BYTES = 136;
const LANES = 25;
const MASK = (1n << 64n) - 1n;

const rotl = (x: bigint, n: number): bigint => ((x << BigInt(n)) | (x >> BigInt(64 - n))) & MASK;

/** ρ: rotation of lane x + 5y. */
const ROTATIONS = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
] as const;

/** ι: round constants, from the linear feedback shift register of FIPS 202, algorithm 5. */
const ROUND_CONSTANTS = Array.from({ length: 24 }, (_, round) => {
  let constant = 0n;
  for (let j = 0; j <= 6; j++) if (feedbackBit(j + 7 * round)) constant |= 1n << BigInt(2 ** j - 1);
  return constant;
});

function feedbackBit(t: number): boolean {
  let register = 1;
  for (let i = 0; i < t % 255; i++) {
    register <<= 1;
    if (register & 0x100) register ^= 0x171;
  }
  return (register & 1) === 1;
}

function permute(state: BigUint64Array): void {
  for (const constant of ROUND_CONSTANTS) {
    const parity = Array.from({ length: 5 }, (_, x) => {
      let column = 0n;
      for (let y = 0; y < 5; y++) column ^= state[x + 5 * y]!;
      return column;
    });
    const mixed = Array.from(state, (lane, i) => {
      const x = i % 5;
      return lane ^ parity[(x + 4) % 5]! ^ rotl(parity[(x + 1) % 5]!, 1);
    });
    const moved = Array.from({ length: LANES }, () => 0n);
    mixed.forEach((lane, i) => {
      const [x, y] = [i % 5, Math.floor(i / 5)];
      moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotl(lane, ROTATIONS[i]!);
    });
    for (let i = 0; i < LANES; i++) {
      const row = 5 * Math.floor(i / 5);
      state[i] = moved[i]! ^ (~moved[row + ((i + 1) % 5)]! & MASK & moved[row + ((i + 2) % 5)]!);
    }
    state[0] = state[0]! ^ constant;
  }
}

/** The output stream for `input`, 64-bit little-endian words one after the other, without end. */
export function* shake256Words(input: Uint8Array): Generator<bigint, never> {
  const state = new BigUint64Array(LANES);
  const padded = new Uint8Array(Math.ceil((input.length + 1) / RATE_BYTES) * RATE_BYTES);
  padded.set(input);
  padded[input.length] = 0x1f;
  padded[padded.length - 1]! |= 0x80;
  const view = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE_BYTES) {
    for (let i = 0; i < RATE_BYTES / 8; i++) {
      state[i] = state[i]! ^ view.getBigUint64(block + 8 * i, true);
    }
    permute(state);
  }
  for (;;) {
    for (let i = 0; i < RATE_BYTES / 8; i++) yield state[i]!;
    permute(state);
  }
}
