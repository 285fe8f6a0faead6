/** The release of the gateway. */
export const VERSION = '0.1.0';
