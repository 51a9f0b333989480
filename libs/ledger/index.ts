/**
 * ledger: double-entry bookkeeping in a hash chain. Pure; the caller keeps the entries and guards the head.
 *
 * Vocabulary: posting (one account's signed amount), entry (postings that sum to zero, in one currency), head (index and
 * hash of the last entry), chain (each entry's hash covers its content and the previous hash), balance, day record (the
 * Merkle root over a day's entries under the platform's signature, chained to the one before), inclusion path (the siblings
 * from an entry up to that root), counter-signature (a participant's over a day record).
 * Beside it, chains of decisions about data: audit entry (who asked for what, and what was decided), audit head (where such a
 * chain ends, signed), audit log (a chain and its head).
 * Money is integer minor units; positive is credited to the account, negative debited.
 * References: Pacioli 1494 (double entry); Haber & Stornetta 1991 (linked time-stamping); RFC 6962 (Merkle tree); RFC 8785
 * (canonical JSON).
 */
export {
  type Entry,
  type EntryDraft,
  type Head,
  type Posting,
  GENESIS,
  appendEntry,
  hashEntry,
} from './entry.ts';
export { type BadEntry, type ChainVerdict, balances, verifyChain } from './chain.ts';
export {
  type Countersignature,
  type DayRecord,
  type SignedDay,
  BEFORE_FIRST_DAY,
  countersignDay,
  dayAfter,
  dayEndMs,
  requireCountersignature,
  requireNextDay,
  requireSignedDay,
  signDay,
} from './day-record.ts';
export {
  type InclusionPath,
  type InclusionVerdict,
  dayTree,
  inclusionPath,
  recordDay,
  verifyInclusion,
} from './merkle-day.ts';
export {
  type ExpectedLedger,
  type LedgerProofs,
  type ProofCheck,
  type ProofVerdict,
  type ProvenEntry,
  verifyProofs,
} from './proof-file.ts';
export { type AuditDecision, type AuditDraft, type AuditEntry, appendAuditEntry } from './audit-entry.ts';
export {
  type AuditHead,
  type AuditLog,
  type AuditVerdict,
  type ExpectedAudit,
  signAuditHead,
  verifyAuditLog,
} from './audit-log.ts';
