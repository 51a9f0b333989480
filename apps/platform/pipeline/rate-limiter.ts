import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '#config';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { CONFIG } from '../platform.tokens.ts';
import type { Principal } from './principal.ts';
import { type Bucket, type Budget, refilled, waitMs } from './token-bucket.ts';

/**
 * Token bucket over query cost, one an organisation whatever its credentials: in this process where it is the only one
 * (embedded database), else in the database that all processes share. By the wall clock, as a replayed one stands still.
 */
@Injectable()
export class RateLimiter {
  readonly #budget: Budget;
  readonly #most: number;
  readonly #shared: boolean;
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) { limits, databaseUrl }: Config,
  ) {
    this.#budget = { perSecond: limits.queryCostPerSecond, burst: limits.queryCostBurst };
    this.#most = limits.queryCost;
    this.#shared = databaseUrl !== undefined;
  }

  /**
   * Takes the cost of an operation that is about to run, at most that of one query; a refused one takes nothing.
   * @throws RATE_LIMITED with data.retryAfterMs
   */
  async take({ organisationId }: Pick<Principal, 'organisationId'>, asked: number): Promise<void> {
    const cost = Math.min(asked, this.#most);
    const left = this.#shared
      ? await this.#takeShared(organisationId, cost)
      : this.#takeOwn(organisationId, cost);
    if (left === null) return;
    const retryAfterMs = waitMs(left, cost, this.#budget);
    throw new DomainError(
      'RATE_LIMITED',
      `expected a cost of at most ${Math.floor(left)} at this moment, got ${cost}`,
      'limit',
      { cost, retryAfterMs },
    );
  }

  /** Null where the cost was taken, else what is left. */
  #takeOwn(organisationId: string, cost: number): number | null {
    const nowMs = Date.now();
    const bucket = this.#buckets.get(organisationId) ?? { tokens: this.#budget.burst, atMs: nowMs };
    const tokens = refilled(bucket, this.#budget, nowMs);
    if (tokens < cost) return tokens;
    this.#buckets.set(organisationId, { tokens: tokens - cost, atMs: nowMs });
    return null;
  }

  /** The same in one statement each, so that requests at two processes never take the same tokens. */
  #takeShared(organisationId: string, cost: number): Promise<number | null> {
    const { perSecond, burst } = this.#budget;
    return this.database.asSystem(async (manager) => {
      const taken = await manager.query<unknown[]>(
        `INSERT INTO request_budget AS b (tenant_id, tokens, at) VALUES ($1, $3::float8 - $2::float8, clock_timestamp())
         ON CONFLICT (tenant_id) DO UPDATE SET tokens = ${refilledSql('$3', '$4')} - $2, at = clock_timestamp()
         WHERE ${refilledSql('$3', '$4')} >= $2
         RETURNING tokens`,
        [organisationId, cost, burst, perSecond],
      );
      if (taken.length > 0) return null;
      const [row] = await manager.query<{ left: number }[]>(
        `SELECT ${refilledSql('$2', '$3')} AS left FROM request_budget b WHERE tenant_id = $1`,
        [organisationId, burst, perSecond],
      );
      return row?.left ?? 0;
    });
  }
}

/** `refilled` of token-bucket.ts over the row b. */
const refilledSql = (burst: string, perSecond: string): string =>
  `least(${burst}::float8, b.tokens + greatest(extract(epoch FROM clock_timestamp() - b.at), 0)::float8 * ${perSecond}::float8)`;
