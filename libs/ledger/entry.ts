import { DomainError, type Json, hashJson, isoInstant } from '#core';

/** One account's side of an entry: positive is credited to (received by) the account, negative debited. */
export interface Posting {
  readonly account: string;
  /** Integer minor units, never zero. */
  readonly amountMinor: number;
}

/** What a caller wants booked. */
export interface EntryDraft {
  /** What kind of event it books, e.g. `market.local`. */
  readonly type: string;
  /** The event itself, e.g. a session id; (type, reference) lets a caller book an event once. */
  readonly reference: string;
  /** ISO 4217, or the code of what else is counted, such as an allowance of one tonne. */
  readonly currency: string;
  readonly postings: readonly Posting[];
  readonly memo: string;
  readonly atMs: number;
}

/** A booked entry: its hash covers everything in it and, through previousHash, everything before it. */
export interface Entry extends EntryDraft {
  /** 0, 1, 2 … without gaps. */
  readonly index: number;
  /**
   * 128 random bits, hex, told to the entry's holders only. Amounts are easily guessed, and hashes of others' entries are
   * seen by everybody who continues the chain or proves a neighbour: without the salt a hash would confirm a guess.
   * Null in entries of the first form, which had none.
   */
  readonly salt: string | null;
  readonly previousHash: string;
  readonly hash: string;
}

/** Where a chain ends; what the next entry continues and what a reader keeps to notice a truncated chain. */
export interface Head {
  readonly index: number;
  readonly hash: string;
}

/** The empty chain. */
export const GENESIS: Head = { index: -1, hash: '0'.repeat(64) };

const SALT = /^[0-9a-f]{32}$/;

/** Whether an entry's salt is one, or none as in the first form. */
export const isSalt = (salt: unknown): salt is string | null =>
  salt === null || (typeof salt === 'string' && SALT.test(salt));

/**
 * The entry that continues `head`. Append it only while holding the head, so that no index is given twice, and draw a new
 * `salt` for each: 32 hex digits.
 * @throws LEDGER_UNBALANCED, LEDGER_POSTING, LEDGER_CURRENCY, LEDGER_INSTANT, LEDGER_SALT.
 */
export async function appendEntry(head: Head, draft: EntryDraft, salt: string): Promise<Entry> {
  requireDraft(draft);
  if (!SALT.test(salt)) {
    throw new DomainError('LEDGER_SALT', `expected 32 hex digits, got ${salt.length} characters`);
  }
  const { type, reference, currency, postings, memo, atMs } = draft;
  const content = {
    type,
    reference,
    currency,
    postings,
    memo,
    atMs,
    index: head.index + 1,
    previousHash: head.hash,
    salt,
  };
  return { ...content, hash: await hashEntry(content) };
}

/** SHA-256 over the canonical JSON of everything but the hash itself, hex. */
export function hashEntry(entry: Omit<Entry, 'hash'>): Promise<string> {
  const form: Json =
    entry.salt === null
      ? { form: 'gridcommons/ledger-entry/1' }
      : { form: 'gridcommons/ledger-entry/2', salt: entry.salt };
  const statement: Json = {
    ...form,
    index: entry.index,
    previousHash: entry.previousHash,
    type: entry.type,
    reference: entry.reference,
    currency: entry.currency,
    postings: entry.postings.map(({ account, amountMinor }) => ({ account, amountMinor })),
    memo: entry.memo,
    at: isoInstant(entry.atMs),
  };
  return hashJson(statement);
}

/** @throws LEDGER_UNBALANCED, LEDGER_POSTING, LEDGER_CURRENCY, LEDGER_INSTANT unless the draft is double entry. */
export function requireDraft({ currency, postings, atMs }: EntryDraft): void {
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new DomainError(
      'LEDGER_CURRENCY',
      `expected a currency as in ISO 4217, got ${JSON.stringify(currency)}`,
    );
  }
  if (!Number.isSafeInteger(atMs) || Math.abs(atMs) > MAX_INSTANT_MS) {
    throw new DomainError('LEDGER_INSTANT', `expected a whole instant in ms, got ${atMs}`);
  }
  const accounts = new Set(postings.map(({ account }) => account));
  if (postings.length < 2 || accounts.size !== postings.length || accounts.has('')) {
    throw new DomainError(
      'LEDGER_POSTING',
      `expected two or more accounts, each once, got ${postings.length} postings`,
    );
  }
  if (!postings.every(({ amountMinor }) => Number.isSafeInteger(amountMinor) && amountMinor !== 0)) {
    throw new DomainError('LEDGER_POSTING', 'expected whole minor units other than zero in every posting');
  }
  const sum = postings.reduce((total, { amountMinor }) => total + BigInt(amountMinor), 0n);
  if (sum !== 0n)
    throw new DomainError('LEDGER_UNBALANCED', `expected postings that sum to zero, got ${sum}`);
}

/** The last instant that ECMAScript's Date, and with it ISO 8601 here, can carry. */
const MAX_INSTANT_MS = 8_640_000_000_000_000;
