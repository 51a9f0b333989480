import { DomainError, toSafeInteger } from '#core';
import { type Entry, type Head, type Posting, GENESIS, hashEntry, isSalt, requireDraft } from './entry.ts';

/** The first entry that is not what the chain before it demands. */
export interface BadEntry {
  /** Where it was found, counted from 0; entries.length when entries are missing at the end. */
  readonly index: number;
  readonly reason: 'FORM' | 'INDEX' | 'PREVIOUS_HASH' | 'HASH' | 'DOUBLE_ENTRY' | 'HEAD';
}

export interface ChainVerdict {
  readonly verified: boolean;
  /** Entries that verified, all of them when `verified`. */
  readonly entries: number;
  /** The last verified entry. */
  readonly head: Head;
  readonly firstBad?: BadEntry;
}

/**
 * Verifies a chain from its first entry: indices, links, hashes, and that every entry is double entry. A chain cut off at
 * its end is consistent in itself; only `expectedHead`, kept elsewhere, shows that. Streams, so memory stays flat; entries
 * may come from a file, so one of another form is a bad entry and not an exception.
 */
export async function verifyChain(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  expectedHead?: Head,
): Promise<ChainVerdict> {
  let head = GENESIS;
  for await (const entry of entries) {
    const reason = await reasonAgainst(entry, head);
    if (reason) return verdict(head, { index: head.index + 1, reason });
    head = { index: entry.index, hash: entry.hash };
  }
  if (expectedHead && (expectedHead.index !== head.index || expectedHead.hash !== head.hash)) {
    return verdict(head, { index: head.index + 1, reason: 'HEAD' });
  }
  return verdict(head);
}

function verdict(head: Head, firstBad?: BadEntry): ChainVerdict {
  const result = { verified: !firstBad, entries: head.index + 1, head };
  return firstBad ? { ...result, firstBad } : result;
}

async function reasonAgainst(entry: Entry, head: Head): Promise<BadEntry['reason'] | undefined> {
  if (!hasForm(entry)) return 'FORM';
  if (entry.index !== head.index + 1) return 'INDEX';
  if (entry.previousHash !== head.hash) return 'PREVIOUS_HASH';
  return contentFault(entry);
}

/** What is wrong with an entry by itself, wherever it stands. */
export async function contentFault(entry: Entry): Promise<'FORM' | 'DOUBLE_ENTRY' | 'HASH' | undefined> {
  if (!hasForm(entry)) return 'FORM';
  if (!isDoubleEntry(entry)) return 'DOUBLE_ENTRY';
  return (await hashEntry(entry)) === entry.hash ? undefined : 'HASH';
}

function hasForm(entry: Entry): boolean {
  const { type, reference, currency, memo, previousHash, hash, postings } = entry;
  const texts = [type, reference, currency, memo, previousHash, hash, ...accountsOf(postings)];
  return texts.every((text) => typeof text === 'string') && isSalt(entry.salt);
}

const accountsOf = (postings: unknown): unknown[] =>
  Array.isArray(postings)
    ? postings.map((posting: Partial<Posting> | null) => posting?.account)
    : [undefined];

function isDoubleEntry(entry: Entry): boolean {
  try {
    requireDraft(entry);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Balances by currency and account, integer minor units; each currency sums to zero. @throws AMOUNT_TOO_LARGE. */
export function balances(
  entries: Iterable<Pick<Entry, 'currency' | 'postings'>>,
): Map<string, Map<string, number>> {
  const exact = new Map<string, Map<string, bigint>>();
  for (const { currency, postings } of entries) {
    const accounts = exact.get(currency) ?? new Map<string, bigint>();
    exact.set(currency, accounts);
    for (const { account, amountMinor } of postings) {
      accounts.set(account, (accounts.get(account) ?? 0n) + BigInt(amountMinor));
    }
  }
  return new Map([...exact].map(([currency, accounts]) => [currency, toNumbers(accounts)]));
}

const toNumbers = (accounts: ReadonlyMap<string, bigint>): Map<string, number> =>
  new Map([...accounts].map(([account, amount]) => [account, toSafeInteger(amount)]));
