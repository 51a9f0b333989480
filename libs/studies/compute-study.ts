import { DomainError, utf8 } from '#core';
import { requireInput } from '#inputs';
import { z } from 'zod';
import { studyNamed } from './registry.ts';
import type { StudyOutcome, StudyRequest } from './run-study.ts';
import type { Study, StudyContext } from './study.ts';

/** A request that a study can be made of. */
export interface CheckedStudy {
  readonly study: Study;
  /** As its schema reads them. */
  readonly input: unknown;
  readonly options: unknown;
}

/** @throws STUDY_KIND_UNKNOWN, INPUT_KEY_UNKNOWN, INPUT_INVALID and where another format stands in for the input its codes */
export function requireStudy({ verb, method, input, options }: StudyRequest): CheckedStudy {
  const study = studyNamed(verb, method);
  return {
    study,
    input: requireInput(input, study.input),
    options: requireInput(options, study.options),
  };
}

/** JSON Schema of what a study takes. */
export const inputSchema = ({ form, input }: Study): object => z.toJSONSchema(form ?? input, { io: 'input' });

export const optionsSchema = ({ options }: Study): object => z.toJSONSchema(options, { io: 'input' });

/** Computes in this thread. @throws as requireStudy, the codes of the study, STUDY_RESULT_TOO_LARGE */
export async function computeStudy(
  request: StudyRequest,
  context: StudyContext,
  resultBytes: number,
): Promise<StudyOutcome> {
  const { study, input, options } = requireStudy(request);
  const startedMs = performance.now();
  const result = await study.run(input, options, context);
  const solverMs = performance.now() - startedMs;
  const json = JSON.stringify(result);
  const { length } = utf8(json);
  if (length > resultBytes) {
    const message = `expected a result of at most ${resultBytes} bytes, got ${length}`;
    throw new DomainError('STUDY_RESULT_TOO_LARGE', message, 'limit', { resultBytes, length });
  }
  return { result: json, solverMs };
}
