import { DomainError } from '#core';

/*
 * Polynomials over a prime field, for Shamir sharing (Shamir 1979) and its error correction (Berlekamp–Welch, US patent
 * 4 633 470, expired). Points are small positive integers, values residues; n ≤ 20, so cubic time is nothing.
 */

const mod = (a: bigint, prime: bigint): bigint => {
  const r = a % prime;
  return r < 0n ? r + prime : r;
};

/** a⁻¹ modulo a prime, by the extended Euclidean algorithm. @throws NOT_INVERTIBLE for a multiple of the prime. */
export function inverse(a: bigint, prime: bigint): bigint {
  let [r0, r1] = [prime, mod(a, prime)];
  let [s0, s1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [s0, s1] = [s1, s0 - quotient * s1];
  }
  if (r0 !== 1n)
    throw new DomainError('NOT_INVERTIBLE', 'expected a number prime to the modulus, got another');
  return mod(s0, prime);
}

/** The weight of `points[j]` in the value at `x` of the polynomial of degree < points.length. */
function lagrangeWeight(points: readonly number[], j: number, x: number, prime: bigint): bigint {
  let numerator = 1n;
  let denominator = 1n;
  points.forEach((point, k) => {
    if (k === j) return;
    numerator = mod(numerator * BigInt(x - point), prime);
    denominator = mod(denominator * BigInt(points[j]! - point), prime);
  });
  return mod(numerator * inverse(denominator, prime), prime);
}

/**
 * λ of the point `index` in `points`: f(0) = Σ λ_l · f(l) for every polynomial of degree < points.length.
 * @throws POINTS_INVALID unless the points are distinct positive integers, `index` among them.
 */
export function lagrangeAtZero(points: readonly number[], index: number, prime: bigint): bigint {
  requirePoints(points);
  const position = points.indexOf(index);
  if (position < 0) throw pointsInvalid(`${index} among the points ${points.join(', ')}`);
  return lagrangeWeight(points, position, 0, prime);
}

const pointsInvalid = (expected: string) =>
  new DomainError('POINTS_INVALID', `expected ${expected}, got something else`);

function requirePoints(points: readonly number[]): void {
  if (points.some((point) => !Number.isSafeInteger(point) || point < 1)) {
    throw pointsInvalid('positive integers as points');
  }
  if (new Set(points).size !== points.length) throw pointsInvalid('distinct points');
}

function requireValues(points: readonly number[], values: readonly bigint[]): void {
  requirePoints(points);
  if (values.length !== points.length) throw pointsInvalid(`${points.length} values`);
}

function valueAt(points: readonly number[], values: readonly bigint[], x: number, prime: bigint): bigint {
  return mod(
    values.reduce((sum, value, j) => sum + value * lagrangeWeight(points, j, x, prime), 0n),
    prime,
  );
}

/** Whether all values lie on one polynomial of degree < threshold. */
export function lowDegree(
  points: readonly number[],
  values: readonly bigint[],
  threshold: number,
  prime: bigint,
): boolean {
  requireValues(points, values);
  const [head, tail] = [points.slice(0, threshold), points.slice(threshold)];
  const known = values.slice(0, threshold);
  return tail.every((x, i) => valueAt(head, known, x, prime) === mod(values[threshold + i]!, prime));
}

/**
 * Reed–Solomon decoding: the points whose values lie off the one polynomial of degree < threshold that all but at most
 * e = ⌊(n − threshold) / 2⌋ of them share, ascending by position; null where there is no such polynomial (the dealer lied,
 * or more than e deviate).
 */
export function deviators(
  points: readonly number[],
  values: readonly bigint[],
  threshold: number,
  prime: bigint,
): number[] | null {
  if (lowDegree(points, values, threshold, prime)) return [];
  const errors = Math.floor((points.length - threshold) / 2);
  const decoded = errors > 0 ? decode(points, values, { threshold, errors, prime }) : null;
  if (decoded === null) return null;
  const off = points.filter((x, i) => evaluate(decoded, x, prime) !== mod(values[i]!, prime));
  return off.length <= errors ? off : null;
}

/** Positions of values that deviate or are missing (null), ascending; null where the rest shares no polynomial. */
export type Decoder = (values: readonly (bigint | null)[]) => number[] | null;

