import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DomainError } from '#core';
import { Database } from '#persistence';
import type { StudyOutcome, StudyProgress, StudyRequest } from '#studies';

/** A study that this process has taken, and how it proves that it still has it. */
export interface ClaimedStudy extends StudyRequest {
  readonly id: string;
  readonly leaseId: string;
  readonly timeLimitMs: number;
}

/** What a study came to without a result. */
export type StudyFailure = Pick<DomainError, 'code' | 'message' | 'data'>;

const LEASE = "interval '30 seconds'";
const KEPT = "interval '7 days'";
/** What has ended so many processes would end the next one. */
const MAX_ATTEMPTS = 3;

const CLAIMABLE = "(s.state = 'QUEUED' OR (s.state = 'RUNNING' AND s.lease_until < now()))";

const ABANDON = `UPDATE market_study s SET state = 'FAILED', error_code = 'STUDY_ABANDONED',
    error_message = 'expected a result, got the end of the process ${MAX_ATTEMPTS} times', error_data = '{}',
    finished_at = now(), expires_at = now() + ${KEPT}, revision = revision + 1
  WHERE ${CLAIMABLE} AND attempts >= ${MAX_ATTEMPTS}`;

/** The organisation with the fewest running comes first, then the one that has waited longest for its turn. */
const CLAIM = `UPDATE market_study SET state = 'RUNNING', lease_id = $1, lease_until = now() + ${LEASE},
    attempts = attempts + 1, started_at = now(), progress = NULL, progress_text = NULL, revision = revision + 1
  WHERE id = (SELECT s.id FROM market_study s WHERE ${CLAIMABLE}
    ORDER BY (SELECT count(*) FROM market_study r
        WHERE r.tenant_id = s.tenant_id AND r.state = 'RUNNING' AND r.lease_until >= now()),
      (SELECT max(r.started_at) FROM market_study r WHERE r.tenant_id = s.tenant_id) NULLS FIRST,
      s.created_at, s.id
    LIMIT 1)
  RETURNING id, verb, method, input, options, lease_id AS "leaseId", time_limit_ms AS "timeLimitMs"`;

const HELD = "WHERE id = $1 AND lease_id = $2 AND state = 'RUNNING'";

const RENEW = `UPDATE market_study SET lease_until = now() + ${LEASE}, progress = $3::double precision,
    progress_text = $4::text, revision = revision + CASE
      WHEN (progress, progress_text) IS DISTINCT FROM ($3::double precision, $4::text) THEN 1 ELSE 0 END ${HELD}`;

const DONE = `UPDATE market_study SET state = 'DONE', progress = 1, progress_text = NULL, result = $3::json,
    solver_ms = $4, finished_at = now(), expires_at = now() + ${KEPT}, revision = revision + 1 ${HELD}`;

const FAILED = `UPDATE market_study SET state = 'FAILED', error_code = $3, error_message = $4, error_data = $5::json,
    finished_at = now(), expires_at = now() + ${KEPT}, revision = revision + 1 ${HELD}`;

/** The try does not count: it was this process's end, not the study's fault. */
const GIVEN_BACK = `UPDATE market_study SET state = 'QUEUED', progress = 0, progress_text = NULL, attempts = attempts - 1,
    revision = revision + 1 ${HELD}`;

/** What the database says of studies on their way: who has them, how far they are, what they came to. */
@Injectable()
export class StudyClaims {
  constructor(private readonly database: Database) {}

  /** The next study in line, or null. One that a process left without a word for 30 s is in line again. */
  claim(): Promise<ClaimedStudy | null> {
    return this.database.asSystem(async (manager) => {
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('market study claim'))");
      await manager.query(ABANDON);
      const [rows] = await manager.query<[ClaimedStudy[], number]>(CLAIM, [randomUUID()]);
      return rows[0] ?? null;
    });
  }

  /** False where it was cancelled, or somebody else has it. */
  renew(study: ClaimedStudy, { share, text }: StudyProgress): Promise<boolean> {
    return this.#update(RENEW, study, share, text);
  }

  done(study: ClaimedStudy, { result, solverMs }: StudyOutcome): Promise<boolean> {
    return this.#update(DONE, study, result, solverMs);
  }

  failed(study: ClaimedStudy, { code, message, data }: StudyFailure): Promise<boolean> {
    return this.#update(FAILED, study, code, message, JSON.stringify(data));
  }

  giveBack(study: ClaimedStudy): Promise<boolean> {
    return this.#update(GIVEN_BACK, study);
  }

  async hasClaimable(): Promise<boolean> {
    return this.#exists(`SELECT EXISTS (SELECT FROM market_study s WHERE ${CLAIMABLE}) AS found`);
  }

  async hasExpired(): Promise<boolean> {
    return this.#exists('SELECT EXISTS (SELECT FROM market_study WHERE expires_at < now()) AS found');
  }

  async expire(): Promise<void> {
    await this.database.asSystem((manager) =>
      manager.query('DELETE FROM market_study WHERE expires_at < now()'),
    );
  }

  async #exists(sql: string): Promise<boolean> {
    const rows = await this.database.asSystem((manager) => manager.query<{ found: boolean }[]>(sql));
    return rows[0]!.found;
  }

  async #update(sql: string, { id, leaseId }: ClaimedStudy, ...values: readonly unknown[]): Promise<boolean> {
    const [, affected] = await this.database.asSystem((manager) =>
      manager.query<[unknown[], number]>(sql, [id, leaseId, ...values]),
    );
    return affected > 0;
  }
}
