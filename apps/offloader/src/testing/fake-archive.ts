import type { FakeR2 } from '@tollgate/fake-r2';
import { S3ArchiveStore } from '@tollgate/stores';
import type { ProcessEnvironment } from './spawn.js';

/** The archive in a fake R2. */
export function archiveIn({ url: endpoint, bucket, credentials }: FakeR2): S3ArchiveStore {
  return new S3ArchiveStore({ endpoint, bucket, ...credentials, timeoutMs: 2000 });
}

/** What an offloader is told that works between a database and a fake R2. */
export function environmentOf({ url, bucket, credentials }: FakeR2, databaseUrl: string): ProcessEnvironment {
  return {
    DATABASE_URL: databaseUrl,
    R2_ENDPOINT: url,
    R2_BUCKET: bucket,
    R2_ACCESS_KEY_ID: credentials.accessKeyId,
    R2_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
