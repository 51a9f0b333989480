import { DomainError, isoInstant, type Json, requireSignature, signJson } from '#core';
import { type AuditEntry, auditFault, hashAuditEntry, isInstant } from './audit-entry.ts';
import { GENESIS, type Head } from './entry.ts';

/** Where a chain of decisions ended at an instant, under the platform's signature: what tells a log that was cut off. */
export interface AuditHead extends Head {
  readonly chain: string;
  readonly atMs: number;
  /** Ed25519, hex: who signs it. */
  readonly platformKey: string;
  readonly signature: string;
}

/** One chain of decisions from its first entry, and the head it has to reach: what anybody can check offline. */
export interface AuditLog {
  readonly entries: readonly AuditEntry[];
  readonly head: AuditHead;
}

/** What the reader knows from elsewhere; without it a log under an invented key verifies as what it is. */
export interface ExpectedAudit {
  readonly platformKey?: string;
  /** A hash that an earlier export's head named; the chain must still hold it. */
  readonly earlierHead?: string;
}

/** In the order they are made; each stands on those before it. */
type AuditCheckName =
  | 'head' // signed by its platform, the expected one
  | 'entries' // each is sound, of this chain, in its place, continues the one before, and hashes to its hash
  | 'whole' // they end where the head says
  | 'earlier'; // an earlier head is still among them

export interface AuditCheck {
  readonly name: AuditCheckName;
  readonly ok: boolean;
  /** The refusal's code, null where the check held. */
  readonly code: string | null;
  readonly detail: string;
}

export interface AuditVerdict {
  readonly verified: boolean;
  readonly chain: string;
  /** Up to the first that failed. */
  readonly checks: readonly AuditCheck[];
}

/** See signJson in core. */
export const AUDIT_HEAD_CONTEXT = 'gridcommons/audit-head/1';

const headStatement = ({ chain, index, hash, atMs, platformKey }: Omit<AuditHead, 'signature'>): Json => ({
  form: AUDIT_HEAD_CONTEXT,
  chain,
  index,
  hash,
  at: isoInstant(atMs),
  platformKey,
});

/** The head under the platform's signature. */
export async function signAuditHead(
  head: Omit<AuditHead, 'signature'>,
  privateKey: string,
): Promise<AuditHead> {
  return { ...head, signature: await signJson(privateKey, AUDIT_HEAD_CONTEXT, headStatement(head)) };
}

/**
 * Checks a log from itself alone: one byte altered, an entry left out, moved or put in, or a tail cut off makes it fail
 * (AUDIT_CHAIN_BROKEN, AUDIT_TRUNCATED, SIGNATURE_INVALID, AUDIT_PLATFORM_KEY, AUDIT_FORKED).
 * @returns a verdict for any content whatever
 */
export async function verifyAuditLog(log: AuditLog, expected: ExpectedAudit = {}): Promise<AuditVerdict> {
  const checks: AuditCheck[] = [];
  for (const [name, run] of CHECKS) {
    const check = await checked(name, () => run(log, expected));
    checks.push(check);
    if (!check.ok) break;
  }
  return { verified: checks.every(({ ok }) => ok), chain: log.head.chain, checks };
}

const CHECKS = [
  ['head', checkHead],
  ['entries', checkEntries],
  ['whole', checkWhole],
  ['earlier', checkEarlier],
] as const;

async function checked(name: AuditCheckName, run: () => Promise<string>): Promise<AuditCheck> {
  try {
    return { name, ok: true, code: null, detail: await run() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { name, ok: false, code: error.code, detail: error.message };
  }
}

async function checkHead({ head }: AuditLog, { platformKey = head.platformKey }: ExpectedAudit) {
  if (head.platformKey !== platformKey)
    throw refuse('AUDIT_PLATFORM_KEY', `expected the platform's key ${platformKey}, got ${head.platformKey}`);
  if (!isInstant(head.atMs))
    throw refuse('AUDIT_CHAIN_BROKEN', 'expected an instant in the head, got another');
  await requireSignature(head.platformKey, AUDIT_HEAD_CONTEXT, headStatement(head), head.signature);
  return `entry ${head.index}, ${head.hash}, as of ${isoInstant(head.atMs)}`;
}

async function checkEntries({ entries, head: { chain } }: AuditLog): Promise<string> {
  let before: Head = GENESIS;
  for (const entry of entries) {
    const reason = await reasonAgainst(entry, chain, before);
    if (reason !== undefined) {
      const index = before.index + 1;
      throw refuse('AUDIT_CHAIN_BROKEN', `expected ${reason} in entry ${index}, got another`, { index });
    }
    before = entry;
  }
  return `${entries.length} decisions`;
}

async function reasonAgainst(entry: AuditEntry, chain: string, before: Head): Promise<string | undefined> {
  if (entry.chain !== chain) return `chain ${chain}`;
  if (entry.index !== before.index + 1) return `index ${before.index + 1}`;
  if (entry.previousHash !== before.hash) return `a link to ${before.hash}`;
  return auditFault(entry) ?? ((await hashAuditEntry(entry)) === entry.hash ? undefined : 'its own hash');
}

async function checkWhole({ entries, head }: AuditLog): Promise<string> {
  const last: Head = entries.at(-1) ?? GENESIS;
  if (last.index !== head.index || last.hash !== head.hash) {
    throw refuse(
      'AUDIT_TRUNCATED',
      `expected entries up to ${head.index}, ${head.hash}, got the last one ${last.index}, ${last.hash}`,
      { expected: head.index, got: last.index },
    );
  }
  return `up to ${head.hash}`;
}

async function checkEarlier({ entries }: AuditLog, { earlierHead }: ExpectedAudit): Promise<string> {
  if (earlierHead === undefined) return 'none to compare';
  if (earlierHead !== GENESIS.hash && !entries.some(({ hash }) => hash === earlierHead))
    throw refuse('AUDIT_FORKED', `expected the earlier head ${earlierHead} in the chain, got none such`);
  return `continues ${earlierHead}`;
}

const refuse = (code: string, message: string, data: Record<string, number> = {}): DomainError =>
  new DomainError(code, message, 'conflict', data);
