/**
 * ledger: double-entry bookkeeping in a hash chain. Pure; the caller keeps the entries and guards the head.
 *
 * Vocabulary: posting (one account's signed amount), entry (postings that sum to zero, in one currency), head (index and
 * hash of the last entry), chain (each entry's hash covers its content and the previous hash), balance.
 * Money is integer minor units; positive is credited to the account, negative debited.
 * References: Pacioli 1494 (double entry); Haber & Stornetta 1991 (linked time-stamping); RFC 8785 (canonical JSON).
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
