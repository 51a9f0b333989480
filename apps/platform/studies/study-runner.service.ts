import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '#core';
import type { Logger } from '#observability';
import { runStudy, type StudyProgress } from '#studies';
import { LOGGER } from '../platform.tokens.ts';
import { type ClaimedStudy, StudyClaims, type StudyFailure } from './study-claims.ts';
import { RUN_LIMITS } from './study-request.ts';

/** How soon a cancelled study ends; a twentieth of a lease and less. */
const RENEWED_EVERY_MS = 500;
const BEGUN: StudyProgress = { share: null, text: 'begun' };

/** Runs the studies in line, each in a thread, and keeps the database told. Nothing of input or result is logged. */
@Injectable()
export class StudyRunner {
  readonly #stopping = new AbortController();

  constructor(
    private readonly claims: StudyClaims,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One lane: one study after the other until none is left. */
  async work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const study = await this.claims.claim();
      if (study === null) return;
      await this.#run(study);
    }
  }

  /** Ends what runs and puts it in line again; the process is about to end. */
  stop(): void {
    this.#stopping.abort();
  }

  async #run(study: ClaimedStudy): Promise<void> {
    const lost = new AbortController();
    const over = new AbortController();
    let told = BEGUN;
    const renewing = this.#renew(study, () => told, lost, over.signal);
    const signal = AbortSignal.any([lost.signal, this.#stopping.signal]);
    try {
      const limits = { ...RUN_LIMITS, timeLimitMs: study.timeLimitMs };
      const outcome = await runStudy(study, limits, { onProgress: (progress) => (told = progress), signal });
      await this.claims.done(study, outcome);
    } catch (error) {
      // Cancelled, or taken by somebody else: the row is no longer this process's to write.
      if (lost.signal.aborted) return;
      if (this.#stopping.signal.aborted) await this.claims.giveBack(study);
      else await this.claims.failed(study, this.#failureOf(study, error));
    } finally {
      over.abort();
      await renewing;
    }
  }

  /** Says twice a second how far the study is, and hears whether it is still wanted. */
  async #renew(
    study: ClaimedStudy,
    told: () => StudyProgress,
    lost: AbortController,
    over: AbortSignal,
  ): Promise<void> {
    while (await waited(over)) {
      try {
        if (!(await this.claims.renew(study, told()))) lost.abort();
      } catch (error) {
        this.logger.error({ err: error, study: study.id }, 'lease of a study not renewed; tried again');
      }
      if (lost.signal.aborted) return;
    }
  }

  /** A defect is told by an id; its message might quote what the study was given, the places in the code do not. */
  #failureOf({ id, verb, method }: ClaimedStudy, error: unknown): StudyFailure {
    if (error instanceof DomainError) return error;
    const errorId = randomUUID();
    const { name, stack } = error as Error;
    const at = stack?.split('\n').filter((line) => line.startsWith('    at '));
    this.logger.error({ errorId, study: id, verb, method, error: name, at }, 'a study failed unexpectedly');
    return { code: 'INTERNAL', message: `internal error ${errorId}`, data: { id: errorId } };
  }
}

/** False at once when it is over. */
async function waited(over: AbortSignal): Promise<boolean> {
  try {
    await pause(RENEWED_EVERY_MS, undefined, { signal: over });
    return true;
  } catch (error) {
    if (over.aborted) return false;
    throw error;
  }
}
