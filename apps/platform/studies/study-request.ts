import { DomainError, hashJson, type Json, utf8 } from '#core';
import { requireStudy, type StudyLimits, type StudyRequest } from '#studies';
import { isUuid } from '../pipeline/uuid.ts';

export const STUDY_STATES = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const;
export type StudyState = (typeof STUDY_STATES)[number];

export const isFinished = (state: StudyState): boolean => state !== 'QUEUED' && state !== 'RUNNING';

const MEBIBYTE = 2 ** 20;

/** What one organisation may ask for; rows are limited by each study's schema. */
export const ORGANISATION_LIMITS = {
  /** Of input and options as JSON. */
  inputBytes: 4 * MEBIBYTE,
  /** Waiting and running. */
  unfinished: 20,
  /** Of those that are kept the oldest finished one goes first. */
  kept: 100,
  defaultSeconds: 60,
  maxSeconds: 600,
} as const;

/** What one study may need while it runs. */
export const RUN_LIMITS: Omit<StudyLimits, 'timeLimitMs'> = { resultBytes: 8 * MEBIBYTE, memoryMb: 1_024 };

/** A study as it was asked for. */
export interface StudyDraft {
  readonly verb: string;
  readonly method: string | null;
  readonly input: Json;
  readonly options: Json;
  readonly timeLimitSeconds: number;
  readonly idempotencyKey: string;
}

/**
 * Refuses what could not be computed before it waits in line.
 * @returns a hash of all that was asked
 * @throws STUDY_KEY_MALFORMED, STUDY_TIME_LIMIT, STUDY_INPUT_TOO_LARGE and what requireStudy throws
 */
export async function requireDraft({
  idempotencyKey,
  timeLimitSeconds,
  ...request
}: StudyDraft): Promise<string> {
  if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) {
    throw new DomainError(
      'STUDY_KEY_MALFORMED',
      'expected 1–200 visible ASCII characters as key, got another form',
    );
  }
  requireSeconds(timeLimitSeconds);
  requireSize(request);
  requireStudy(request);
  return hashJson({ ...request, timeLimitSeconds });
}

function requireSeconds(seconds: number): void {
  const { maxSeconds } = ORGANISATION_LIMITS;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= maxSeconds) return;
  throw new DomainError('STUDY_TIME_LIMIT', `expected 1 to ${maxSeconds} s, got ${seconds}`, 'invalid', {
    maxSeconds,
  });
}

function requireSize({ input, options }: StudyRequest): void {
  const { inputBytes } = ORGANISATION_LIMITS;
  const { length } = utf8(JSON.stringify([input, options]));
  if (length <= inputBytes) return;
  throw new DomainError(
    'STUDY_INPUT_TOO_LARGE',
    `expected input of at most ${inputBytes} bytes, got ${length}`,
    'limit',
    { inputBytes, length },
  );
}

/** @throws STUDY_UNKNOWN */
export function requireStudyId(id: string): string {
  if (!isUuid(id)) throw unknownStudy(id);
  return id;
}

export const unknownStudy = (id: string): DomainError =>
  new DomainError('STUDY_UNKNOWN', 'expected a study, got none of this id', 'not-found', {
    study: id.slice(0, 64),
  });
