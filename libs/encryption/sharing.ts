import { type Bytes, concat, DomainError } from '#core';
import { expand, randomWords } from './expand.ts';
import {
  addInto,
  evaluateAt,
  innerProduct,
  parseResidues,
  type Residues,
  type Ring,
  ringBytes,
  ringOf,
  toBytes,
  uniform,
} from './ring.ts';

/** Challenges of the share test, each with its own mask: soundness error 1/p a challenge. */
const CHALLENGES = 2;

/** Most decryptors of a card; evaluateAt takes up to 31. */
const MAX_POINTS = 20;

/** One number a prime: what masks a response of the share test. */
const scalarRing = (ring: Ring): Ring =>
  ringOf(
    1,
    ring.moduli.map(({ p }) => p),
  );

/** `count` uniform elements. */
const draw = (ring: Ring, count: number): Residues[] =>
  Array.from({ length: count }, () => uniform(ring, ring.degree, randomWords));

/**
 * Shamir sharing (1979) of a ring element, place by place modulo each prime, at points 1…n; beside it the masks ρ and ρ' of
 * the share test, two random scalars a prime, shared with the same degree.
 * @returns shares S(l) ‖ ρ(l) ‖ ρ'(l), by point
 * @throws THRESHOLD_INVALID unless 1 ≤ t ≤ n ≤ 20
 */
export function dealShares(ring: Ring, secret: Residues, threshold: number, points: number): Bytes[] {
  requireThreshold(threshold, points);
  const scalarOf = scalarRing(ring);
  const body = [secret, ...draw(ring, threshold - 1)];
  const masks = Array.from({ length: CHALLENGES }, () => draw(scalarOf, threshold));
  return Array.from({ length: points }, (_, i) =>
    concat(
      toBytes(evaluateAt(ring, body, i + 1)),
      ...masks.map((coefficients) => toBytes(evaluateAt(scalarOf, coefficients, i + 1))),
    ),
  );
}

function requireThreshold(threshold: number, points: number): void {
  const whole = Number.isInteger(threshold) && Number.isInteger(points);
  if (whole && threshold >= 1 && threshold <= points && points <= MAX_POINTS) return;
  throw new DomainError(
    'THRESHOLD_INVALID',
    `expected 1 ≤ t ≤ n ≤ ${MAX_POINTS}, got t = ${threshold}, n = ${points}`,
  );
}

export interface Share {
  /** S(l), in transformed form like the secret. */
  readonly body: Residues;
  /** ρ(l) and ρ'(l), one number a prime each. */
  readonly masks: readonly Residues[];
}

/** The bytes of one share. */
export const shareBytes = (ring: Ring): number => ringBytes(ring) + CHALLENGES * ringBytes(scalarRing(ring));

/** @throws SHARE_MALFORMED for another length or a residue that is not below its prime. */
export function parseShare(bytes: Uint8Array, ring: Ring): Share {
  const scalarOf = scalarRing(ring);
  const [bodyBytes, maskBytes] = [ringBytes(ring), ringBytes(scalarOf)];
  const expected = shareBytes(ring);
  if (bytes.length !== expected) {
    throw new DomainError('SHARE_MALFORMED', `expected ${expected} bytes, got ${bytes.length}`, 'invalid', {
      expected,
      got: bytes.length,
    });
  }
  return {
    body: parseResidues(bytes.subarray(0, bodyBytes), ring, 'SHARE_MALFORMED'),
    masks: Array.from({ length: CHALLENGES }, (_, c) => {
      const start = bodyBytes + c * maskBytes;
      return parseResidues(bytes.subarray(start, start + maskBytes), scalarOf, 'SHARE_MALFORMED');
    }),
  };
}

/**
 * ⟨r, S(l)⟩ + ρ(l) modulo each prime, then ⟨r', S(l)⟩ + ρ'(l): random linear combinations of all N places, r and r' from
 * the public seed. If S is of degree < t in every place so are these; if in one place it is not, they are with
 * probability 1/p each. ρ(0) is uniform and used once, so nothing about the secret shows.
 */
export function shareTestResponses(ring: Ring, { body, masks }: Share, seed: Uint8Array): string[] {
  const scalarOf = scalarRing(ring);
  return masks.flatMap((mask, challenge) => {
    const response = innerProduct(ring, expand(ring, ['sharetest', seed, challenge]), body);
    addInto(scalarOf, response, mask);
    return Array.from(response, String);
  });
}
