import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration-error.js';
import { loadOffloaderSettings } from './offloader-settings.js';
import type { RawEnvironment } from './parse-environment.js';

const DATABASE = { DATABASE_URL: 'postgres://offloader@db/tollgate' };
const R2 = {
  R2_ENDPOINT: 'https://account.example',
  R2_BUCKET: 'checkpoints',
  R2_ACCESS_KEY_ID: 'id',
  R2_SECRET_ACCESS_KEY: 'secret',
};

/** Variables at fault. */
function refused(env: RawEnvironment): string[] {
  try {
    loadOffloaderSettings(env);
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.problems.map(({ variable }) => variable) : ['?'];
  }
}

describe('the settings of an offloader', () => {
  it.each(['dev', 'prod'])(
    'need a database and an archive in %s mode, and nothing of what gateways need',
    (ENV) => {
      expect(refused({ ENV, ...DATABASE, ...R2 })).toEqual([]);
      expect(refused({ ENV, ...DATABASE, CHECKPOINT_ARCHIVE_FOLDER: '/archive' })).toEqual([]);
      expect(refused({ ENV })).toEqual(['DATABASE_URL', ...Object.keys(R2)]);
      expect(refused({ ENV, ...DATABASE, R2_BUCKET: 'b' })).toEqual([
        'R2_ENDPOINT',
        'R2_ACCESS_KEY_ID',
        'R2_SECRET_ACCESS_KEY',
      ]);
    },
  );

  it('do not call missing what was given wrong', () => {
    expect(refused({ ...R2, DATABASE_URL: 'db', R2_ENDPOINT: 'account' })).toEqual([
      'DATABASE_URL',
      'R2_ENDPOINT',
    ]);
  });

  it('refuse plain HTTP in strict mode, and warn of it in dev', () => {
    const env = { ...DATABASE, ...R2, R2_ENDPOINT: 'http://s3.example' };
    expect(refused({ ...env, ENV: 'prod' })).toEqual(['R2_ENDPOINT']);
    expect(refused({ ...env, ENV: 'prod', STRICT_ACKNOWLEDGE: 'plain-http' })).toEqual([]);
    expect(loadOffloaderSettings(env).warnings.map(({ variable }) => variable)).toEqual(['R2_ENDPOINT']);
  });

  it('listen on this machine alone in dev', () => {
    expect(loadOffloaderSettings({ ...DATABASE, ...R2 }).host).toBe('127.0.0.1');
    expect(loadOffloaderSettings({ ...DATABASE, ...R2, ENV: 'prod' }).host).toBe('0.0.0.0');
  });
});
