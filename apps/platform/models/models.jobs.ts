/** Wake-up with `{ taskId }`, key the same, whenever a federated task was released: it becomes a model version. */
export const RECORD_JOB = 'models.record';

/** Wake-up with `{ productId }`, key the same: days whose reports are in are to be judged. */
export const JUDGE_JOB = 'models.judge';

/** Wake-up with `{ productId }`, key the same: a training may be due. */
export const RETRAIN_JOB = 'models.retrain';
