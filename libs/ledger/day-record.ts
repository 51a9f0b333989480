import { DAY_MS, DomainError, hashJson, isoInstant, type Json, requireSignature, signJson } from '#core';

/**
 * What the platform states and signs about the entries of one day (UTC). The records are a chain of their own; whoever
 * knows the newest one's hash knows the roots of all days before it, and by `head` every entry up to it.
 */
export interface DayRecord {
  /** `2026-03-29` */
  readonly day: string;
  /** Of the entries the day holds; days hold consecutive ones, and no entry is between two days. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly entries: number;
  /** Merkle root over the hashes of the entries in their order, hex. */
  readonly root: string;
  /** Hash of the last entry. */
  readonly head: string;
  /** Hash of the record of the day before that has one; 64 zeros in the first. */
  readonly previous: string;
  /** Ed25519, hex: who signs it. */
  readonly platformKey: string;
}

/** A record with its hash and the platform's signature over it. */
export interface SignedDay extends DayRecord {
  readonly hash: string;
  readonly signature: string;
}

/** A participant's statement that it found its own entries in a day's record, and that record after the one it signed before. */
export interface Countersignature {
  readonly participantId: string;
  readonly signingKey: string;
  readonly signature: string;
}

/** Signature contexts (see signJson in core): the platform's over a record, a participant's over the record's hash. */
export const LEDGER_DAY_CONTEXT = 'gridcommons/ledger-day/1';
export const COUNTERSIGNATURE_CONTEXT = 'gridcommons/ledger-day-countersignature/1';

/** What the first record names as the one before it. */
export const BEFORE_FIRST_DAY = '0'.repeat(64);

/** The UTC day of an instant: `2026-03-29`. */
export const utcDay = (ms: number): string => isoInstant(ms).slice(0, 10);

/** Where a day ends, ms: no entry of it may say that it is from then or later. */
export const dayEndMs = (day: string): number => Date.parse(day) + DAY_MS;

/**
 * The day that the first entry after `last` is booked under. The order of the chain rules: an entry that comes after its
 * day was closed, or from a clock that went back, counts to the next one.
 */
export function dayAfter(last: Pick<DayRecord, 'day'> | null, firstAtMs: number): string {
  const own = utcDay(firstAtMs);
  if (last === null) return own;
  const next = utcDay(dayEndMs(last.day));
  return own > next ? own : next;
}

export function dayStatement(record: DayRecord): Json {
  const { day, firstIndex, lastIndex, entries, root, head, previous, platformKey } = record;
  return {
    form: LEDGER_DAY_CONTEXT,
    day,
    firstIndex,
    lastIndex,
    entries,
    root,
    head,
    previous,
    platformKey,
  };
}

/** SHA-256 over the canonical JSON of the statement, hex. */
export const hashDay = (record: DayRecord): Promise<string> => hashJson(dayStatement(record));

/** The record under the platform's signature. */
export async function signDay(record: DayRecord, privateKey: string): Promise<SignedDay> {
  const signature = await signJson(privateKey, LEDGER_DAY_CONTEXT, dayStatement(record));
  return { ...record, hash: await hashDay(record), signature };
}

const countersignatureStatement = (recordHash: string, participantId: string): Json => ({
  record: recordHash,
  participant: participantId,
});

/** A participant's signature over a record's hash. */
export const countersignDay = (
  privateKey: string,
  recordHash: string,
  participantId: string,
): Promise<string> =>
  signJson(privateKey, COUNTERSIGNATURE_CONTEXT, countersignatureStatement(recordHash, participantId));

/** @throws SIGNATURE_INVALID */
export const requireCountersignature = (
  recordHash: string,
  { participantId, signingKey, signature }: Countersignature,
): Promise<void> =>
  requireSignature(
    signingKey,
    COUNTERSIGNATURE_CONTEXT,
    countersignatureStatement(recordHash, participantId),
    signature,
  );

/**
 * Checks a record by itself: sound in its figures, hashed and signed by the platform it names.
 * @throws LEDGER_DAY_INVALID, SIGNATURE_INVALID
 */
export async function requireSignedDay(signed: SignedDay): Promise<void> {
  requireSound(signed);
  if ((await hashDay(signed)) !== signed.hash) throw invalid(signed, 'its own hash');
  await requireSignature(signed.platformKey, LEDGER_DAY_CONTEXT, dayStatement(signed), signed.signature);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function requireSound(signed: SignedDay): void {
  const { day, firstIndex, lastIndex, entries } = signed;
  if (!DAY.test(day) || Number.isNaN(Date.parse(day)) || utcDay(Date.parse(day)) !== day) {
    throw invalid(signed, 'a day that exists');
  }
  const counts = [firstIndex, lastIndex, entries].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!counts || entries === 0 || lastIndex - firstIndex + 1 !== entries) {
    throw invalid(signed, 'as many entries as its indices hold');
  }
}

/**
 * Checks that a record follows `previous`, the newest one known before it; null: that it is the first.
 * @throws LEDGER_FORKED where it continues another record, or is another one of the same day; LEDGER_DAY_INVALID where it
 *   leaves entries out or counts them twice
 */
export function requireNextDay(record: DayRecord, previous: SignedDay | null): void {
  const expected = previous?.hash ?? BEFORE_FIRST_DAY;
  if (record.previous !== expected) {
    throw new DomainError(
      'LEDGER_FORKED',
      `expected the record of ${record.day} to continue ${expected}, got one that continues ${record.previous}`,
      'conflict',
      { day: record.day, expected, got: record.previous },
    );
  }
  if (previous === null) return;
  if (record.day <= previous.day) throw invalid(record, `a day after ${previous.day}`);
  if (record.firstIndex !== previous.lastIndex + 1) {
    throw invalid(record, `entries from ${previous.lastIndex + 1} on`);
  }
}

const invalid = (record: DayRecord, expected: string): DomainError =>
  new DomainError('LEDGER_DAY_INVALID', `expected ${expected} in the record of ${record.day}, got another`, 'conflict', { day: record.day }); // prettier-ignore
