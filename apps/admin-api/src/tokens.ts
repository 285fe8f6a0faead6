/** Injection token of the process's settings. */
export const SETTINGS = Symbol('AdminSettings');

/** Injection token of the process's logger (pino). */
export const LOGGER = Symbol('Logger');
