/** Injection tokens of values that are no classes. */
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');
/** Business time (gates, issue times); wall-clock rules such as signature dates do not use it. */
export const CLOCK = Symbol('Clock');
export const JOB_QUEUE = Symbol('JobQueue');
/** string[]: the jobs that features declare. */
export const JOB_NAMES = Symbol('names of jobs');
/** boolean: whether this process runs jobs or only enqueues them. */
export const RUNS_JOBS = Symbol('runs jobs');
/** SigningKey of the platform. */
export const PLATFORM_KEY = Symbol('PlatformKey');
