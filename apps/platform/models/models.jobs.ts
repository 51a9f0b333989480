/** Wake-up with `{ taskId }`, key the same, whenever a federated task was released: it becomes a model version. */
export const RECORD_JOB = 'models.record';
