/** Wake-up; the reconciler asks for it when key fragments of ended agreements are left. */
export const DESTROY_FRAGMENTS_JOB = 'delivery.destroy-fragments';
