/**
 * queue: wakes job handlers up, in this process or in others.
 *
 * Vocabulary: Job (a name, ids, and the key under which like jobs become one), JobHandler (idempotent), JobQueue with two
 * implementations: InProcessQueue and BullMqQueue (Redis). State lives in the database, never here.
 * References: BullMQ 6, "Deduplication".
 */
export { BullMqQueue } from './bullmq-queue.ts';
export { InProcessQueue } from './in-process-queue.ts';
export {
  type Job,
  type JobFailure,
  type JobHandler,
  type JobPayload,
  type JobQueue,
  type JobQueueOptions,
} from './job-queue.ts';
