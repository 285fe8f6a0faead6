import { describe, expect, it } from '@jest/globals';
import { inspectSettings } from '@tollgate/config';
import { FolderArchiveStore } from './folder/folder-archive-store.js';
import { openArchive } from './open-archive.js';
import { S3ArchiveStore } from './s3/s3-archive-store.js';

const R2 = {
  R2_ENDPOINT: 'https://account.example',
  R2_BUCKET: 'checkpoints',
  R2_ACCESS_KEY_ID: 'id',
  R2_SECRET_ACCESS_KEY: 'secret',
};

describe('openArchive', () => {
  it('opens the archive that the settings name', async () => {
    const [s3, folder] = [R2, { CHECKPOINT_ARCHIVE_FOLDER: '.data/archive' }].map((env) =>
      openArchive(inspectSettings(env).settings),
    );
    expect(s3).toBeInstanceOf(S3ArchiveStore);
    expect(folder).toBeInstanceOf(FolderArchiveStore);
    await Promise.all([s3?.close(), folder?.close()]);
  });

  it('opens none when none is named, or one in part', () => {
    expect(openArchive(inspectSettings({}).settings)).toBeUndefined();
    for (const missing of Object.keys(R2))
      expect(openArchive(inspectSettings({ ...R2, [missing]: '' }).settings)).toBeUndefined();
  });
});
