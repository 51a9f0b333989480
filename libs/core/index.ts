/**
 * core: the words every other lib uses. Imports nothing, runs in Node and in browsers.
 *
 * Vocabulary: DomainError (coded refusal), Interval (half-open UTC), energy in integer Wh, money in integer minor units,
 * canonical JSON (RFC 8785), SHA-256 and Ed25519 (RFC 8032) over it, Merkle tree (RFC 6962), Clock, LpProblem and LpSolution (linear, integer and
 * convex quadratic programs as data; the engine that solves them is optimization).
 */
export { type ErrorData, type ErrorKind, DomainError } from './domain-error.ts';
export { type Bytes, concat, equalBytes, fromBase64, fromHex, toBase64, toHex, utf8 } from './bytes.ts';
export { type Json, canonicalJson } from './canonical-json.ts';
export {
  type SigningKey,
  generateSigningKey,
  hashJson,
  requireSignature,
  sha256,
  sha256Hex,
  signJson,
} from './crypto.ts';
export {
  type Interval,
  DAY_MS,
  HOUR_MS,
  contains,
  interval,
  isoInstant,
  overlaps,
  parseInstant,
} from './interval.ts';
export { quoted } from './quoted.ts';
export { repeatedName } from './repeated-name.ts';
export { sha256Now } from './sha256.ts';
export { type MerkleTree, auditPath, isInTree, merkleRoot, merkleTree } from './merkle-tree.ts';
export { WH_PER_MWH, apportion, energyWhFromKwh, exactAmount, roundDiv, toSafeInteger } from './quantity.ts';
export { type Clock, fixedClock, REQUEST_WINDOW_MS, systemClock } from './clock.ts';
export {
  minuteOfLocalWeek,
  instantsOfLocal,
  localDate,
  localDay,
  requireZone,
  startOfLocalDay,
  zoneOffsetMs,
} from './zone.ts';
export {
  type LpBounds,
  type LpBuilder,
  type LpColumn,
  type LpProblem,
  type LpSolution,
  type LpSolve,
  type LpSolverRecord,
  type SparseRows,
  lpBuilder,
  requireLpBounds,
  requireLpProblem,
} from './linear-program.ts';
export {
  type LpPart,
  type PartedLpProblem,
  requireParts,
  requireSubsets,
  withParts,
} from './parted-program.ts';
