import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Bytes } from '#core';
import { type Aggregator, type AnswerInput, type Dealing, inverse, lagrangeAtZero } from '#federation';
import { Bfv } from './bfv.ts';
import { publicComponent } from './expand.ts';
import {
  CIPHERTEXT_MODULUS,
  CIPHERTEXT_PRIMES,
  PLAIN_MODULUS,
  RING_DEGREE,
  SPECIAL_PRIME,
  thresholdParameters,
} from './parameters.ts';
import {
  addInto,
  multiply,
  parseResidues,
  type Residues,
  scalars,
  subtractInto,
  sumOf,
  toBytes,
} from './ring.ts';
import { scaleMessage } from './scaling.ts';
import { bfvContext, loadSeal, residuesAtEnd, Scope } from './seal.ts';
import { parseShare } from './sharing.ts';
import { zeroSumMask } from './smudging.ts';
import { thresholdAggregator } from './threshold-aggregator.ts';

/*
 * t − 1 = 2 decryptors of 7 pool their shares and read the honest answers. Without zero-sum masks an answer less what the
 * shares explain is a fraction of a·Σs plus smudge modulo q; cleared of its denominator it gives the uploads' noise modulo
 * that denominator, and enough of that is a linear system for the secrets. Run here in the real ring.
 */

// Generous: the ring is the real one and the machine may be busy.
jest.setTimeout(60_000);

const N = RING_DEGREE;
const q = CIPHERTEXT_MODULUS;
const SITES = 3;
const ACTIVE = [1, 2, 5];
const CORRUPT = [4, 6];
const params = thresholdParameters({ values: N, lanes: 3, fractionBits: 0, maxSites: 8 });
const component = { cardHash: 'c0'.repeat(32), round: 1, chunk: 0 };

const slotsOf = (site: number) =>
  BigInt64Array.from({ length: N }, (_, i) => BigInt((i * (2 * site + 3)) % 30_011) << 20n);

const questionTo = (index: number): Omit<AnswerInput, 'shares'> => ({
  index,
  active: ACTIVE,
  maskKeys: new Map(
    ACTIVE.filter((other) => other !== index).map((other) => [
      other,
      new Uint8Array(32).fill(16 * Math.min(index, other) + Math.max(index, other)),
    ]),
  ),
  agreementHash: 'a9'.repeat(32),
  component,
});

let aggregator: Aggregator & Disposable;
let bfv: Bfv;
let sites: Dealing[];
let uploads: Residues[];
/** Of the uploads: E = Σ c0 + a·Σ s − round(q·M/t). Nobody but the sites together may know it. */
let noise: bigint[];
let toCoefficients: (x: Residues) => bigint[];
const scope = new Scope();

const read = (bytes: Bytes): Residues => parseResidues(bytes, bfv.ring).slice();

const centred = (x: bigint, modulus = q): bigint => {
  const r = ((x % modulus) + modulus) % modulus;
  return r > modulus / 2n ? r - modulus : r;
};

/** Transformed form → integer coefficients in (−q/2, q/2), by SEAL and the Chinese remainder theorem. */
async function inverseTransform(): Promise<(x: Residues) => bigint[]> {
  const seal = await loadSeal();
  const none = seal.ComprModeType.none;
  const primes = [...CIPHERTEXT_PRIMES, SPECIAL_PRIME];
  const context = bfvContext(seal, scope, { degree: N, primes, plainModulus: PLAIN_MODULUS });
  const keys = scope.own(new seal.KeyGenerator(context));
  const ciphertext = scope.own(new seal.Ciphertext());
  const evaluator = scope.own(new seal.Evaluator(context));
  scope.own(new seal.Encryptor(context, scope.own(keys.createPublicKey()))).encryptZero(ciphertext);
  evaluator.cipherTransformToNttInplace(ciphertext);
  const template: Uint8Array = ciphertext.saveToArray(none);
  const words = CIPHERTEXT_PRIMES.length * N;
  const basis = CIPHERTEXT_PRIMES.map((p) => (q / p) * inverse(q / p, p));
  return (x) => {
    template.set(toBytes(x), template.length - 16 * words);
    ciphertext.loadFromArray(context, template);
    evaluator.cipherTransformFromNttInplace(ciphertext);
    const residues = residuesAtEnd(ciphertext.saveToArray(none), 2 * words);
    return Array.from({ length: N }, (_, i) =>
      centred(basis.reduce((sum, b, j) => sum + residues[j * N + i]! * b, 0n)),
    );
  };
}

/** Δ·M of the released sum M, which everybody knows. */
function releasedPhase(): Residues {
  const slots = Array.from({ length: SITES }, (_, site) => slotsOf(site));
  const sum = slots[0]!.map((_, i) =>
    centred(
      slots.reduce((s, one) => s + one[i]!, 0n),
      PLAIN_MODULUS,
    ),
  );
  return bfv.transform(scaleMessage(bfv.ring, bfv.encode(sum), new Int32Array(N)));
}

