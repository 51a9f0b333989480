import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, DomainError, generateSigningKey, isoInstant, type SigningKey } from '#core';
import {
  appendEntry,
  BEFORE_FIRST_DAY,
  dayAfter,
  dayTree,
  type Entry,
  GENESIS,
  inclusionPath,
  recordDay,
  requireCountersignature,
  type SignedDay,
  signDay,
} from '#ledger';
import type { SiteNode } from '../node/node.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { LedgerLoop } from './ledger-loop.ts';

const START = Date.UTC(2026, 2, 29);
const OWN = '00000000-0000-4000-8000-00000000000a';
const LOOK_MS = 30_000;

/** A ledger as a platform keeps it, and may be made to tell it otherwise. */
class Ledger {
  readonly entries: Entry[] = [];
  readonly days: SignedDay[] = [];
  /** Places of the entries the site is shown and gets proofs of. */
  shown: number[] = [];
  proven: number[] | undefined;

  constructor(readonly key: SigningKey) {}

  async book(count: number, memo = ''): Promise<void> {
    for (let i = 0; i < count; i++) {
      const postings = [
        { account: 'a', amountMinor: 1 },
        { account: 'b', amountMinor: -1 },
      ];
      const atMs = START + this.days.length * DAY_MS;
      const draft = { type: 't', reference: `${this.entries.length}`, currency: 'EUR', postings, memo, atMs };
      this.entries.push(await appendEntry(this.entries.at(-1) ?? GENESIS, draft, '0'.repeat(32)));
    }
  }

  async close(): Promise<SignedDay> {
    const last = this.days.at(-1) ?? null;
    const firstIndex = (last?.lastIndex ?? -1) + 1;
    const hashes = this.entries.slice(firstIndex).map(({ hash }) => hash);
    const day = dayAfter(last, this.entries[firstIndex]!.atMs);
    const previous = last?.hash ?? BEFORE_FIRST_DAY;
    const record = await recordDay({ day, firstIndex, previous, platformKey: this.key.publicKey }, hashes);
    const signed = await signDay(record, this.key.privateKey);
    this.days.push(signed);
    return signed;
  }

  async answer(query: string, variables: Record<string, string | null>): Promise<object> {
    if (query.includes('ledgerDays')) {
      const since = variables['since'] ?? '';
      return { ledgerDays: page(this.days.filter(({ day }) => day >= since)) };
    }
    if (query.includes('ledgerProofs')) return { ledgerProofs: page(await this.proofs(variables['day']!)) };
    const after = Number(variables['after'] ?? -1);
    const entries = this.shown.filter((index) => index > after).map((index) => this.entries[index]!);
    return { ledger: { entries: page(entries, entries.at(-1)?.index) } };
  }

  private proofs(date: string): Promise<object[]> {
    const day = this.days.find((each) => each.day === date)!;
    const held = this.entries.slice(day.firstIndex, day.lastIndex + 1);
    const own = held.filter(({ index }) => (this.proven ?? this.shown).includes(index));
    return Promise.all(
      own.map(async ({ atMs, ...entry }) => ({
        entry: { ...entry, at: isoInstant(atMs) },
        path: inclusionPath(await dayTree(held.map(({ hash }) => hash)), day, entry.index),
      })),
    );
  }
}

const page = (all: readonly object[], endCursor: number | null = null) => ({
  edges: all.map((node) => ({ node })),
  pageInfo: { hasNextPage: false, endCursor: endCursor === null ? null : String(endCursor) },
});

