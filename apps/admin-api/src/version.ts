/** The release of the admin API. */
export const VERSION = '0.1.0';
