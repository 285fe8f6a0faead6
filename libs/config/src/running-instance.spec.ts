import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { announceInstance, findRunningInstance } from './running-instance.js';

const INSTANCE = {
  tollgate: { DATABASE_URL: 'postgres://owner' },
  offloader: { DATABASE_URL: 'postgres://o' },
};

describe('an all-in-one that runs in this folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-instance-'));
    announceInstance(folder, INSTANCE);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is found while it lives, by its own user alone', async () => {
    expect(findRunningInstance({}, folder)).toEqual({ pid: process.pid, ...INSTANCE });
    expect((await stat(join(folder, 'running.json'))).mode & 0o777).toBe(0o600);
  });

  it('is not found once its process has ended, or where there is none', async () => {
    const file = join(folder, 'running.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(`"pid":${process.pid}`, '"pid":99999999'));
    expect(findRunningInstance({}, folder)).toBeUndefined();
    await writeFile(file, '{');
    expect(findRunningInstance({}, folder)).toBeUndefined();
    expect(findRunningInstance({}, join(folder, 'nowhere'))).toBeUndefined();
  });

  it.each([{ DATABASE_URL: 'postgres://mine' }, { MIGRATION_DATABASE_URL_FILE: '/url' }, { ENV: 'prod' }])(
    'is passed over for %j',
    (env) => {
      expect(findRunningInstance(env, folder)).toBeUndefined();
    },
  );
});