function trueNoise(): bigint[] {
  const { ring } = bfv;
  const phase = sumOf(ring, uploads);
  const secrets = sumOf(
    ring,
    sites.map(({ secret }) => read(secret)),
  );
  addInto(ring, phase, multiply(ring, publicComponent(ring, component), secrets));
  subtractInto(ring, phase, releasedPhase());
  return toCoefficients(phase);
}

beforeAll(async () => {
  aggregator = await thresholdAggregator(params);
  bfv = new Bfv(await loadSeal());
  toCoefficients = await inverseTransform();
  sites = Array.from({ length: SITES }, () => aggregator.deal(3, 7));
  uploads = sites.map(({ secret }, site) => read(aggregator.encrypt(secret, slotsOf(site), component)));
  noise = trueNoise();
});
afterAll(() => {
  scope[Symbol.dispose]();
  bfv[Symbol.dispose]();
  aggregator[Symbol.dispose]();
});

type Fraction = readonly [numerator: bigint, denominator: bigint];

/** The weight of f(points[j]) in f(x), f of degree < points.length, as a fraction of integers. */
function weightAt(points: readonly number[], j: number, x: number): Fraction {
  const others = points.filter((_, k) => k !== j);
  return [
    others.reduce((product, point) => product * BigInt(x - point), 1n),
    others.reduce((product, point) => product * BigInt(points[j]! - point), 1n),
  ];
}

function lowestTerms([numerator, denominator]: Fraction): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = a < 0n === denominator < 0n ? a : -a;
  return [numerator / divisor, denominator / divisor];
}

function inverseModulo(u: bigint, v: bigint): bigint {
  for (let x = 1n; x < v; x++) if (centred(u * x - 1n, v) === 0n) return x;
  throw new Error('no inverse');
}

/** What is left of one answer when everything the corrupt decryptors know is taken off, and the noise they guess from it. */
function attack(answer: Residues, index: number): { remainders: bigint[]; guesses: bigint[] } {
  const { ring } = bfv;
  const a = publicComponent(ring, component);
  const known = [0, ...CORRUPT];
  const rest = answer.slice();
  for (const point of CORRUPT) {
    const [numerator, denominator] = weightAt(known, known.indexOf(point), index);
    const weight = scalars(
      ring,
      (p) => lagrangeAtZero(ACTIVE, index, p) * numerator * inverse(denominator, p),
    );
    const shares = sites.map(({ shares: dealt }) => parseShare(dealt[point - 1]!, ring).body);
    subtractInto(ring, rest, multiply(ring, multiply(ring, sumOf(ring, shares), weight), a));
  }
  // rest = (u/v)·a·σ + smudge. Times v, with a·σ = Δ·M + E − Σ c0: u·E + v·smudge, small.
  const lambda = weightAt(ACTIVE, ACTIVE.indexOf(index), 0);
  const mu = weightAt(known, 0, index);
  const [u, v] = lowestTerms([lambda[0] * mu[0], lambda[1] * mu[1]]);
  const combined = multiply(
    ring,
    rest,
    scalars(ring, () => v),
  );
  const openly = releasedPhase();
  subtractInto(ring, openly, sumOf(ring, uploads));
  const fraction = scalars(ring, () => u);
  subtractInto(ring, combined, multiply(ring, openly, fraction));
  const remainders = toCoefficients(combined);
  const back = inverseModulo(u, v);
  return { remainders, guesses: remainders.map((x) => centred(x * back, v)) };
}

const answerOf = (index: number): Residues =>
  read(aggregator.answer({ ...questionTo(index), shares: sites.map(({ shares }) => shares[index - 1]!) }));

/** λ·μ of the active points: 5/2 · 5/8, −5/3 · 1/3, 1/6 · −1/24. */
const DENOMINATORS = [
  [1, 16n],
  [2, 9n],
  [5, 144n],
] as const;

describe('the fraction attack on partials (n = 7, t = 3, corrupt {4,6}, A = {1,2,5}) recovers the noise without masks and nothing with them', () => {
  it('is after noise as small as the bound says', () => {
    expect(noise.every((e) => e >= -65n && e <= 65n)).toBe(true); // 3 · 21 errors, 3 · ½ + ½ of rounding
    expect(new Set(noise).size).toBeGreaterThan(20);
  });

  it.each(DENOMINATORS)(
    'without masks reads from the answer of decryptor %d every coefficient of the noise modulo %d',
    (index, v) => {
      const answer = answerOf(index);
      subtractInto(bfv.ring, answer, zeroSumMask(bfv.ring, questionTo(index)));
      expect(attack(answer, index).guesses).toEqual(noise.map((e) => centred(e, v)));
    },
  );

  it.each(DENOMINATORS)('with masks reads nothing from the answer of decryptor %d', (index, v) => {
    const { remainders, guesses } = attack(answerOf(index), index);
    // Uniform modulo q: one of 8192 coefficients falls below 2^140 once in 2^26 runs.
    expect(remainders.every((x) => x > 1n << 140n || x < -(1n << 140n))).toBe(true);
    const hits = guesses.filter((guess, i) => guess === centred(noise[i]!, v)).length;
    // As many as blind guessing: N/v expected, 2N/v is beyond any chance.
    expect(hits).toBeLessThan((2 * N) / Number(v));
  });
});
