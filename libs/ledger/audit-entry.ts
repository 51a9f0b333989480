import { DomainError, type Json, hashJson, isoInstant } from '#core';
import { type Head, isSalt } from './entry.ts';

/** Whether data was handed out. */
export type AuditDecision = 'PERMIT' | 'DENY';

/** A decision about data, as whoever decided it states it: who asked for what, and what came of it; nothing of the data itself. */
export interface AuditDraft {
  /** Of whom the request was. */
  readonly organisationId: string;
  /** The key's member or the participant that asked. */
  readonly actorKind: 'member' | 'participant';
  readonly actorId: string;
  /** As it was asked for, whether or not there is such an agreement; null where none was named. */
  readonly agreementId: string | null;
  /** What was asked for, e.g. `download.chunk`. */
  readonly operation: string;
  /** Handed out: none where it was refused. */
  readonly rows: number;
  readonly bytes: number;
  readonly decision: AuditDecision;
  /** The refusal's code; null where it was permitted. */
  readonly code: string | null;
  readonly atMs: number;
}

/** A decision in its chain: the hash covers everything in it and, through previousHash, everything before it. */
export interface AuditEntry extends AuditDraft {
  /** Which chain: an agreement's id, or an organisation's for what it asked for without being a party. */
  readonly chain: string;
  /** 0, 1, 2 … without gaps. */
  readonly index: number;
  /** 128 random bits, hex: without them a hash told to somebody would confirm a guess of what it covers. */
  readonly salt: string;
  readonly previousHash: string;
  readonly hash: string;
}

const AUDIT_ENTRY_FORM = 'gridcommons/audit-entry/1';

/**
 * The entry that continues `head` in its chain. Append it only while holding the head, and draw a new `salt` for each.
 * @throws AUDIT_ENTRY_INVALID
 */
export async function appendAuditEntry(
  chain: string,
  head: Head,
  draft: AuditDraft,
  salt: string,
): Promise<AuditEntry> {
  const content = { ...draft, chain, index: head.index + 1, previousHash: head.hash, salt };
  const fault = auditFault(content);
  if (fault !== undefined)
    throw new DomainError('AUDIT_ENTRY_INVALID', `expected ${fault}, got another`, 'invalid', { fault });
  return { ...content, hash: await hashAuditEntry(content) };
}

/** SHA-256 over the canonical JSON of everything but the hash itself, hex. */
export function hashAuditEntry(entry: Omit<AuditEntry, 'hash'>): Promise<string> {
  const statement: Json = {
    form: AUDIT_ENTRY_FORM,
    chain: entry.chain,
    index: entry.index,
    previousHash: entry.previousHash,
    salt: entry.salt,
    organisation: entry.organisationId,
    actorKind: entry.actorKind,
    actor: entry.actorId,
    agreement: entry.agreementId,
    operation: entry.operation,
    rows: entry.rows,
    bytes: entry.bytes,
    decision: entry.decision,
    code: entry.code,
    at: isoInstant(entry.atMs),
  };
  return hashJson(statement);
}

/** What an entry's content would have to be and is not; undefined where it is sound. Takes any content whatever. */
export function auditFault(entry: Omit<AuditEntry, 'hash'>): string | undefined {
  return RULES.find(([, holds]) => !holds(entry))?.[0];
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OPERATION = /^[a-z][a-zA-Z0-9.-]{0,63}$/;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
/** The last instant that ECMAScript's Date can carry. */
const MAX_INSTANT_MS = 8_640_000_000_000_000;

const isText = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Whether ISO 8601 can carry it. */
export const isInstant = (ms: unknown): boolean =>
  Number.isSafeInteger(ms) && Math.abs(Number(ms)) <= MAX_INSTANT_MS;

type Rule = readonly [expected: string, holds: (entry: Omit<AuditEntry, 'hash'>) => boolean];

const RULES: readonly Rule[] = [
  ['a chain, an organisation and an actor by UUID', ({ chain, organisationId, actorId }) => [chain, organisationId, actorId].every((id) => isText(id, UUID))], // prettier-ignore
  [
    'an actor that is a member or a participant',
    ({ actorKind }) => ['member', 'participant'].includes(actorKind),
  ],
  ['an agreement by UUID or none', ({ agreementId }) => agreementId === null || isText(agreementId, UUID)],
  ['an operation of 1–64 letters, digits, dots and hyphens', ({ operation }) => isText(operation, OPERATION)],
  ['whole counts of rows and bytes', ({ rows, bytes }) => isCount(rows) && isCount(bytes)],
  ['a code beside a refusal and nowhere else', ({ decision, code }) => (decision === 'PERMIT' && code === null) || (decision === 'DENY' && isText(code, CODE))], // prettier-ignore
  [
    'no rows and no bytes with a refusal',
    ({ decision, rows, bytes }) => decision === 'PERMIT' || (rows === 0 && bytes === 0),
  ],
  ['a whole instant in ms', ({ atMs }) => isInstant(atMs)],
  ['a place in the chain', ({ index }) => isCount(index)],
  ['a salt of 32 hex digits', ({ salt }) => typeof salt === 'string' && isSalt(salt)],
];
