import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const CONSOLE = join(import.meta.dirname, '../..');
const ROOT = join(CONSOLE, '../..');
const DIST = join(CONSOLE, 'dist');

/** The folder of the built console, which is built first where it is missing or older than a source. */
export async function getBuiltConsole(): Promise<string> {
  const client = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  try {
    // Test files that run at the same time build once.
    await client.query("SELECT pg_advisory_lock(hashtext('tollgate_console_build'))");
    if (isStale()) await build();
  } finally {
    await client.end();
  }
  return DIST;
}

async function build(): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const { PATH } = process.env;
  await run(process.execPath, [vite, 'build'], { cwd: CONSOLE, env: { PATH, NODE_ENV: 'production' } });
}

function isStale(): boolean {
  const built = statSync(join(DIST, 'index.html'), { throwIfNoEntry: false });
  return built === undefined || sources().some((file) => statSync(file).mtimeMs > built.mtimeMs);
}

function sources(): string[] {
  const folder = join(CONSOLE, 'src');
  const own = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|css)$/.test(file) && !/\.spec\.ts$|^testing\//.test(file))
    .map((file) => join(folder, file));
  return [...own, ...['index.html', 'vite.config.ts'].map((file) => join(CONSOLE, file))];
}
