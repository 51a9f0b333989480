import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { type DayFacts, LedgerDesk } from './harness/ledger-desk.ts';
import { codeOf } from './harness/market-day.ts';

interface Verdict {
  readonly verified: boolean;
  readonly head: string | null;
  readonly platformKey: string | null;
  readonly checks: readonly { readonly name: string; readonly code: string | null }[];
}

const verify = async (file: string, ...more: readonly string[]) => {
  const { exitCode, stdout, stderr } = await run(['ledger', 'verify', '--input', file, ...more, '--json']);
  return { exitCode, verdict: stdout === '' ? null : (JSON.parse(stdout) as Verdict), stderr };
};
const refusalOf = (stderr: string): string => (JSON.parse(stderr) as { error: { code: string } }).error.code;

/** Another digit in place of the last. */
const flipped = (whole: string): string => `${whole.slice(0, -1)}${whole.endsWith('0') ? 1 : 0}`;

const PROOF = 'query ($index: SafeInt!) { ledgerProof(entryIndex: $index) { path day { day } } }';

/** One market day, booked, closed, proven and counter-signed; the tests go through it in this order. */
describe('a day of the ledger', () => {
  let desk: LedgerDesk;
  let first: DayFacts;
  let own: number[];
  let others: number[];

  beforeAll(async () => {
    desk = await LedgerDesk.start();
    await desk.settle();
    own = await desk.held(desk.market.firms.buyer.apiKey);
    others = await desk.held(desk.market.firms.seller.apiKey);
  }, 60_000);

  afterAll(() => desk.stop());

  const proof = (index: number, sender: string) => desk.market.platform.graphql(PROOF, { index }, sender);

  it('has no proof before it is over', async () => {
    const { firms } = desk.market;
    expect(codeOf(await proof(own[0]!, firms.buyer.apiKey))).toBe('LEDGER_DAY_OPEN');
    const { exitCode, stderr } = await desk.as(
      firms.buyer,
      'prove',
      '--index',
      String(own[0]),
      '--out',
      desk.file('early'),
    );
    expect([exitCode, refusalOf(stderr)]).toEqual([1, 'LEDGER_DAY_OPEN']);
    await expect(readFile(desk.file('early'))).rejects.toThrow('ENOENT');
  });

  it('is recorded at midnight, for every member to see', async () => {
    [first] = (await desk.nextDay()) as [DayFacts];
    expect(first).toMatchObject({
      day: '2026-03-29',
      firstIndex: 0,
      entries: own.length + others.length,
      previous: '0'.repeat(64),
    });
  });

  it('proves an entry to whoever gets the file, offline', async () => {
    const { firms } = desk.market;
    const file = desk.file('entry.proof');
    const { exitCode, stdout } = await desk.as(
      firms.buyer,
      'prove',
      '--index',
      String(own[1]),
      '--out',
      file,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ file, days: 1, entries: 1, record: first.hash });
    const { verdict } = await verify(file, '--record', first.hash);
    expect(verdict).toMatchObject({ verified: true, head: first.hash });
    expect(await readFile(file, 'utf8')).not.toContain(firms.seller.participant.id);
  });

  it.each([
    ['an amount', /"amountMinor": -?\d/, flipped, 'LEDGER_PROOF_INVALID'],
    ['the salt', /"salt": "./, flipped, 'LEDGER_PROOF_INVALID'],
    ['a sibling', /"path": \[\s*"./, flipped, 'LEDGER_PROOF_INVALID'],
    ['the root', /"root": "./, flipped, 'LEDGER_DAY_INVALID'],
    ['the platform’s signature', /"signature": "./, flipped, 'SIGNATURE_INVALID'],
    ['a key that nobody knows', '"days"', () => '"extra": 1, "days"', 'INPUT_KEY_UNKNOWN'],
  ])('notices %s that was altered', async (_, from, to, code) => {
    const { exitCode, verdict, stderr } = await verify(await desk.altered('entry.proof', from, to));
    expect(exitCode).toBe(1);
    expect(verdict?.checks.at(-1)?.code ?? refusalOf(stderr)).toBe(code);
  });

  it('is not what an invented platform signs, for who knows the key', async () => {
    const { exitCode, verdict } = await verify(desk.file('entry.proof'), '--platform-key', 'ab'.repeat(32));
    expect(exitCode).toBe(1);
    expect(verdict).toMatchObject({
      verified: false,
      checks: [{ name: 'days', code: 'LEDGER_PLATFORM_KEY' }],
    });
  });

  it('has no proof of an entry for who does not hold it, nor for who holds nothing', async () => {
    const { firms, platform } = desk.market;
    for (const outsider of [firms.seller.apiKey, firms.bystander.apiKey, platform.operatorKey]) {
      expect(codeOf(await proof(own[0]!, outsider))).toBe('LEDGER_ENTRY_UNKNOWN');
    }
    const { exitCode, stderr } = await desk.as(
      firms.bystander,
      'prove',
      '--index',
      '0',
      '--output',
      desk.file('stolen'),
    );
    expect([exitCode, refusalOf(stderr)]).toEqual([1, 'LEDGER_ENTRY_UNKNOWN']);
  });

  it('is counter-signed by nodes, once they have found their entries in it', async () => {
    const { buyer, bystander } = desk.market.firms;
    const { day, hash: record } = first;
    expect(await desk.attend(buyer.participant)).toEqual([
      { event: 'countersigned', day, record, entries: own.length },
    ]);
    expect(await desk.attend(buyer.participant)).toEqual([]);
    expect(await desk.attend(bystander.participant)).toMatchObject([{ event: 'countersigned', entries: 0 }]);
    expect((await desk.signers(day)).toSorted()).toEqual(
      [buyer.participant.id, bystander.participant.id].toSorted(),
    );
  });

  it('takes the counter-signature of a participant over its record and nothing else', async () => {
    const { seller } = desk.market.firms;
    const other = { ...first, hash: first.root };
    expect(codeOf(await desk.countersign(seller.participant, other))).toBe('SIGNATURE_INVALID');
    const unknown = { ...first, day: '2026-03-28' };
    expect(codeOf(await desk.countersign(seller.participant, unknown))).toBe('LEDGER_DAY_UNKNOWN');
    expect((await desk.countersign(seller.participant, first)).data).toMatchObject({
      countersignLedgerDay: { participantId: seller.participant.id },
    });
    expect(await desk.signers(first.day)).toHaveLength(3);
  });

  it('is followed by the next day with entries, and exported with it', async () => {
    await desk.market.setClock(Date.UTC(2026, 3, 2));
    await desk.settle();
    const days = await desk.nextDay(9);
    expect(days).toHaveLength(2);
    expect(days[1]).toMatchObject({ previous: first.hash, firstIndex: first.lastIndex + 1 });
    const file = desk.file('ledger.proofs');
    const { firms } = desk.market;
    const { stdout } = await desk.as(firms.buyer, 'export', '--out', file);
    const held = await desk.held(firms.buyer.apiKey);
    expect(JSON.parse(stdout)).toEqual({ file, days: 2, entries: held.length, record: days[1]!.hash });
    const { exitCode, verdict } = await verify(file, '--record', first.hash);
    expect(exitCode).toBe(0);
    expect(verdict).toMatchObject({ verified: true, head: days[1]!.hash });
    const again = await desk.as(firms.buyer, 'export', '--out', file);
    expect([again.exitCode, refusalOf(again.stderr)]).toEqual([1, 'FILE_EXISTS']);
  });

  it.each([
    ['a counter-signature', /"participantId": "./, 'SIGNATURE_INVALID'],
    ['the link between the days', /"previous": "(?!0{64})./, 'LEDGER_DAY_INVALID'],
  ])('notices %s that was altered in an export', async (_, from, code) => {
    const { exitCode, verdict } = await verify(await desk.altered('ledger.proofs', from, flipped));
    expect([exitCode, verdict?.checks.at(-1)?.code]).toEqual([1, code]);
  });
});
