/** Wake-up; the reconciler asks for it when nobody has said anything in a negotiation in time. */
export const EXPIRE_NEGOTIATIONS_JOB = 'agreements.expire';
