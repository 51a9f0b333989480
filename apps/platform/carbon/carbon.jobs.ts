/**
 * Wake-up of carbon accounting: `enqueue(ACCOUNT_JOB, {}, { key: ACCOUNT_KEY })` whenever a session was settled or a grid
 * series came; it finds in the database what is to be accounted.
 */
export const ACCOUNT_JOB = 'carbon.account';
export const ACCOUNT_KEY = 'all';
