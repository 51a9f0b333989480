import { parentPort, workerData } from 'node:worker_threads';
import { DomainError } from '#core';
import { computeStudy } from './compute-study.ts';
import type { StudyReply, StudyThreadInput } from './run-study.ts';
import type { StudyProgress } from './study.ts';

/* A thread that `runStudy` starts: one study, told of while it runs, and the end. */
const { request, timeLimitSeconds, resultBytes }: StudyThreadInput = workerData;
const TOLD_EVERY_MS = 200;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
const tell = (reply: StudyReply) => parentPort?.postMessage(reply);

let toldAtMs = -Infinity;
const progress = (told: StudyProgress): void => {
  const nowMs = performance.now();
  if (nowMs - toldAtMs < TOLD_EVERY_MS) return;
  toldAtMs = nowMs;
  tell({ kind: 'progress', progress: told });
};

try {
  const outcome = await computeStudy(request, { progress, timeLimitSeconds }, resultBytes);
  tell({ kind: 'outcome', outcome });
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  const { code, message, kind, data } = error;
  tell({ kind: 'refusal', refusal: { code, message, kind, data } });
}
