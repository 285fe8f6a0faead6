/** An error in one line of a log. Messages of drivers may hold an address, never a row or a secret of ours. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const word = 'reason' in error ? error.reason : 'code' in error ? error.code : undefined;
  return typeof word === 'string'
    ? `${error.name} ${word}: ${error.message}`
    : `${error.name}: ${error.message}`;
}
