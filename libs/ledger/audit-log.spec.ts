import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { generateSigningKey, type SigningKey } from '#core';
import {
  appendAuditEntry,
  type AuditDraft,
  type AuditEntry,
  type AuditLog,
  GENESIS,
  signAuditHead,
  verifyAuditLog,
} from './index.ts';

const CHAIN = '00000000-0000-4000-8000-000000000001';
const FIRM = '00000000-0000-4000-8000-000000000002';
const SALT = '00112233445566778899aabbccddeeff';

const draft = (i: number): AuditDraft => ({
  organisationId: FIRM,
  actorKind: 'member',
  actorId: FIRM,
  agreementId: CHAIN,
  operation: 'download.chunk',
  rows: 24 * i,
  bytes: 1_000 * i,
  decision: 'PERMIT',
  code: null,
  atMs: 1_000 * i,
});
const refused = (code: string): Partial<AuditDraft> => ({ decision: 'DENY', code, rows: 0, bytes: 0 });

const append = (before: AuditEntry | undefined, content: AuditDraft): Promise<AuditEntry> =>
  appendAuditEntry(CHAIN, before ?? GENESIS, content, SALT);

describe('a chain of decisions', () => {
  let key: SigningKey;
  let entries: AuditEntry[];
  let log: AuditLog;

  const logOf = async (some: readonly AuditEntry[]): Promise<AuditLog> => {
    const { index, hash } = some.at(-1) ?? GENESIS;
    const head = { chain: CHAIN, index, hash, atMs: 5_000, platformKey: key.publicKey };
    return { entries: some, head: await signAuditHead(head, key.privateKey) };
  };

  const of = (...order: number[]): AuditLog => ({ ...log, entries: order.map((i) => entries[i]!) });

  beforeAll(async () => {
    key = await generateSigningKey();
    entries = [];
    for (let i = 0; i < 5; i++)
      entries.push(
        await append(entries.at(-1), { ...draft(i), ...(i === 3 ? refused('AGREEMENT_REVOKED') : {}) }),
      );
    log = await logOf(entries);
  });

  it('verifies, empty or not, and tells where it ends', async () => {
    expect(await verdictOn(log)).toEqual({ verified: true, code: null });
    expect(await verdictOn(await logOf([]))).toEqual({ verified: true, code: null });
    expect(await verdictOn(log, { platformKey: key.publicKey, earlierHead: entries[1]!.hash })).toEqual({
      verified: true,
      code: null,
    });
  });

  it('keeps the hash of its form: what is recorded today verifies tomorrow', () => {
    expect(entries[0]!.hash).toMatchInlineSnapshot(
      `"8cdf20f1bada1e87a3f402b5434431e59cdf6ebfaf3b8cd993505510e8cc3915"`,
    );
  });

  it('fails with a code for any byte altered, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 7 }), async (where, bit) => {
        const bytes = Buffer.from(JSON.stringify(log));
        bytes[where % bytes.length]! ^= 1 << bit;
        const altered = parsed(bytes);
        if (altered === undefined || JSON.stringify(altered) === JSON.stringify(log)) return;
        const { verified, code } = await verdictOn(altered);
        expect(verified).toBe(false);
        expect(code).toMatch(/^[A-Z][A-Z_]+$/);
      }),
      { numRuns: 200 },
    );
  });

  it('shows a tail that was cut off, entries left out, moved and put in', async () => {
    expect(await verdictOn(of(0, 1, 2, 3))).toEqual({ verified: false, code: 'AUDIT_TRUNCATED' });
    expect(await verdictOn(of())).toEqual({ verified: false, code: 'AUDIT_TRUNCATED' });
    for (const order of [
      [0, 2, 3, 4],
      [1, 2, 3, 4],
      [0, 2, 1, 3, 4],
      [0, 1, 1, 2, 3, 4],
    ])
      // prettier-ignore
      expect(await verdictOn(of(...order))).toEqual({ verified: false, code: 'AUDIT_CHAIN_BROKEN' });
  });

  it('shows a shorter chain under a new signature by an earlier head', async () => {
    const shorter = await logOf(entries.slice(0, 3));
    expect(await verdictOn(shorter)).toEqual({ verified: true, code: null });
    expect(await verdictOn(shorter, { earlierHead: entries[4]!.hash })).toEqual({
      verified: false,
      code: 'AUDIT_FORKED',
    });
  });

  it('refuses another platform’s key and an entry of another chain', async () => {
    const other = await generateSigningKey();
    expect(await verdictOn(log, { platformKey: other.publicKey })).toEqual({
      verified: false,
      code: 'AUDIT_PLATFORM_KEY',
    });
    const foreign = await appendAuditEntry(FIRM, GENESIS, draft(0), SALT);
    expect(await verdictOn(await logOf([foreign]))).toMatchObject({ code: 'AUDIT_CHAIN_BROKEN' });
  });

  it.each([
    ['a refusal without a code', { decision: 'DENY' as const }],
    ['a code without a refusal', { code: 'AGREEMENT_REVOKED' }],
    ['rows with a refusal', { ...refused('AGREEMENT_REVOKED'), rows: 1 }],
    ['a fraction of a row', { rows: 0.5 }],
    ['bytes below none', { bytes: -1 }],
    ['an operation that is text', { operation: 'read of 17.5 kWh' }],
    ['an actor without an id', { actorId: '' }],
    ['no instant', { atMs: Number.NaN }],
  ])('takes no entry with %s', async (_, change) => {
    await expect(append(undefined, { ...draft(1), ...change })).rejects.toMatchObject({
      code: 'AUDIT_ENTRY_INVALID',
    });
  });
});

const verdictOn = async (altered: AuditLog, expected = {}) => {
  const { verified, checks } = await verifyAuditLog(altered, expected);
  return { verified, code: checks.at(-1)?.code };
};

/** The altered log, or undefined where the bit left none. */
function parsed(bytes: Buffer): AuditLog | undefined {
  try {
    const log = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<AuditLog>;
    // A file is read by its schema, which demands both keys.
    return Array.isArray(log.entries) && typeof log.head === 'object' ? (log as AuditLog) : undefined;
  } catch {
    return undefined;
  }
}
