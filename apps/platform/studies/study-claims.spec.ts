import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { openDatabase } from '../infrastructure.module.ts';
import type { Principal } from '../pipeline/principal.ts';
import { StudyClaims } from './study-claims.ts';
import { ORGANISATION_LIMITS, type StudyDraft } from './study-request.ts';
import { StudiesService } from './studies.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const NEVER: JobQueue = {
  enqueue: async () => undefined,
  process: () => undefined,
  close: async () => undefined,
};

const asker = (organisationId: string, role: Principal['roles'][number] = 'analyst'): Principal => ({
  kind: 'member',
  id: organisationId,
  organisationId,
  roles: [role],
});

let keys = 0;
const draft = (samples = 2): StudyDraft => ({
  verb: 'share',
  method: 'shapley',
  input: { players: ['A'], values: { A: 1 } },
  options: { samples },
  timeLimitSeconds: 60,
  idempotencyKey: `key-${(keys += 1)}`,
});

describe('studies in line', () => {
  let test: TestDatabase;
  let database: Database;
  let studies: StudiesService;
  let claims: StudyClaims;
  const [firm, rival] = [randomUUID(), randomUUID()];

  const submit = async (organisationId: string): Promise<string> =>
    (await studies.submit(asker(organisationId), draft())).id;
  const system = (sql: string, values: unknown[] = []) =>
    database.asSystem((manager) => manager.query<unknown[]>(sql, values));
  /** As if its process had said nothing for a minute. */
  const forget = (id: string) =>
    system("UPDATE market_study SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    studies = new StudiesService(database, NEVER);
    claims = new StudyClaims(database);
    for (const id of [firm, rival]) {
      await database.asTenant(id, (manager) =>
        manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $2)", [id, id]),
      );
    }
  }, 60_000);

  beforeEach(() => system('DELETE FROM market_study'));

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('come in order, organisations in turn', async () => {
    const mine = [await submit(firm), await submit(firm), await submit(firm)];
    const theirs = await submit(rival);
    const first = await claims.claim();
    expect(first).toMatchObject({ id: mine[0], verb: 'share', method: 'shapley', options: { samples: 2 }, timeLimitMs: 60_000 }); // prettier-ignore
    expect(await claims.claim()).toMatchObject({ id: theirs });
    expect(await claims.done(first!, { result: '{}', solverMs: 1 })).toBe(true);
    const late = await submit(rival);
    expect(await claims.claim()).toMatchObject({ id: mine[1] });
    expect(await claims.claim()).toMatchObject({ id: late });
    expect(await claims.claim()).toMatchObject({ id: mine[2] });
    expect(await claims.claim()).toBeNull();
    expect(await claims.hasClaimable()).toBe(false);
  });

  it('are taken again where a process left them, and not for ever', async () => {
    const id = await submit(firm);
    const first = await claims.claim();
    expect(await claims.renew(first!, { share: 0.5, text: 'half' })).toBe(true);
    expect(await studies.find(asker(firm), id)).toMatchObject({
      progress: 0.5,
      progressText: 'half',
      revision: 2,
    });
    expect(await claims.renew(first!, { share: 0.5, text: 'half' })).toBe(true);
    expect(await studies.find(asker(firm), id)).toMatchObject({ revision: 2 });
    await forget(id);
    expect(await claims.hasClaimable()).toBe(true);
    const second = await claims.claim();
    expect(second).toMatchObject({ id });
    // The first process comes back: the study is not its own any more.
    expect(await claims.renew(first!, { share: 0.9, text: 'late' })).toBe(false);
    expect(await claims.done(first!, { result: '1', solverMs: 1 })).toBe(false);
    await forget(id);
    await claims.claim();
    await forget(id);
    expect(await claims.claim()).toBeNull();
    expect(await studies.find(asker(firm), id)).toMatchObject({
      state: 'FAILED',
      errorCode: 'STUDY_ABANDONED',
    });
  });

  it('that are given back lose nothing', async () => {
    const id = await submit(firm);
    for (let end = 0; end < 5; end += 1) expect(await claims.giveBack((await claims.claim())!)).toBe(true);
    expect(await studies.find(asker(firm), id)).toMatchObject({ state: 'QUEUED', attempts: 0 });
  });

  it('stay cancelled whatever comes of them', async () => {
    const id = await submit(firm);
    const claimed = (await claims.claim())!;
    await studies.cancel(asker(firm), id);
    expect(await claims.renew(claimed, { share: 1, text: '' })).toBe(false);
    expect(await claims.done(claimed, { result: '1', solverMs: 1 })).toBe(false);
    expect(await claims.failed(claimed, { code: 'X', message: '', data: {} })).toBe(false);
    expect(await claims.giveBack(claimed)).toBe(false);
    expect(await studies.find(asker(firm), id)).toMatchObject({ state: 'CANCELLED' });
  });

  it('are limited in number for each organisation, and kept for a while', async () => {
    for (let n = 0; n < ORGANISATION_LIMITS.unfinished; n += 1) await submit(firm);
    await expect(submit(firm)).rejects.toMatchObject({ code: 'STUDIES_TOO_MANY' });
    await submit(rival);
    await system("UPDATE market_study SET state = 'DONE', expires_at = now() + interval '1 hour'");
    await system(
      `INSERT INTO market_study (id, tenant_id, verb, input, options, time_limit_ms, idempotency_key, request_hash, state,
         revision, attempts, created_at, expires_at)
       SELECT gen_random_uuid(), $1, 'hub', '{}', '{}', 1, 'old-' || n, '', 'DONE', 0, 1, now() - interval '1 hour',
         now() + interval '1 hour' FROM generate_series(1, 150) n`,
      [firm],
    );
    await submit(firm);
    const counted = await system('SELECT count(*)::int AS kept FROM market_study WHERE tenant_id = $1', [
      firm,
    ]);
    expect(counted).toEqual([{ kept: ORGANISATION_LIMITS.kept - ORGANISATION_LIMITS.unfinished + 1 }]);
    expect(await claims.hasExpired()).toBe(false);
    await system("UPDATE market_study SET expires_at = now() - interval '1 second' WHERE tenant_id = $1", [
      rival,
    ]);
    expect(await claims.hasExpired()).toBe(true);
    await claims.expire();
    expect(await system('SELECT id FROM market_study WHERE tenant_id = $1', [rival])).toEqual([]);
  });

  it('are for roles that ask for studies', async () => {
    await expect(studies.submit(asker(firm, 'auditor'), draft())).rejects.toMatchObject({
      code: 'ROLE_MISSING',
    });
    const id = await submit(firm);
    await expect(studies.cancel(asker(firm, 'auditor'), id)).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    expect(await studies.find(asker(firm, 'auditor'), id)).toMatchObject({ id });
  });

  it('are the organisation’s own in the database too', async () => {
    const id = await submit(firm);
    const seen = await database.asTenant(rival, async (manager) => {
      const rows = await manager.query('SELECT id FROM market_study');
      const [, changed] = await manager.query("UPDATE market_study SET state = 'DONE'");
      const [, deleted] = await manager.query('DELETE FROM market_study');
      return { rows, changed, deleted };
    });
    expect(seen).toEqual({ rows: [], changed: 0, deleted: 0 });
    await expect(
      database.asTenant(rival, (manager) =>
        manager.query('UPDATE market_study SET tenant_id = $1', [firm]).then(() =>
          manager.query(
            `INSERT INTO market_study (id, tenant_id, verb, input, options, time_limit_ms, idempotency_key, request_hash,
               state, revision, attempts) VALUES ($1, $2, 'hub', '{}', '{}', 1, 'k', '', 'QUEUED', 0, 0)`,
            [randomUUID(), firm],
          ),
        ),
      ),
    ).rejects.toThrow(/row-level security/);
    expect(await studies.find(asker(firm), id)).toMatchObject({ state: 'QUEUED' });
  });
});
