/** Injection token of the process-wide model policy. */
export const MODEL_POLICY = Symbol('ModelPolicy');

/** Injection token of the process's settings. */
export const SETTINGS = Symbol('Settings');

/** Injection token of the process's logger (pino). */
export const LOGGER = Symbol('Logger');

/** The connection to Redis; undefined when budgets are kept in memory. */
export const REDIS = Symbol('redis');

/** Who is told of every refused request. */
export const ERROR_LISTENER = Symbol('ErrorListener');
