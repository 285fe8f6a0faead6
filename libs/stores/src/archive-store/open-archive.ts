import type { Settings } from '@tollgate/config';
import type { ArchiveStore } from './archive-store.js';
import { FolderArchiveStore } from './folder/folder-archive-store.js';
import { S3ArchiveStore } from './s3/s3-archive-store.js';

const SECOND_MS = 1000;

/** The archive that the settings name; undefined: there is none. Nothing is asked of it yet. */
export function openArchive({ env }: Pick<Settings, 'env'>): ArchiveStore | undefined {
  const { R2_ENDPOINT, R2_BUCKET, R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY } = env;
  if (R2_ENDPOINT && R2_BUCKET && R2_ACCESS_KEY_ID && R2_SECRET_ACCESS_KEY)
    return new S3ArchiveStore({
      endpoint: R2_ENDPOINT,
      bucket: R2_BUCKET,
      accessKeyId: R2_ACCESS_KEY_ID,
      secretAccessKey: R2_SECRET_ACCESS_KEY,
      timeoutMs: env.ARCHIVE_TIMEOUT_SECONDS * SECOND_MS,
    });
  const folder = env.CHECKPOINT_ARCHIVE_FOLDER;
  return folder === undefined ? undefined : new FolderArchiveStore({ folder });
}
