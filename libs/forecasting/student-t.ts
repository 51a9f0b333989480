/** Terms of the continued fraction; it converges in O(√(a + b)) of them. */
const MAX_TERMS = 500;
const PRECISION = 1e-15;
/** Stands for a denominator that vanishes. */
const TINY = 1e-300;

/** Coefficients of Lanczos's approximation for g = 7, as Godfrey (2001) gives them; good to 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x ≥ 1/2 (Lanczos 1964). */
function logGamma(x: number): number {
  const z = x - 1;
  let sum: number = LANCZOS[0];
  for (let k = 1; k < LANCZOS.length; k += 1) sum += LANCZOS[k]! / (z + k);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The continued fraction of I_x(a, b), DLMF 8.17.22, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let [c, d, fraction] = [1, 0, 1];
  for (let n = 0; n < MAX_TERMS; n += 1) {
    const m = Math.floor(n / 2);
    const numerator =
      n === 0
        ? 1
        : n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + numerator * d);
    c = nonZero(1 + numerator / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return fraction - 1;
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** I_x(a, b), the regularised incomplete beta function (DLMF 8.17), for a, b ≥ 1/2 and 0 ≤ x ≤ 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The fraction converges fast below the mean; above it the symmetry helps.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return (front * betaFraction(x, a, b)) / a;
}

/** P(T ≤ t) of Student's t with `freedom` ≥ 1 degrees of freedom (Abramowitz & Stegun 26.7.1). */
export function studentT(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}
