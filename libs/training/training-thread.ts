import { parentPort, workerData } from 'node:worker_threads';
import { DomainError } from '#core';
import { backendOfThread } from './backend.ts';
import { trainLocally } from './train.ts';
import type { ThreadInput, ThreadMessage } from './worker.ts';

/* The thread that `trainInWorker` starts: one training, then it is ended. */
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
const tell = (message: ThreadMessage) => parentPort?.postMessage(message);

try {
  const input: ThreadInput = workerData;
  tell({ kind: 'backend', backend: await backendOfThread() });
  const result = await trainLocally({
    ...input,
    onProgress: (progress) => tell({ kind: 'progress', progress }),
  });
  tell({ kind: 'result', result });
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  const { code, message, kind, data } = error;
  tell({ kind: 'refusal', refusal: { code, message, kind, data } });
}
