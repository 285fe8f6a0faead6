import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RawEnvironment } from './parse-environment.js';

const DATA_FOLDER = '.data';
const FILE = 'running.json';

const variables = z.record(z.string(), z.string());
const instanceSchema = z.object({
  pid: z.number().int().positive(),
  /** Variables of the command line `tollgate`. */
  tollgate: variables,
  /** Variables of the command line `offloader`. */
  offloader: variables,
});

/** An all-in-one on its embedded Postgres, and the variables with which command lines find it. */
export type RunningInstance = z.output<typeof instanceSchema>;

/** Lets command lines find this process, for as long as it lives; the file is for this user alone. */
export function announceInstance(dataFolder: string, instance: Omit<RunningInstance, 'pid'>): void {
  const path = join(dataFolder, FILE);
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify({ pid: process.pid, ...instance }), { mode: 0o600 });
}

/** The all-in-one that runs in this folder, when the environment names no database and is not strict. */
export function findRunningInstance(
  env: RawEnvironment,
  dataFolder = DATA_FOLDER,
): RunningInstance | undefined {
  const isChosen = [
    'DATABASE_URL',
    'DATABASE_URL_FILE',
    'MIGRATION_DATABASE_URL',
    'MIGRATION_DATABASE_URL_FILE',
  ];
  if (isChosen.some((name) => env[name]) || (env['ENV'] ?? 'dev') !== 'dev') return undefined;
  try {
    const parsed = instanceSchema.parse(JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8')));
    process.kill(parsed.pid, 0); // throws when there is no such process
    return parsed;
  } catch {
    return undefined; // none runs here: the missing DATABASE_URL is what there is to say
  }
}
