/** Injection token of the process's settings. */
export const SETTINGS = Symbol('OffloaderSettings');

/** Injection token of the process's logger (pino). */
export const LOGGER = Symbol('Logger');
