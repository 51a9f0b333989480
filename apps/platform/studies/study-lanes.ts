import type { JobQueue } from '#queue';

export const STUDY_JOB = 'market.study';
export const EXPIRE_STUDIES_JOB = 'market.expire-studies';

/**
 * How many studies run at a time, over all processes: they share the queue with clearing and settlement, which must not
 * wait for a minute of solving.
 */
export const LANES = [{ lane: '0' }, { lane: '1' }];

/** Each lane is one job: it takes studies until none is left. */
export const laneJobs = LANES.map((payload) => ({ payload, key: payload.lane }));

export async function wakeLanes(queue: JobQueue): Promise<void> {
  for (const { payload, key } of laneJobs) await queue.enqueue(STUDY_JOB, payload, { key });
}
