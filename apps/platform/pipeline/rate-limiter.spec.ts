import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Config, loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { RateLimiter } from './rate-limiter.ts';
import { refilled, waitMs } from './token-bucket.ts';

const budget = { perSecond: 10, burst: 100 };

describe('a token bucket', () => {
  it('fills with time up to its burst, and not when the clock goes back', () => {
    expect(refilled({ tokens: 40, atMs: 0 }, budget, 3_000)).toBe(40 + 3 * 10);
    expect(refilled({ tokens: 40, atMs: 0 }, budget, 3_600_000)).toBe(100);
    expect(refilled({ tokens: 40, atMs: 5_000 }, budget, 0)).toBe(40);
  });

  it('says how long until a cost is there', () => {
    expect(waitMs(40, 55, budget)).toBe(1_500);
    expect(waitMs(40, 30, budget)).toBe(0);
  });
});

describe('the rate of organisations', () => {
  let files: TestDatabase;
  let database: Database;
  let config: Config;

  beforeAll(async () => {
    files = await createTestDatabase(testEnvironment().databaseUrl);
    config = loadConfig({
      GRIDCOMMONS_DATA_DIR: files.dataDir,
      DATABASE_URL: files.url,
      GRIDCOMMONS_MAX_QUERY_COST: '100',
      GRIDCOMMONS_QUERY_COST_BURST: '100',
      GRIDCOMMONS_QUERY_COST_PER_SECOND: '1',
    });
    database = await openDatabase(config);
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await files.drop();
  });

  it.each([
    ['in one process', undefined],
    ['shared by processes', 'postgres://any'],
  ])('is by cost and by organisation, %s', async (_, databaseUrl) => {
    const limiter = new RateLimiter(database, { ...config, databaseUrl });
    const [firm, other] = [{ organisationId: randomUUID() }, { organisationId: randomUUID() }];
    const takes = await Promise.allSettled(Array.from({ length: 5 }, () => limiter.take(firm, 30)));
    expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const refused = await limiter.take(firm, 90).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', kind: 'limit', data: { cost: 90 } });
    const { data } = refused as { data: { retryAfterMs: number } };
    expect(data.retryAfterMs).toBeGreaterThan(60_000);
    expect(data.retryAfterMs).toBeLessThanOrEqual(80_000);
    await limiter.take(firm, 5);
    await limiter.take(other, 100);
  });

  it('is one for all processes that share a database', async () => {
    const [here, there] = [1, 2].map(() => new RateLimiter(database, { ...config, databaseUrl: 'postgres://any' })); // prettier-ignore
    const firm = { organisationId: randomUUID() };
    await here!.take(firm, 80);
    await expect(there!.take(firm, 80)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});
