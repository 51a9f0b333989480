import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import type { JobDefinition, JobHandlers } from '../jobs/job-handlers.ts';
import { FragmentDestructionService } from './fragment-destruction.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const UNTIL = new Date('2026-12-02T00:00Z');

describe('delivery in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [provider, consumer, stranger] = [randomUUID(), randomUUID(), randomUUID()];
  const [dataSetId, otherSetId, offerId, agreementId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]; // prettier-ignore
  const [versionId, otherVersionId] = [randomUUID(), randomUUID()];
  const participants = new Map<string, string>();

  const run = (tenant: string, statement: string, values: unknown[] = []) =>
    database.asTenant(tenant, (manager) => manager.query(statement, values));
  const asSystem = (statement: string, values: unknown[] = []) =>
    database.asSystem((manager) => manager.query(statement, values));

  const encrypted = (tenant: string, version: string, set: string, owner = tenant) =>
    run(
      tenant,
      `INSERT INTO encrypted_versions (version_id, tenant_id, data_set_id, participant_id, manifest, signature, chunk_list, created_at)
       VALUES ($1, $2, $3, $4, '{}', 's', 'c', now())`,
      [version, owner, set, participants.get(tenant)],
    );
  const grant = (tenant: string, version = versionId, until: Date | null = UNTIL) =>
    run(
      tenant,
      `INSERT INTO delivery_grants (id, agreement_id, version_id, consumer_id, provider_id, participant_id, receiving_key,
         fragment, statement, signature, valid_until, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'k', 'f', '{}', 's', $7, now())`,
      [randomUUID(), agreementId, version, consumer, provider, participants.get(tenant), until],
    );
  const key = (tenant: string, participant: string, owner = tenant) =>
    run(
      tenant,
      `INSERT INTO receiving_keys (id, tenant_id, participant_id, public_key, signature, created_at)
       VALUES ($1, $2, $3, $4, 's', now())`,
      [randomUUID(), owner, participant, randomUUID()],
    );
  const count = async (tenant: string, table: string): Promise<number> => {
    const [row] = await run(tenant, `SELECT count(*)::integer AS n FROM ${table}`);
    return (row as { n: number }).n;
  };

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const id of [provider, consumer, stranger]) {
      await run(id, "INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $2)", [id, id]);
      const participant = randomUUID();
      participants.set(id, participant);
      await run(id, 'INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ($1, $2, $3, $3)', [participant, id, participant]); // prettier-ignore
    }
    for (const [set, version] of [
      [dataSetId, versionId],
      [otherSetId, otherVersionId],
    ]) {
      // prettier-ignore
      await asSystem(
        `INSERT INTO data_sets (id, tenant_id, key, title, description, keywords, carrier, kind, licence, zone, status, created_at,
           listed_at)
         VALUES ($1, $2, $1::uuid::text, 'Load', '', '{}', 'electricity', 'readings', 'CC-BY-4.0', 'UTC', 'listed', now(), now())`,
        [set, provider],
      );
      await asSystem(
        `INSERT INTO data_set_versions (id, tenant_id, data_set_id, number, content_root, chunks, bytes, starts_at, ends_at, columns,
           findings, sample, created_at)
         VALUES ($1, $2, $3, 1, 'r', 1, 1, now(), now(), '[]', '[]', '[]', now())`,
        [version, provider, set],
      );
    }
    await asSystem(
      `INSERT INTO data_offers (id, tenant_id, data_set_id, policy, policy_hash, valid_from, status, created_at)
       VALUES ($1, $2, $3, '{}', 'h', now(), 'LISTED', now())`,
      [offerId, provider, dataSetId],
    );
    const negotiationId = randomUUID();
    await asSystem(
      `INSERT INTO negotiations (id, consumer_pid, consumer_id, provider_id, offer_id, data_set_id, request_hash, state,
         rounds, opened_by, offered_by, policy, policy_hash, valid_from, expires_at, created_at, changed_at)
       VALUES ($1, 'p', $2, $3, $4, $5, 'h', 'AGREED', 1, 'consumer', 'consumer', '{}', 'h', now(), now(), now(), now())`,
      [negotiationId, consumer, provider, offerId, dataSetId],
    );
    await asSystem(
      `INSERT INTO data_agreements (id, negotiation_id, consumer_id, provider_id, offer_id, data_set_id, policy,
         policy_hash, valid_from, valid_until, hash, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, '{}', 'h', now(), $7, 'h', now())`,
      [agreementId, negotiationId, consumer, provider, offerId, dataSetId, UNTIL],
    );
    await encrypted(provider, versionId, dataSetId);
    await encrypted(provider, otherVersionId, otherSetId);
    await key(consumer, participants.get(consumer)!);
  }, 120_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it.each([
    ['receiving keys', 'receiving_keys', { provider: 1, consumer: 1, stranger: 0 }],
    ['manifests', 'encrypted_versions', { provider: 2, consumer: 1, stranger: 0 }],
  ])('shows %s to those with an agreement about them', async (_, table, seen) => {
    const found = { provider: await count(provider, table), consumer: await count(consumer, table), stranger: await count(stranger, table) }; // prettier-ignore
    expect(found).toEqual(seen);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a version of another owner', () => encrypted(stranger, versionId, dataSetId)],
    ["a version in another's name", () => encrypted(stranger, versionId, dataSetId, provider)],
    ["a key of another's participant", () => key(stranger, participants.get(consumer)!)],
    ["a key in another's name", () => key(stranger, participants.get(stranger)!, consumer)],
    ['a grant by the consumer', () => grant(consumer)],
    ['a grant by a stranger', () => grant(stranger)],
    ['a grant of a version of another data set', () => grant(provider, otherVersionId)],
    ['a grant beyond the agreement', () => grant(provider, versionId, null)],
  ])('refuses %s', async (_, forge) => {
    await expect(forge()).rejects.toThrow(/row-level security/);
  });

  it.each([
    'UPDATE receiving_keys SET public_key = public_key',
    'DELETE FROM encrypted_versions',
    'UPDATE delivery_grants SET fragment = fragment',
  ])('lets no tenant %s', async (statement) => {
    await expect(run(provider, statement)).rejects.toThrow(/permission denied/);
  });

  it('destroys a fragment from the millisecond its agreement runs out', async () => {
    await grant(provider);
    let nowMs = UNTIL.getTime() - 1;
    const jobs: JobDefinition[] = [];
    const handlers = { register: (job: JobDefinition) => jobs.push(job) } as unknown as JobHandlers;
    new FragmentDestructionService(database, handlers, { nowMs: () => nowMs }).onModuleInit();
    const [{ handle, unfinished }] = jobs as [Required<JobDefinition>];
    expect(await unfinished()).toEqual([]);
    await handle({});
    expect(await count(provider, 'delivery_grants')).toBe(1);
    nowMs += 1;
    expect(await unfinished()).toHaveLength(1);
    await handle({});
    expect(await count(provider, 'delivery_grants')).toBe(0);
    expect(await unfinished()).toEqual([]);
  });

  it('shows a fragment to the two parties, and destroys it with what ends their agreement', async () => {
    await grant(provider);
    expect([await count(provider, 'delivery_grants'), await count(consumer, 'delivery_grants'), await count(stranger, 'delivery_grants')]).toEqual([1, 1, 0]); // prettier-ignore
    const event = (type: string, tenant: string) =>
      run(
        tenant,
        `INSERT INTO agreement_events (agreement_id, consumer_id, provider_id, type, sender, created_at)
         VALUES ($1, $2, $3, $4, $5, now())`,
        [agreementId, consumer, provider, type, tenant === consumer ? 'consumer' : 'provider'],
      );
    await event('FINALISED', provider);
    expect(await count(provider, 'delivery_grants')).toBe(1);
    await event('RETIRED', consumer);
    expect(await asSystem('SELECT id FROM delivery_grants')).toEqual([]);
  });
});