/**
 * `deviators` for many words of one code, most of which are whole: the weights of the parity check are computed once.
 * @throws POINTS_INVALID
 */
export function reedSolomon(points: readonly number[], threshold: number, prime: bigint): Decoder {
  requirePoints(points);
  const head = points.slice(0, threshold);
  const checks = points
    .slice(threshold)
    .map((x) => head.map((_point, j) => lagrangeWeight(head, j, x, prime)));
  const isWord = (values: readonly bigint[]): boolean =>
    checks.every((weights, i) => {
      let sum = 0n;
      for (let j = 0; j < weights.length; j++) sum += weights[j]! * values[j]!;
      return sum % prime === values[threshold + i];
    });
  return (values) => {
    if (values.length !== points.length) throw pointsInvalid(`${points.length} values`);
    const present = values.filter((value) => value !== null);
    if (present.length === values.length && isWord(present)) return [];
    const readable = points.filter((_point, i) => values[i] !== null);
    const off = deviators(readable, present, threshold, prime);
    return off && points.flatMap((point, i) => (values[i] === null || off.includes(point) ? [i] : []));
  };
}

interface Code {
  readonly threshold: number;
  readonly errors: number;
  readonly prime: bigint;
}

/** Berlekamp–Welch: Q(x) = y · E(x) at all points with E monic of degree e, deg Q < t + e; the polynomial is Q / E. */
function decode(
  points: readonly number[],
  values: readonly bigint[],
  { threshold, errors, prime }: Code,
): bigint[] | null {
  const rows = points.map((x, i) => {
    const y = mod(values[i]!, prime);
    const powers = Array.from({ length: threshold + errors + 1 }, (_, j) =>
      mod(BigInt(x) ** BigInt(j), prime),
    );
    const q = powers.slice(0, threshold + errors);
    const e = powers.slice(0, errors).map((power) => mod(-y * power, prime));
    return [...q, ...e, mod(y * powers[errors]!, prime)];
  });
  const solution = solve(rows, prime);
  if (solution === null) return null;
  const q = solution.slice(0, threshold + errors);
  return divide(q, [...solution.slice(threshold + errors), 1n], prime);
}

/** One solution of a linear system given by its augmented rows, free variables zero; null where there is none. */
function solve(rows: bigint[][], prime: bigint): bigint[] | null {
  const unknowns = rows[0]!.length - 1;
  const pivots: number[] = [];
  for (let column = 0; column < unknowns && pivots.length < rows.length; column++) {
    const at = pivots.length;
    const found = rows.findIndex((row, i) => i >= at && row[column] !== 0n);
    if (found < 0) continue;
    [rows[at], rows[found]] = [rows[found]!, rows[at]!];
    const scale = inverse(rows[at][column]!, prime);
    const pivot = rows[at].map((entry) => mod(entry * scale, prime));
    rows[at] = pivot;
    for (let i = 0; i < rows.length; i++) {
      const factor = rows[i]![column]!;
      if (i !== at && factor !== 0n) {
        rows[i] = rows[i]!.map((entry, j) => mod(entry - factor * pivot[j]!, prime));
      }
    }
    pivots.push(column);
  }
  if (rows.slice(pivots.length).some((row) => row[unknowns] !== 0n)) return null;
  const solution = Array.from({ length: unknowns }, () => 0n);
  pivots.forEach((column, i) => (solution[column] = rows[i]![unknowns]!));
  return solution;
}

/** Quotient of two polynomials, lowest coefficient first, divisor monic; null where a remainder is left. */
function divide(dividend: readonly bigint[], divisor: readonly bigint[], prime: bigint): bigint[] | null {
  const rest = [...dividend];
  const degree = divisor.length - 1;
  const quotient: bigint[] = [];
  for (let k = rest.length - 1; k >= degree; k--) {
    const factor = rest[k]!;
    quotient.unshift(factor);
    divisor.forEach((d, j) => (rest[k - degree + j] = mod(rest[k - degree + j]! - factor * d, prime)));
  }
  return rest.every((coefficient) => coefficient === 0n) ? quotient : null;
}

const evaluate = (polynomial: readonly bigint[], x: number, prime: bigint): bigint =>
  polynomial.reduceRight((sum, coefficient) => mod(sum * BigInt(x) + coefficient, prime), 0n);
