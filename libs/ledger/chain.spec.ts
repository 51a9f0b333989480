import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type Entry,
  type EntryDraft,
  GENESIS,
  appendEntry,
  balances,
  hashEntry,
  verifyChain,
} from './index.ts';

const draft = (i: number): EntryDraft => ({
  type: 'market.local',
  reference: `session-${i}`,
  currency: 'EUR',
  postings: [
    { account: 'a', amountMinor: i + 1 },
    { account: 'b', amountMinor: -(i + 1) },
  ],
  memo: `day ${i}`,
  atMs: 1_000 * i,
});

const SALT = '00112233445566778899aabbccddeeff';

async function chainOf(drafts: readonly EntryDraft[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const each of drafts) entries.push(await appendEntry(entries.at(-1) ?? GENESIS, each, SALT));
  return entries;
}

const chain = (length: number): Promise<Entry[]> => chainOf(Array.from({ length }, (_, i) => draft(i)));

const drafts = fc.array(
  fc
    .record({
      reference: fc.string(),
      memo: fc.string({ unit: 'binary' }),
      atMs: fc.integer({ min: 0, max: 4e12 }),
      amounts: fc.array(
        fc.integer({ min: -1e9, max: 1e9 }).filter((amount) => amount !== 0),
        { minLength: 1, maxLength: 4 },
      ),
    })
    .filter(({ amounts }) => amounts.reduce((a, b) => a + b, 0) !== 0)
    .map(({ amounts, ...rest }): EntryDraft => {
      const all = [...amounts, -amounts.reduce((a, b) => a + b, 0)];
      const postings = all.map((amountMinor, i) => ({ account: `account-${i}`, amountMinor }));
      return { ...rest, type: 'test', currency: 'EUR', postings };
    }),
  { minLength: 1, maxLength: 6 },
);

describe('appendEntry', () => {
  it('numbers and links entries from the genesis', async () => {
    const [first, second] = await chain(2);
    expect(first).toMatchObject({ index: 0, previousHash: '0'.repeat(64) });
    expect(second).toMatchObject({ index: 1, previousHash: first!.hash });
  });

  it('keeps the hash of its form: what is booked today verifies tomorrow', async () => {
    const [first] = await chain(1);
    expect(first!.hash).toBe('2c47b50fada1a87d1e845d7cf99176ff12df3769cf479743243cee6ecae86eab');
  });

  it('keeps the hash of the form without a salt, whose entries still verify under those that have one', async () => {
    const content = { ...draft(0), index: 0, previousHash: GENESIS.hash, salt: null };
    const first = { ...content, hash: await hashEntry(content) };
    expect(first.hash).toBe('e89cf6c5d7f63068a8ae2d1cde57f8e1665cc040bd37a8cfa711e956ee890eee');
    const second = await appendEntry(first, draft(1), SALT);
    expect(await verifyChain([first, second])).toMatchObject({ verified: true, entries: 2 });
  });

  it('hashes the same content under another salt to another hash', async () => {
    const [first] = await chain(1);
    const other = await appendEntry(GENESIS, draft(0), SALT.replace('00', '01'));
    expect(other).toEqual({ ...first, salt: other.salt, hash: other.hash });
    expect(other.hash).not.toBe(first!.hash);
  });

  it.each(['', SALT.slice(1), SALT.toUpperCase(), `${SALT}00`])('refuses %j as a salt', async (salt) => {
    await expect(appendEntry(GENESIS, draft(0), salt)).rejects.toMatchObject({ code: 'LEDGER_SALT' });
  });

  it.each([
    ['LEDGER_UNBALANCED', { postings: [{ account: 'a', amountMinor: 2 }, { account: 'b', amountMinor: -1 }] }], // prettier-ignore
    ['LEDGER_POSTING', { postings: [] }],
    ['LEDGER_POSTING', { postings: [{ account: 'a', amountMinor: 2 }, { account: 'a', amountMinor: -2 }] }], // prettier-ignore
    ['LEDGER_POSTING', { postings: [{ account: 'a', amountMinor: 0 }, { account: 'b', amountMinor: 0 }] }], // prettier-ignore
    ['LEDGER_POSTING', { postings: [{ account: 'a', amountMinor: 0.5 }, { account: 'b', amountMinor: -0.5 }] }], // prettier-ignore
    ['LEDGER_CURRENCY', { currency: 'euro' }],
    ['LEDGER_INSTANT', { atMs: Number.NaN }],
  ])('refuses with %s', async (code, change) => {
    await expect(appendEntry(GENESIS, { ...draft(0), ...change }, SALT)).rejects.toMatchObject({ code });
  });
});

