import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { lagrangeAtZero } from '#federation';
import { CIPHERTEXT_MODULUS as q, CIPHERTEXT_PRIMES, PLAIN_MODULUS as t } from './parameters.ts';

/*
 * Why no site may touch the second component. In the textbook design everybody encrypts under one joint key, uploads are
 * pairs, and t of n decrypt their sum: one upload of Enc(x) + (0, K) makes the opened sum carry K·s, too small to change
 * a slot and far larger than any smudge. Both designs run here side by side in a ring of degree 32 with the real moduli:
 * modulo q as one integer, sharing at integer points, exactly as the engine does it prime by prime.
 */

const DEGREE = 32;
const SITES = 4;
const POINTS = [1, 2, 3, 4, 5];
const ACTIVE = [1, 3, 5];
const DELTA = q / t;
/** Uniform in ±2^100: wider by 2^80 than the uploads' noise. */
const SMUDGE_BITS = 100n;
/** Between the smudge and Δ/2. */
const K = 1n << 115n;

type Poly = readonly bigint[];

const mod = (x: bigint): bigint => ((x % q) + q) % q;
const centred = (x: bigint): bigint => (mod(x) > q / 2n ? mod(x) - q : mod(x));
const rounded = (x: bigint, by: bigint): bigint => (2n * x + by - ((((2n * x + by) % (2n * by)) + 2n * by) % (2n * by))) / (2n * by); // prettier-ignore
const poly = (of: (i: number) => bigint): Poly => Array.from({ length: DEGREE }, (_, i) => of(i));
const plus = (...terms: readonly Poly[]): Poly => poly((i) => mod(terms.reduce((sum, x) => sum + x[i]!, 0n)));
const times = (k: bigint, x: Poly): Poly => x.map((c) => mod(k * c));
const minus = (x: Poly): Poly => times(-1n, x);
/** x·y modulo X^DEGREE + 1. */
const product = (x: Poly, y: Poly): Poly =>
  poly((k) => {
    let sum = 0n;
    for (let i = 0; i < DEGREE; i++) {
      const term = x[i]! * y[(k - i + DEGREE) % DEGREE]!;
      sum += i > k ? -term : term;
    }
    return mod(sum);
  });

const random = (bits: bigint): bigint => BigInt(`0x${randomBytes(40).toString('hex')}`) & ((1n << bits) - 1n);
const uniform = (): Poly => poly(() => random(300n) % q);
const within = (bound: bigint): Poly => poly(() => (random(64n) % (2n * bound + 1n)) - bound);
const ternary = (): Poly => within(1n);
const smudge = (): Poly => poly(() => random(SMUDGE_BITS + 1n) - (1n << SMUDGE_BITS));

/** λ of a point modulo q, from its residues modulo the three primes. */
const lambda = (index: number): bigint =>
  mod(
    CIPHERTEXT_PRIMES.reduce((sum, p) => {
      const rest = q / p;
      const inverse = power(rest % p, p - 2n, p);
      return sum + lagrangeAtZero(ACTIVE, index, p) * rest * inverse;
    }, 0n),
  );

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let [result, square] = [1n, base];
  for (let e = exponent; e > 0n; e >>= 1n, square = (square * square) % p)
    if (e & 1n) result = (result * square) % p;
  return result;
}

/** Shares of a secret at the five points, any three of which open it. */
function share(secret: Poly): ReadonlyMap<number, Poly> {
  const [first, second] = [uniform(), uniform()];
  return new Map(POINTS.map((x) => [x, plus(secret, times(BigInt(x), first), times(BigInt(x * x), second))]));
}

const MESSAGES = Array.from({ length: SITES }, (_, site) => poly((i) => BigInt((site + 2) * i)));
const SUM = plus(...MESSAGES);
/** What rounding makes of an opened sum. */
const decoded = (phase: Poly): Poly => phase.map((c) => rounded(centred(c) * t, q));
/** What the attacker reads where it knows the sum: everything beside it, in units of K. */
const readOff = (phase: Poly): Poly => plus(phase, times(-DELTA, SUM)).map((c) => rounded(centred(c), K));

