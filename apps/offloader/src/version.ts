/** The release of the offloader. */
export const VERSION = '0.1.0';
