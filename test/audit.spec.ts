import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { decisionsOf } from './harness/audit-decisions.ts';
import { run } from './harness/command-line.ts';
import { startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

const ENTRIES = `query ($id: ID, $first: Int, $after: String) { auditEntries(agreementId: $id, first: $first, after: $after) {
  edges { node { chain index organisationId operation rows bytes decision code agreementId repeats } } pageInfo { hasNextPage } } }`;
const HEAD = 'query ($id: ID) { auditHead(agreementId: $id) { index hash } }';
const CHAINS = '{ auditChains { edges { node { id consumerId providerId index } } } }';

interface Entries {
  readonly auditEntries: { readonly edges: readonly { readonly node: Record<string, unknown> }[] };
}
interface Chains {
  readonly auditChains: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
}

describe('the audit of decisions about data', () => {
  let platform: TestPlatform;
  let [seller, buyer, rival]: TestOrganisation[] = [];
  let auditorKey: string;
  let directory: string;
  let decisions: ReturnType<typeof decisionsOf>;
  const agreementId = randomUUID();

  const codeOf = async (query: string, variables: object, sender: string) =>
    (await platform.graphql(query, variables, sender)).errors?.[0]?.extensions.code;
  const entriesFor = async (sender: string, id: string | null = agreementId) =>
    (await platform.data<Entries>(ENTRIES, { id, first: 100 }, sender)).auditEntries.edges.map(
      ({ node }) => node,
    );
  const chainsFor = async (sender: string) =>
    (await platform.data<Chains>(CHAINS, {}, sender)).auditChains.edges.map(({ node }) => node.id);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-audit-'));
    platform = await startPlatform();
    seller = await platform.createOrganisation('Seller');
    buyer = await platform.createOrganisation('Buyer');
    rival = await platform.createOrganisation('Rival');
    const { createOrganisation } = await platform.data<{ createOrganisation: { apiKey: string } }>(
      'mutation { createOrganisation(input: { name: "Auditor", legalId: "test:auditor", auditor: true }) { apiKey } }',
      {},
      platform.operatorKey,
    );
    auditorKey = createOrganisation.apiKey;
    decisions = decisionsOf(platform, {
      agreementId,
      consumerId: buyer.organisationId,
      providerId: seller.organisationId,
    });
    await decisions.permit(buyer.participant, buyer.organisationId, { rows: 24, bytes: 480 });
    await decisions.refuse(buyer.participant, buyer.organisationId, 'AGREEMENT_REVOKED');
    await decisions.refuse(rival.participant, rival.organisationId, 'AGREEMENT_NOT_FOUND');
    await Promise.all(
      Array.from({ length: 5 }, () =>
        decisions.permit(buyer!.participant, buyer!.organisationId, { rows: 1, bytes: 20 }),
      ),
    );
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  it('shows both parties and an auditor what was read, and refusals though their read was undone', async () => {
    const seen = await entriesFor(buyer!.apiKey);
    expect(seen).toHaveLength(7);
    expect(seen.slice(0, 2)).toMatchObject([
      { operation: 'download', rows: 24, bytes: 480, decision: 'PERMIT', code: null },
      { decision: 'DENY', code: 'AGREEMENT_REVOKED', rows: 0, bytes: 0 },
    ]);
    expect(seen.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const key of [seller!.apiKey, auditorKey]) expect(await entriesFor(key)).toEqual(seen);
  });

  it('keeps what a third party tried in its own chain, where it and an auditor see it', async () => {
    const own = await entriesFor(rival!.apiKey, null);
    expect(own).toMatchObject([{ chain: rival!.organisationId, agreementId, code: 'AGREEMENT_NOT_FOUND' }]);
    expect(await entriesFor(auditorKey, rival!.organisationId)).toEqual(own);
    expect(await codeOf(ENTRIES, { id: rival!.organisationId }, seller!.apiKey)).toBe(
      'AUDIT_CHAIN_NOT_FOUND',
    );
  });

  it('answers third parties and the operator as if there were no such agreement', async () => {
    for (const query of [ENTRIES, HEAD]) {
      expect(await codeOf(query, { id: agreementId }, rival!.apiKey)).toBe('AUDIT_CHAIN_NOT_FOUND');
      expect(await codeOf(query, { id: randomUUID() }, rival!.apiKey)).toBe('AUDIT_CHAIN_NOT_FOUND');
    }
    expect(await codeOf(HEAD, { id: agreementId }, platform.operatorKey)).toBe('AUDIT_CHAIN_NOT_FOUND');
    expect(await chainsFor(rival!.apiKey)).toEqual([rival!.organisationId]);
    expect(new Set(await chainsFor(auditorKey))).toEqual(new Set([agreementId, rival!.organisationId]));
    const { data } = await platform.graphql(HEAD, { id: null }, seller!.apiKey);
    expect(data).toEqual({ auditHead: { index: -1, hash: '0'.repeat(64) } });
  });

  it('lets an auditor read no payload by any door', async () => {
    for (const query of [
      '{ participants { edges { node { id } } } }',
      '{ ledger { entries { edges { node { memo } } } } }',
      'mutation { createEnrolmentToken(input: {}) { token } }',
      '{ me { id } ...more } fragment more on Query { ... on Query { participants { pageInfo { hasNextPage } } } }',
    ])
      expect(await codeOf(query, {}, auditorKey)).toBe('ROLE_MISSING');
    for (const path of [`/blobs/${'0'.repeat(64)}`, '/forecasts/export'])
      expect((await platform.request('GET', path, { sender: auditorKey })).status).toBe(403);
    expect(await codeOf('{ me { roles } platform { version } }', {}, auditorKey)).toBeUndefined();
  });

  it('shows no more by the database itself, and lets nobody write in another’s name or change a word', async () => {
    const database = platform.app.get(Database);
    const as = (id: string, sql: string, values: unknown[] = []) =>
      database.asTenant(id, (manager) => manager.query<Record<string, unknown>[]>(sql, values));
    expect(await as(rival!.organisationId, 'SELECT chain FROM audit_entry')).toEqual([
      { chain: rival!.organisationId },
    ]);
    expect(await as(rival!.organisationId, 'SELECT id FROM audit_chain')).toHaveLength(1);
    const copy = `INSERT INTO audit_entry SELECT $1, 99, salt, previous_hash, 'x', $2, actor_kind, actor_id, agreement_id,
      operation, rows, bytes, decision, code, at FROM audit_entry LIMIT 1`;
    const { organisationId: other } = rival!;
    for (const [chain, name] of [
      [agreementId, other],
      [other, seller!.organisationId],
    ])
      // prettier-ignore
      await expect(as(other, copy, [chain, name])).rejects.toThrow(/row-level security/);
    for (const sql of [
      "UPDATE audit_entry SET code = 'X'",
      'DELETE FROM audit_entry',
      'UPDATE audit_chain SET provider_id = tenant_id',
      'INSERT INTO audit_reader SELECT id FROM organisation',
    ])
      // prettier-ignore
      await expect(as(other, sql)).rejects.toThrow(/permission denied/);
    await expect(
      database.asSystem((manager) => manager.query("UPDATE audit_entry SET code = 'X'")),
    ).rejects.toThrow(/permission denied/);
  });

  it('is exported without payloads and verified offline; one byte altered, or a tail cut off, is refused', async () => {
    const [keyFile, file] = [join(directory, 'auditor.key'), join(directory, 'agreement.audit')];
    await writeFile(keyFile, auditorKey, { mode: 0o600 });
    const exported = await run(['audit', 'export', agreementId, '--out', file, '--platform', platform.url, '--key-file', keyFile, '--json']); // prettier-ignore
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    const text = await readFile(file, 'utf8');
    const verify = async (content: string, ...more: string[]) => {
      const path = join(directory, `${randomUUID()}.audit`);
      await writeFile(path, content);
      const { exitCode, stdout } = await run(['audit', 'verify', path, ...more, '--json']);
      return { exitCode, verdict: JSON.parse(stdout) as { verified: boolean; checks: { code: string }[] } };
    };
    const whole = JSON.parse(text) as { entries: { hash: string }[]; head: { platformKey: string } };
    expect(
      await verify(text, '--platform-key', whole.head.platformKey, '--earlier-head', whole.entries[2]!.hash),
    ).toMatchObject({ exitCode: 0, verdict: { verified: true, entries: 7 } });
    const altered = await verify(text.replace('"rows": 24', '"rows": 25'));
    expect(altered).toMatchObject({ exitCode: 1, verdict: { verified: false } });
    expect(altered.verdict.checks.at(-1)?.code).toBe('AUDIT_CHAIN_BROKEN');
    const cut = await verify(JSON.stringify({ ...whole, entries: whole.entries.slice(0, -1) }));
    expect(cut.verdict.checks.at(-1)?.code).toBe('AUDIT_TRUNCATED');
  });

  it('does not grow by what is refused again and again: that is counted beside it', async () => {
    const before = await entriesFor(buyer!.apiKey);
    const [by, own] = [buyer!.participant, buyer!.organisationId];
    await Promise.all(Array.from({ length: 5 }, () => decisions.refuse(by, own, 'AGREEMENT_REVOKED')));
    await decisions.refuse(by, own, 'POLICY_DENIED');
    await decisions.refuse(by, own, 'POLICY_DENIED');
    const after = await entriesFor(buyer!.apiKey);
    expect(after).toHaveLength(before.length + 1);
    expect(after.filter(({ repeats }) => repeats !== 0)).toMatchObject([
      { code: 'AGREEMENT_REVOKED', repeats: 5 },
      { code: 'POLICY_DENIED', repeats: 1 },
    ]);
    expect(await entriesFor(seller!.apiKey)).toEqual(after);
    // Nor by agreements that there are not, in any number.
    const { participant, organisationId } = rival!;
    for (let i = 0; i < 102; i += 1) await decisions.guess(participant, organisationId);
    const tried = await entriesFor(rival!.apiKey, null);
    expect([tried.length, tried.at(-1)!['repeats']]).toEqual([100, 3]);
    const forged = platform.app
      .get(Database)
      .asTenant(organisationId, (manager) =>
        manager.query('INSERT INTO audit_repeat VALUES ($1, 0, 9, now())', [agreementId]),
      );
    await expect(forged).rejects.toThrow(/row-level security/);
  });
});