describe('a node before the days of a ledger', () => {
  let path: string;
  let signing: SigningKey;
  let ledger: Ledger;
  let events: { event: string; facts: Record<string, string | number> }[];
  let sent: { day: string; signature: string }[];
  let asked: number;
  let refusal: DomainError | undefined;

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-ledger-'));
    signing = await generateSigningKey();
    ledger = new Ledger(await generateSigningKey());
    [events, sent, asked, refusal] = [[], [], 0, undefined];
    await ledger.book(5);
    ledger.shown = [1, 3];
  });

  afterEach(() => rmSync(path, { recursive: true }));

  async function request(query: string, variables: Record<string, never>): Promise<object> {
    asked += 1;
    if (!query.includes('countersignLedgerDay')) return ledger.answer(query, variables);
    if (refusal) throw refusal;
    const { input } = variables as unknown as { input: { day: string; signature: string } };
    sent.push(input);
    return { countersignLedgerDay: input };
  }

  /** Whoever starts the process again has an empty memory and the same directory. */
  function started(wallMs?: () => number): LedgerLoop {
    const node = {
      directory: new SiteDirectory(path),
      identity: { signing },
      enrolment: { participantId: OWN, platformKey: ledger.key.publicKey },
      client: { request },
      report: (event: string, facts = {}) => void events.push({ event, facts }),
    };
    return new LedgerLoop(node as unknown as SiteNode, wallMs);
  }

  const pass = (): Promise<boolean> => started().step();
  const codes = () => events.map(({ event, facts }) => facts['code'] ?? event);

  it('counter-signs each record once, in order, whenever it is started', async () => {
    const first = await ledger.close();
    expect(await pass()).toBe(true);
    await ledger.book(2);
    const second = await ledger.close();
    expect([await pass(), await pass()]).toEqual([true, false]);
    expect(sent.map(({ day }) => day)).toEqual([first.day, second.day]);
    for (const [i, { hash }] of [first, second].entries()) {
      const { signature } = sent[i]!;
      await requireCountersignature(hash, { participantId: OWN, signingKey: signing.publicKey, signature });
    }
    expect(events).toEqual([
      { event: 'countersigned', facts: { day: first.day, record: first.hash, entries: 2 } },
      { event: 'countersigned', facts: { day: second.day, record: second.hash, entries: 0 } },
    ]);
  });

  it('sends what it signed before the platform went away', async () => {
    refusal = new DomainError('PLATFORM_UNAVAILABLE', 'gone', 'unavailable');
    const { day } = await ledger.close();
    await expect(pass()).rejects.toThrow('gone');
    refusal = undefined;
    expect([await pass(), await pass()]).toEqual([false, false]);
    expect(sent).toEqual([{ day, signature: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
  });

  it('signs no second record of a day, says so at every start and keeps the platform’s word', async () => {
    await ledger.close();
    await pass();
    const other = new Ledger(ledger.key);
    await other.book(5, 'rewritten');
    const forged = await other.close();
    await other.book(1);
    await other.close();
    ledger = other;
    expect([await pass(), await pass()]).toEqual([false, false]);
    expect(sent).toHaveLength(1);
    expect(codes()).toEqual(['countersigned', 'LEDGER_FORKED', 'LEDGER_FORKED']);
    expect(events[1]!.facts).toMatchObject({ day: forged.day, got: forged.hash });
  });

  it('notices a record that continues another one than it signed', async () => {
    await ledger.close();
    await pass();
    const other = new Ledger(ledger.key);
    await other.book(5, 'rewritten');
    await other.close();
    await other.book(1);
    ledger.days.push(await other.close());
    expect(await pass()).toBe(false);
    expect(sent).toHaveLength(1);
    expect(codes()).toEqual(['countersigned', 'LEDGER_FORKED']);
  });

  it('notices a record it signed that is no longer there', async () => {
    await ledger.close();
    await pass();
    ledger.days.pop();
    expect(await pass()).toBe(false);
    expect(codes()).toEqual(['countersigned', 'LEDGER_FORKED']);
  });

  it('does not sign a record in which an entry it was shown is missing', async () => {
    await pass();
    await ledger.close();
    ledger.proven = [1];
    expect(await pass()).toBe(false);
    expect(codes()).toEqual(['LEDGER_ENTRY_MISSING']);
    ledger.proven = [1, 3];
    expect(await pass()).toBe(true);
  });

  it('does not sign a record in which an entry is another than it was shown', async () => {
    await pass();
    const other = new Ledger(ledger.key);
    await other.book(5, 'rewritten');
    await other.close();
    other.shown = [1, 3];
    ledger = other;
    expect(await pass()).toBe(false);
    expect(codes()).toEqual(['LEDGER_ENTRY_MISSING']);
  });

  it('does not sign what does not add up', async () => {
    const { root } = await ledger.close();
    const [record] = ledger.days;
    const [salted] = ledger.entries.splice(1, 1, { ...ledger.entries[1]!, memo: 'altered' });
    await pass();
    ledger.entries[1] = salted!;
    ledger.days[0] = { ...record!, root: root.replace(/./, (digit) => (digit === '0' ? '1' : '0')) };
    await pass();
    const stranger = await generateSigningKey();
    ledger.days[0] = await signDay({ ...record!, platformKey: stranger.publicKey }, stranger.privateKey);
    await pass();
    expect(codes()).toEqual(['LEDGER_PROOF_INVALID', 'LEDGER_DAY_INVALID', 'LEDGER_PLATFORM_KEY']);
    expect(sent).toEqual([]);
  });

  it('looks twice a minute, and says the same once', async () => {
    let nowMs = 0;
    await ledger.close();
    ledger.days[0] = { ...ledger.days[0]!, signature: '0'.repeat(128) };
    const loop = started(() => nowMs);
    await loop.step();
    const once = asked;
    nowMs = LOOK_MS - 1;
    await loop.step();
    expect(asked).toBe(once);
    nowMs = LOOK_MS;
    await loop.step();
    expect(asked).toBeGreaterThan(once);
    expect(codes()).toEqual(['SIGNATURE_INVALID']);
  });
});
