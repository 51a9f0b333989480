/** Injection tokens of values that are no classes. */
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');
/** Business time (gates, issue times); wall-clock rules such as signature dates do not use it. */
export const CLOCK = Symbol('Clock');
export const JOB_QUEUE = Symbol('JobQueue');
export const PLATFORM_KEY = Symbol('SigningKey of the platform');
