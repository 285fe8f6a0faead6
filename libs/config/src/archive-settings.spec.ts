import { describe, expect, it } from '@jest/globals';
import type { RawEnvironment } from './parse-environment.js';
import { inspectSettings } from './settings.js';

const R2 = {
  R2_ENDPOINT: 'https://account.example',
  R2_BUCKET: 'checkpoints',
  R2_ACCESS_KEY_ID: 'id',
  R2_SECRET_ACCESS_KEY: 'secret',
};

/** Variables at fault, beside those of an environment that is otherwise empty. */
function problemsOf(env: RawEnvironment): string[] {
  const { misread, contradictions } = inspectSettings({ DATABASE_URL: 'postgres://db/x', ...env });
  return [...misread, ...contradictions].map(({ variable, problem }) => `${variable}: ${problem}`).sort();
}

describe('the settings of the archive', () => {
  it.each<[string, RawEnvironment]>([
    ['none', {}],
    ['R2', R2],
    ['a folder', { CHECKPOINT_ARCHIVE_FOLDER: '/var/lib/archive' }],
  ])('may name %s', (_, env) => {
    expect(problemsOf(env)).toEqual([]);
  });

  it('name every part of R2 that is missing', () => {
    expect(problemsOf({ R2_BUCKET: 'b', R2_ACCESS_KEY_ID: 'id' })).toEqual([
      'R2_ENDPOINT: the archive is set in part, and this is missing',
      'R2_SECRET_ACCESS_KEY: the archive is set in part, and this is missing',
    ]);
    expect(inspectSettings({ R2_BUCKET: 'b' }).contradictions).toContainEqual({
      kind: 'store',
      variable: 'R2_ENDPOINT',
      problem: 'the archive is set in part, and this is missing',
      remedy: 'Set it, or none of R2_ENDPOINT, R2_BUCKET, R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY',
    });
  });

  it('do not call a part missing that was given wrong', () => {
    expect(problemsOf({ ...R2, R2_ENDPOINT: 'account.example' })).toEqual([
      'R2_ENDPOINT: the value is not legal',
    ]);
  });

  it('name one archive only', () => {
    expect(problemsOf({ ...R2, CHECKPOINT_ARCHIVE_FOLDER: '/x' })).toEqual([
      'CHECKPOINT_ARCHIVE_FOLDER: there can be one archive only, and R2 is set too',
    ]);
  });

  it('let strict mode start with a folder, since it can only be set on purpose', () => {
    const { settings } = inspectSettings({ ENV: 'prod', CHECKPOINT_ARCHIVE_FOLDER: '/x' });
    expect(settings.warnings.filter(({ variable }) => variable.includes('ARCHIVE'))).toEqual([]);
  });

  it('have the defaults of the offloader', () => {
    expect(inspectSettings({}).settings.env).toMatchObject({
      OFFLOADER_PORT: 8082,
      OFFLOADER_INTERVAL_SECONDS: 60,
      CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS: 3,
      CHECKPOINT_RETENTION_DAYS: 7,
      CHECKPOINT_OFFLOAD_MAX_RETRIES: 3,
      CHECKPOINT_OFFLOAD_BATCH_SIZE: 100,
      CHECKPOINT_EVICT_AFTER_VERIFY: 'retention',
      CHECKPOINT_ARCHIVE_EXPIRE_DAYS: undefined,
      ARCHIVE_TIMEOUT_SECONDS: 30,
      ARCHIVE_CACHE_MIB: 64,
    });
  });

  it('archive before they evict, and evict before they expire', () => {
    const ages = (olderThan: string, retention: string, expire = ''): string[] =>
      problemsOf({
        CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS: olderThan,
        CHECKPOINT_RETENTION_DAYS: retention,
        CHECKPOINT_ARCHIVE_EXPIRE_DAYS: expire,
      });
    expect(ages('7', '7', '7')).toEqual([]);
    expect(ages('0', '0')).toEqual([]);
    expect(ages('8', '7')).toEqual([
      'CHECKPOINT_RETENTION_DAYS: checkpoints would be due for eviction before they are archived',
    ]);
    expect(ages('3', '7', '6')).toEqual([
      'CHECKPOINT_ARCHIVE_EXPIRE_DAYS: archived checkpoints would expire before they are evicted',
    ]);
  });
});
