import { DomainError } from '#core';
import {
  type Countersignature,
  requireCountersignature,
  requireNextDay,
  requireSignedDay,
  type SignedDay,
} from './day-record.ts';
import type { Entry } from './entry.ts';
import { type InclusionPath, verifyInclusion } from './merkle-day.ts';

/** One entry and where it stands in its day. */
export interface ProvenEntry {
  readonly entry: Entry;
  readonly path: InclusionPath;
}

/** What anybody can check offline: records of one day or of several in a row, and entries of those days. */
export interface LedgerProofs {
  readonly days: readonly (SignedDay & { readonly countersignatures: readonly Countersignature[] })[];
  readonly entries: readonly ProvenEntry[];
}

/** In the order they are made; each stands on those before it. */
export type ProofCheckName =
  | 'days' // each record is sound, signed by its platform, the expected one, and continues the one before
  | 'entries' // each is double entry, hashes to its hash and leads to the root of its day
  | 'countersignatures'; // each is its key's over the record

export interface ProofCheck {
  readonly name: ProofCheckName;
  readonly ok: boolean;
  /** The refusal's code, null where the check held. */
  readonly code: string | null;
  readonly detail: string;
}

export interface ProofVerdict {
  readonly verified: boolean;
  /** Of the newest record: compare it with what a member counter-signed, or with an anchor. Null where the days do not hold. */
  readonly head: string | null;
  readonly platformKey: string | null;
  /** Up to the first that failed. */
  readonly checks: readonly ProofCheck[];
}

/** What the reader knows from elsewhere; without it a ledger of invented parties verifies as what it is. */
export interface ExpectedLedger {
  readonly platformKey?: string;
  /** Hash of a record that must be among the file's. */
  readonly record?: string;
}

/** Checks proofs from themselves alone. @returns a verdict for any content whatever */
export async function verifyProofs(
  proofs: LedgerProofs,
  expected: ExpectedLedger = {},
): Promise<ProofVerdict> {
  const checks: ProofCheck[] = [];
  for (const [name, run] of CHECKS) {
    const check = await checked(name, () => run(proofs, expected));
    checks.push(check);
    if (!check.ok) break;
  }
  const newest = checks[0]?.ok === true ? proofs.days.at(-1) : undefined;
  return {
    verified: checks.every(({ ok }) => ok),
    head: newest?.hash ?? null,
    platformKey: newest?.platformKey ?? null,
    checks,
  };
}

const CHECKS = [
  ['days', checkDays],
  ['entries', checkEntries],
  ['countersignatures', checkCountersignatures],
] as const;

async function checked(name: ProofCheckName, run: () => Promise<string>): Promise<ProofCheck> {
  try {
    return { name, ok: true, code: null, detail: await run() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { name, ok: false, code: error.code, detail: error.message };
  }
}

async function checkDays(
  { days }: LedgerProofs,
  { platformKey = days[0]?.platformKey ?? '', record }: ExpectedLedger,
): Promise<string> {
  let before: SignedDay | undefined;
  for (const day of days) {
    await requireSignedDay(day);
    if (day.platformKey !== platformKey) {
      throw refuse(
        'LEDGER_PLATFORM_KEY',
        `expected the platform's key ${platformKey}, got ${day.platformKey}`,
      );
    }
    if (before) requireNextDay(day, before);
    before = day;
  }
  if (!before) throw refuse('LEDGER_PROOF_INVALID', 'expected the record of a day, got none');
  if (record !== undefined && !days.some(({ hash }) => hash === record)) {
    throw refuse('LEDGER_FORKED', `expected record ${record} among the days, got others`);
  }
  return `${days.length} days up to ${before.day}, record ${before.hash}`;
}

async function checkEntries({ days, entries }: LedgerProofs): Promise<string> {
  const hashes = new Map<number, string>();
  for (const { entry, path } of entries) {
    const day = days.find(
      ({ firstIndex, lastIndex }) => entry.index >= firstIndex && entry.index <= lastIndex,
    );
    if (!day)
      throw refuse('LEDGER_PROOF_INVALID', `expected the record that holds entry ${entry.index}, got none`);
    const { reason } = await verifyInclusion(entry, path, day);
    if (reason !== undefined) {
      throw refuse(
        'LEDGER_PROOF_INVALID',
        `expected entry ${entry.index} in the record of ${day.day}, got ${reason}`,
      );
    }
    hashes.set(entry.index, entry.hash);
  }
  for (const { lastIndex, head } of days) hashes.set(lastIndex, head);
  for (const { entry } of entries) requireLink(entry, hashes.get(entry.index - 1));
  return `${entries.length} entries`;
}

/** Where the entry before is known too, or a record that ends with it. */
function requireLink({ index, previousHash }: Entry, before: string | undefined): void {
  if (before === undefined || before === previousHash) return;
  throw refuse('LEDGER_PROOF_INVALID', `expected entry ${index} to continue ${before}, got ${previousHash}`);
}

async function checkCountersignatures({ days }: LedgerProofs): Promise<string> {
  const signers = new Set<string>();
  for (const { hash, countersignatures } of days) {
    for (const each of countersignatures) {
      await requireCountersignature(hash, each);
      signers.add(each.signingKey);
    }
  }
  return `${signers.size} participants`;
}

const refuse = (code: string, message: string): DomainError => new DomainError(code, message, 'conflict');
