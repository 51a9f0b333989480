import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, generateSigningKey, type SigningKey } from '#core';
import {
  appendEntry,
  BEFORE_FIRST_DAY,
  countersignDay,
  dayAfter,
  dayTree,
  type Entry,
  GENESIS,
  inclusionPath,
  type LedgerProofs,
  recordDay,
  requireNextDay,
  type SignedDay,
  signDay,
  verifyInclusion,
  verifyProofs,
} from './index.ts';

const NOON = Date.UTC(2026, 2, 29, 12);

let platform: SigningKey;
let member: SigningKey;

beforeAll(async () => {
  platform = await generateSigningKey();
  member = await generateSigningKey();
});

async function chainOf(count: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    const postings = [
      { account: 'a', amountMinor: i + 1 },
      { account: 'b', amountMinor: -(i + 1) },
    ];
    const draft = {
      type: 'test',
      reference: `${i}`,
      currency: 'EUR',
      postings,
      memo: `é ${i}`,
      atMs: NOON + i,
    };
    const salt = i.toString(16).padStart(32, '0');
    entries.push(await appendEntry(entries.at(-1) ?? GENESIS, draft, salt));
  }
  return entries;
}

/** Days of the given numbers of entries, the first from entry `from` on. */
async function daysOf(entries: readonly Entry[], counts: readonly number[], from = 0) {
  const days: SignedDay[] = [];
  let firstIndex = from;
  for (const count of counts) {
    const last = days.at(-1) ?? null;
    const day = dayAfter(last, entries[firstIndex]!.atMs);
    const previous = last?.hash ?? BEFORE_FIRST_DAY;
    const hashes = entries.slice(firstIndex, firstIndex + count).map(({ hash }) => hash);
    const record = await recordDay({ day, firstIndex, previous, platformKey: platform.publicKey }, hashes);
    days.push(await signDay(record, platform.privateKey));
    firstIndex += count;
  }
  return days;
}

async function pathOf(entries: readonly Entry[], day: SignedDay, index: number) {
  const held = entries.slice(day.firstIndex, day.lastIndex + 1);
  return inclusionPath(await dayTree(held.map(({ hash }) => hash)), day, index);
}

async function proofsOf(
  entries: readonly Entry[],
  days: readonly SignedDay[],
  indices: readonly number[],
): Promise<LedgerProofs> {
  const proven = indices.map(async (index) => {
    const day = days.find(({ firstIndex, lastIndex }) => index >= firstIndex && index <= lastIndex)!;
    return { entry: entries[index]!, path: await pathOf(entries, day, index) };
  });
  const signed = days.map(async (day) => ({
    ...day,
    countersignatures: [
      {
        participantId: 'p1',
        signingKey: member.publicKey,
        signature: await countersignDay(member.privateKey, day.hash, 'p1'),
      },
    ],
  }));
  return { days: await Promise.all(signed), entries: await Promise.all(proven) };
}

describe('a day record', () => {
  it('has a proof of each of its entries, whatever their number and their place in the chain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.nat(3), async (count, from) => {
        const entries = await chainOf(from + count);
        const [day] = await daysOf(entries, [count], from);
        const verdicts = entries
          .slice(from)
          .map(async (entry) => verifyInclusion(entry, await pathOf(entries, day!, entry.index), day!));
        expect(await Promise.all(verdicts)).toEqual(verdicts.map(() => ({ verified: true })));
      }),
      { numRuns: 20 },
    );
  });

  it('has no proof of one entry that holds for another', async () => {
    const entries = await chainOf(13);
    const [day] = await daysOf(entries, [13]);
    for (const { index } of entries) {
      const path = await pathOf(entries, day!, index);
      const held = await Promise.all(entries.map((entry) => verifyInclusion(entry, path, day!)));
      expect(held.flatMap(({ verified }, i) => (verified ? [i] : []))).toEqual([index]);
    }
  });

  it('does not hold an entry without a salt, of another place or from after its day', async () => {
    const entries = await chainOf(2);
    const [day] = await daysOf(entries, [1]);
    const reason = async (entry: Entry) => (await verifyInclusion(entry, [], day!)).reason;
    expect(await reason(entries[1]!)).toBe('INDEX');
    expect(await reason({ ...entries[0]!, salt: null })).toBe('HASH');
    const late = await appendEntry(GENESIS, { ...entries[0]!, atMs: NOON + DAY_MS }, '0'.repeat(32));
    const [forged] = await daysOf([late], [1]);
    expect(await verifyInclusion(late, [], { ...forged!, day: '2026-03-29' })).toEqual({
      verified: false,
      reason: 'DAY',
    });
  });
});

describe('dayAfter', () => {
  it.each([
    ['the day of the entry', null, NOON, '2026-03-29'],
    ['the last instant of it', null, Date.UTC(2026, 2, 30) - 1, '2026-03-29'],
    ['a later day than the last record', '2026-03-28', NOON, '2026-03-29'],
    ['the day after the last record where that is closed', '2026-03-29', NOON, '2026-03-30'],
    ['the day after the last record where the clock went back', '2026-12-31', NOON, '2027-01-01'],
  ])('is %s', (_, last, atMs, day) => {
    expect(dayAfter(last === null ? null : { day: last }, atMs)).toBe(day);
  });
});

const refusal = (code: string) => expect.objectContaining({ code });

