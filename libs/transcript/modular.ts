/** Arithmetic modulo a prime below 2^61 on non-negative bigints. */

export function powMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Fermat inverse; `modulus` prime, `a` not a multiple of it. */
export const inverseMod = (a: bigint, modulus: bigint): bigint => powMod(a, modulus - 2n, modulus);

/** Enough Miller–Rabin bases to decide every number below 3.3·10^24 (Sorenson & Webster 2015). */
const WITNESSES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n];

export function isPrime(n: bigint): boolean {
  if (n < 2n) return false;
  if (WITNESSES.includes(n)) return true;
  if (WITNESSES.some((p) => n % p === 0n)) return false;
  let odd = n - 1n;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  return WITNESSES.every((base) => isStrongProbablePrime(n, base, odd, twos));
}

function isStrongProbablePrime(n: bigint, base: bigint, odd: bigint, twos: number): boolean {
  let x = powMod(base, odd, n);
  if (x === 1n || x === n - 1n) return true;
  for (let i = 1; i < twos; i++) {
    x = (x * x) % n;
    if (x === n - 1n) return true;
  }
  return false;
}

/**
 * The least ψ with ψ^degree ≡ −1, `degree` a power of two: a primitive 2·degree-th root of unity. SEAL takes the least,
 * so that everybody evaluates at the same points. `modulus` prime, ≡ 1 modulo 2·degree.
 */
export function leastPrimitiveRoot(degree: number, modulus: bigint): bigint {
  const cofactor = (modulus - 1n) / BigInt(2 * degree);
  let root = 0n;
  for (let base = 2n; powMod(root, BigInt(degree), modulus) !== modulus - 1n; base++) {
    root = powMod(base, cofactor, modulus);
  }
  const square = (root * root) % modulus;
  let least = root;
  for (let k = 1; k < degree; k++) {
    root = (root * square) % modulus;
    if (root < least) least = root;
  }
  return least;
}