describe('verifyChain', () => {
  it('verifies the empty chain and any honest one', async () => {
    expect(await verifyChain([])).toEqual({ verified: true, entries: 0, head: GENESIS });
    await fc.assert(
      fc.asyncProperty(drafts, async (all) => {
        const entries = await chainOf(all);
        const head = { index: entries.length - 1, hash: entries.at(-1)!.hash };
        expect(await verifyChain(entries, head)).toEqual({ verified: true, entries: entries.length, head });
      }),
      { numRuns: 30 },
    );
  });

  it('finds any flipped bit, whichever field it is in', async () => {
    await fc.assert(
      fc.asyncProperty(
        drafts,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        async (all, which, where, bit) => {
          const entries = await chainOf(all);
          const at = which % entries.length;
          const bytes = Buffer.from(JSON.stringify(entries[at]));
          bytes[where % bytes.length]! ^= 1 << bit;
          const altered = parsed(bytes);
          if (altered === undefined || JSON.stringify(altered) === JSON.stringify(entries[at])) return;
          const verdict = await verifyChain(entries.with(at, altered));
          expect(verdict).toMatchObject({ verified: false, entries: at, firstBad: { index: at } });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds reordered, removed and inserted entries', async () => {
    const entries = await chain(5);
    const of = (...order: number[]): Entry[] => order.map((i) => entries[i]!);
    expect(await verifyChain(of(0, 2, 1, 3, 4))).toMatchObject({
      verified: false,
      firstBad: { index: 1, reason: 'INDEX' },
    });
    expect(await verifyChain(of(0, 1, 3, 4))).toMatchObject({
      verified: false,
      firstBad: { index: 2, reason: 'INDEX' },
    });
    expect(await verifyChain(of(0, 1, 1, 2))).toMatchObject({
      verified: false,
      firstBad: { index: 2, reason: 'INDEX' },
    });
  });

  it('finds a rewritten entry even when its own hash was made to fit', async () => {
    const entries = await chain(3);
    const forged = { ...entries[1]!, memo: 'another day' };
    const fitting = { ...forged, hash: await hashEntry(forged) };
    expect(await verifyChain(entries.with(1, fitting))).toMatchObject({
      verified: false,
      entries: 2,
      firstBad: { index: 2, reason: 'PREVIOUS_HASH' },
    });
  });

  it('finds money from nowhere even under a fitting hash', async () => {
    const [entry] = await chain(1);
    const forged = { ...entry!, postings: [{ account: 'a', amountMinor: 5 }, { account: 'b', amountMinor: -4 }] }; // prettier-ignore
    const fitting = { ...forged, hash: await hashEntry(forged) };
    expect(await verifyChain([fitting])).toMatchObject({
      verified: false,
      firstBad: { reason: 'DOUBLE_ENTRY' },
    });
  });

  it('finds a truncated chain against a head kept elsewhere', async () => {
    const entries = await chain(3);
    const head = { index: 2, hash: entries[2]!.hash };
    expect(await verifyChain(entries.slice(0, 2))).toMatchObject({ verified: true, entries: 2 });
    expect(await verifyChain(entries.slice(0, 2), head)).toMatchObject({
      verified: false,
      firstBad: { index: 2, reason: 'HEAD' },
    });
  });
});

describe('balances', () => {
  it('sum to zero in every currency', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, async (all) => {
        for (const accounts of balances(await chainOf(all)).values()) {
          expect([...accounts.values()].reduce((a, b) => a + b, 0)).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keep currencies apart', () => {
    const euro = { currency: 'EUR', postings: draft(0).postings };
    const krona = { currency: 'SEK', postings: draft(6).postings };
    const booked = balances([euro, krona, euro]);
    expect(Object.fromEntries(booked.get('EUR')!)).toEqual({ a: 2, b: -2 });
    expect(Object.fromEntries(booked.get('SEK')!)).toEqual({ a: 7, b: -7 });
  });
});

/** The altered entry, or undefined where the bit left no entry at all (broken JSON, or a mere respelling of the same one). */
function parsed(bytes: Buffer): Entry | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const entry: Entry = JSON.parse(text);
    return entry;
  } catch {
    return undefined;
  }
}
