import { isoInstant, parseInstant } from '#core';
import type { LedgerProofs } from '#ledger';
import { z } from 'zod';

export const PROOFS_FORMAT = 'gridcommons/ledger-proofs/1';

export const HASH = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
export const SIGNATURE = z.string().regex(/^[0-9a-f]{128}$/, 'expected 128 hex digits');
export const SALT = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits');
const INDEX = z.int().min(0);
const TEXT = z.string().max(1_000);

/** Only the one text form of an instant, so that no other spelling of it passes for the same file. */
export const INSTANT = z.string().refine(isInstant, 'expected an instant as the platform writes it');

function isInstant(text: string): boolean {
  try {
    return isoInstant(parseInstant(text)) === text;
  } catch {
    return false;
  }
}

export const ENTRY = z.strictObject({
  index: INDEX.describe('place in the chain'),
  previousHash: HASH,
  hash: HASH.describe('SHA-256 over the canonical JSON of the entry, salt included'),
  type: TEXT,
  reference: TEXT,
  currency: z.string().length(3).describe('ISO 4217'),
  postings: z
    .array(z.strictObject({ account: TEXT, amountMinor: z.int() }))
    .max(10_000)
    .describe('sum to zero'),
  memo: TEXT,
  at: INSTANT,
  salt: SALT.nullable(),
});

export const COUNTERSIGNATURE = z.strictObject({
  participantId: TEXT,
  signingKey: HASH.describe('Ed25519'),
  signature: SIGNATURE,
});

export const DAY = z.strictObject({
  day: z.string().max(10).describe('UTC, as 2026-03-29'),
  firstIndex: INDEX,
  lastIndex: INDEX,
  entries: INDEX,
  root: HASH.describe('Merkle root over the hashes of its entries (RFC 6962)'),
  head: HASH.describe('hash of its last entry'),
  previous: HASH.describe('hash of the record before; zeros in the first'),
  platformKey: HASH.describe('Ed25519'),
  hash: HASH.describe('SHA-256 over the canonical JSON of the record'),
  signature: SIGNATURE.describe("the platform's over the record"),
});

export const PATH = z.array(HASH).max(53).describe('siblings from the entry up to the root');

export const PROOFS = z.strictObject({
  format: z.literal(PROOFS_FORMAT),
  days: z
    .array(DAY.extend({ countersignatures: z.array(COUNTERSIGNATURE).max(100_000) }))
    .max(100_000)
    .describe('consecutive, oldest first'),
  entries: z.array(z.strictObject({ entry: ENTRY, path: PATH })).max(1_000_000),
});

export type ProofsFile = z.infer<typeof PROOFS>;

export const proofsOf = ({ days, entries }: ProofsFile): LedgerProofs => ({
  days,
  entries: entries.map(({ entry: { at, ...entry }, path }) => ({
    entry: { ...entry, atMs: parseInstant(at) },
    path,
  })),
});