describe('requireNextDay', () => {
  it('accepts the day that follows, and the first after none', async () => {
    const [first, second] = await daysOf(await chainOf(5), [2, 3]);
    requireNextDay(first!, null);
    requireNextDay(second!, first!);
  });

  it('notices a record that continues another, leaves out, repeats or goes back', async () => {
    const entries = await chainOf(6);
    const [first, second] = await daysOf(entries, [2, 3]);
    const [other] = await daysOf(entries, [3]);
    const next = (change: Partial<SignedDay>, before: SignedDay | null | undefined) => () =>
      requireNextDay({ ...second!, ...change }, before ?? null);
    expect(next({}, other)).toThrow(refusal('LEDGER_FORKED'));
    expect(next({}, null)).toThrow(refusal('LEDGER_FORKED'));
    expect(next({ firstIndex: 3 }, first)).toThrow(refusal('LEDGER_DAY_INVALID'));
    expect(next({ firstIndex: 1 }, first)).toThrow(refusal('LEDGER_DAY_INVALID'));
    expect(next({ day: first!.day }, first)).toThrow(refusal('LEDGER_DAY_INVALID'));
  });
});

describe('verifyProofs', () => {
  it('verifies one entry, and all entries of all days', async () => {
    const entries = await chainOf(9);
    const days = await daysOf(entries, [1, 5, 3]);
    expect(await verifyProofs(await proofsOf(entries, [days[1]!], [3]))).toMatchObject({
      verified: true,
      head: days[1]!.hash,
      platformKey: platform.publicKey,
    });
    const all = await proofsOf(entries, days, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await verifyProofs(all, { platformKey: platform.publicKey, record: days[0]!.hash })).toEqual({
      verified: true,
      head: days[2]!.hash,
      platformKey: platform.publicKey,
      checks: [
        { name: 'days', ok: true, code: null, detail: `3 days up to 2026-03-31, record ${days[2]!.hash}` },
        { name: 'entries', ok: true, code: null, detail: '9 entries' },
        { name: 'countersignatures', ok: true, code: null, detail: '1 participants' },
      ],
    });
  });

  it('finds any altered byte of a file', async () => {
    const entries = await chainOf(6);
    const proofs = await proofsOf(entries, await daysOf(entries, [4, 2]), [2, 4]);
    const text = JSON.stringify(proofs);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (where, bits) => {
        const bytes = Buffer.from(text);
        bytes[where % bytes.length]! ^= bits;
        const altered = parsed(bytes);
        if (altered === undefined || JSON.stringify(altered) === text) return;
        expect((await verdictOf(altered)).verified).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells the code of what it refuses', async () => {
    const entries = await chainOf(4);
    const days = await daysOf(entries, [2, 2]);
    const proofs = await proofsOf(entries, days, [0, 1, 3]);
    const [first, second] = proofs.days;
    const { signature } = first!;
    const [proven] = proofs.entries;
    const strange = { ...first!.countersignatures[0]!, participantId: 'p2' };
    expect(await codeOf(proofs, { platformKey: member.publicKey })).toBe('LEDGER_PLATFORM_KEY');
    expect(await codeOf(proofs, { record: 'ab'.repeat(32) })).toBe('LEDGER_FORKED');
    expect(await codeOf({ ...proofs, days: [] })).toBe('LEDGER_PROOF_INVALID');
    expect(await codeOf({ ...proofs, days: [second!, first!] })).toBe('LEDGER_FORKED');
    expect(await codeOf({ ...proofs, days: [{ ...first!, root: second!.root }] })).toBe('LEDGER_DAY_INVALID');
    expect(await codeOf({ ...proofs, days: [{ ...second!, signature }] })).toBe('SIGNATURE_INVALID');
    expect(await codeOf({ ...proofs, days: [second!] })).toBe('LEDGER_PROOF_INVALID');
    expect(await codeOf({ ...proofs, entries: [{ ...proven!, path: [] }] })).toBe('LEDGER_PROOF_INVALID');
    expect(await codeOf({ ...proofs, days: [{ ...first!, countersignatures: [strange] }, second!] })).toBe(
      'SIGNATURE_INVALID',
    );
  });

  it('finds a platform that signs days whose entries are not one chain', async () => {
    const [entries, others] = [await chainOf(4), await chainOf(4)];
    const forged = await appendEntry({ index: 1, hash: 'ab'.repeat(32) }, others[2]!, '1'.repeat(32));
    const mixed = [entries[0]!, entries[1]!, forged];
    const proofs = await proofsOf(mixed, await daysOf(mixed, [2, 1]), [2]);
    expect((await verifyProofs(proofs)).checks.at(-1)).toMatchObject({
      name: 'entries',
      code: 'LEDGER_PROOF_INVALID',
    });
  });
});

const codeOf = async (proofs: LedgerProofs, expected = {}) =>
  (await verifyProofs(proofs, expected)).checks.at(-1)!.code;

/** The altered proofs, or undefined where the byte left no JSON at all. */
function parsed(bytes: Buffer): LedgerProofs | undefined {
  try {
    const proofs: LedgerProofs = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return proofs;
  } catch {
    return undefined;
  }
}

/** A key that is no longer there leaves another shape, which whoever reads the file refuses before. */
const verdictOf = (proofs: LedgerProofs) =>
  verifyProofs(proofs).catch((error: unknown) => {
    if (error instanceof TypeError) return { verified: false };
    throw error;
  });
