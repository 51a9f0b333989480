import { parseInstant } from '#core';
import type { AuditLog } from '#ledger';
import { z } from 'zod';
import { HASH, INSTANT, SALT, SIGNATURE } from '../ledger/proof-schema.ts';

export const AUDIT_FORMAT = 'gridcommons/audit-log/1';

const ID = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'expected a UUID');
const COUNT = z.int().min(0);

export const AUDIT_ENTRY = z.strictObject({
  chain: ID,
  index: COUNT.describe('place in the chain'),
  salt: SALT,
  previousHash: HASH,
  hash: HASH.describe('SHA-256 over the canonical JSON of the entry, salt included'),
  organisationId: ID.describe('who asked'),
  actorKind: z.enum(['member', 'participant']),
  actorId: ID,
  agreementId: ID.nullable(),
  operation: z.string().max(64),
  rows: COUNT.describe('handed out'),
  bytes: COUNT.describe('handed out'),
  decision: z.enum(['PERMIT', 'DENY']),
  code: z.string().max(64).nullable().describe('of the refusal'),
  at: INSTANT,
});

export const AUDIT_HEAD = z.strictObject({
  chain: ID.describe("the agreement's id, or an organisation's"),
  index: z.int().min(-1),
  hash: HASH,
  at: INSTANT,
  platformKey: HASH.describe('Ed25519'),
  signature: SIGNATURE.describe("the platform's over the head"),
});

export const AUDIT_FILE = z.strictObject({
  format: z.literal(AUDIT_FORMAT),
  entries: z.array(AUDIT_ENTRY).max(1_000_000).describe('from the first on'),
  head: AUDIT_HEAD.describe('where the chain ends'),
});

export type AuditFile = z.infer<typeof AUDIT_FILE>;

export const auditLogOf = ({ entries, head: { at, ...head } }: AuditFile): AuditLog => ({
  entries: entries.map(({ at: decidedAt, ...entry }) => ({ ...entry, atMs: parseInstant(decidedAt) })),
  head: { ...head, atMs: parseInstant(at) },
});
