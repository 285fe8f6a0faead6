import { ArchiveStoreError, type ArchiveFailure } from '../archive-store-error.js';

const REASONS: Readonly<Record<string, ArchiveFailure>> = {
  ENOENT: 'missing',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
};

/** The code of a failed system call. */
export function codeOf(thrown: unknown): string | undefined {
  return (thrown as NodeJS.ErrnoException | null)?.code;
}

/** Says in the archive's words why a system call failed. */
export function folderFailure(thrown: unknown): ArchiveStoreError {
  if (thrown instanceof ArchiveStoreError) return thrown;
  const reason = REASONS[codeOf(thrown) ?? ''] ?? 'unavailable';
  const message =
    reason === 'missing' ? 'There is no such object.' : "The archive's folder cannot be used right now.";
  return new ArchiveStoreError(reason, message, { cause: thrown });
}