interface Opened {
  readonly phase: Poly;
  /** What must not show. */
  readonly key: Poly;
}

/** Joint key b = −a·s + e; uploads (b·u + e' + Δ·m, a·u + e''), the last one hostile. */
function textbook(hostile: Poly): Opened {
  const secrets = MESSAGES.map(ternary);
  const key = plus(...secrets).map(centred);
  const a = uniform();
  const b = plus(minus(product(a, key)), within(21n));
  let [c0, c1]: [Poly, Poly] = [poly(() => 0n), hostile];
  for (const message of MESSAGES) {
    const u = ternary();
    c0 = plus(c0, product(b, u), within(21n), times(DELTA, message));
    c1 = plus(c1, product(a, u), within(21n));
  }
  const shares = share(key);
  const answers = ACTIVE.map((l) => plus(product(c1, times(lambda(l), shares.get(l)!)), smudge()));
  return { phase: plus(c0, ...answers), key };
}

/** c0_i = −a·s_i + e_i + Δ·m_i under a public a; the hostile upload is the last site's own plus what it likes. */
function ours(hostile: (a: Poly) => Poly): Opened {
  const secrets = MESSAGES.map(ternary);
  const a = uniform();
  const uploads = MESSAGES.map((message, i) =>
    plus(minus(product(a, secrets[i]!)), within(21n), times(DELTA, message)),
  );
  const shares = secrets.map(share);
  const answers = ACTIVE.map((l) => {
    const sum = plus(...shares.map((of) => of.get(l)!));
    return plus(product(a, times(lambda(l), sum)), smudge());
  });
  // Zero-sum masks cancel over A: the opened sum, which is all this attack reads, is the same with them.
  return { phase: plus(...uploads, hostile(a), ...answers), key: plus(...secrets).map(centred) };
}

const constant = (k: bigint): Poly => poly((i) => (i === 0 ? k : 0n));
const nothing = poly(() => 0n);
const asNumbers = (x: Poly): number[] => x.map((c) => Number(centred(c)));

describe('the recovered-key attack above is run and recovers nothing', () => {
  let honest: Opened;
  beforeEach(() => {
    honest = textbook(nothing);
  });

  it('is against sums that open, in both designs', () => {
    for (const { phase } of [honest, ours(() => nothing)]) {
      expect(decoded(phase)).toEqual(SUM);
      expect(readOff(phase)).toEqual(nothing);
    }
  });

  it('reads the whole joint key off the textbook design, through 2^100 smudging, with an exact sum', () => {
    const { phase, key } = textbook(constant(K));
    expect(decoded(phase)).toEqual(SUM);
    expect(asNumbers(readOff(phase))).toEqual(asNumbers(key));
    expect(new Set(asNumbers(key)).size).toBeGreaterThan(2);
  });

  it('reads from ours what the attacker added, and nothing else', () => {
    for (let run = 0; run < 4; run++) {
      const { phase, key } = ours(() => constant(K));
      expect(decoded(phase)).toEqual(SUM);
      expect(asNumbers(readOff(phase))).toEqual([1, ...Array.from({ length: DEGREE - 1 }, () => 0)]);
      expect(asNumbers(readOff(phase))).not.toEqual(asNumbers(key));
    }
  });

  it('brings no multiple of a secret into the opened sum of ours, whatever the upload', () => {
    const additions: readonly ((a: Poly) => Poly)[] = [
      () => constant(K),
      (a) => times(K, a),
      (a) => product(a, ternary()),
      () => uniform(),
    ];
    for (const addition of additions) {
      let added = nothing;
      const { phase } = ours((a) => (added = addition(a)));
      // Less its own addend the sum is the honest one: all that the upload did was to add itself.
      const rest = plus(phase, minus(added));
      expect(decoded(rest)).toEqual(SUM);
      expect(readOff(rest)).toEqual(nothing);
    }
  });
});
