import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '../../..');

/** The answer that was wanted, or the last one before the time was up. */
async function within(ms: number, ask: () => Promise<number>, wanted: number): Promise<number> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer === wanted || Date.now() > deadline) return answer;
  }
}

describe('npm start', () => {
  let folder: string;
  let instance: ChildProcess;
  const banner: string[] = [];

  // As somebody types it in that folder: with no variable but a PATH.
  function start(main: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const hooks = ['--conditions=@tollgate/source', '--import', join(ROOT, 'tools/swc-hooks.mjs')];
    return spawn(process.execPath, [...hooks, join(ROOT, main), ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function run(main: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
    const child = start(main, args);
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('the process has no output');
    const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'exit')]);
    expect({ code: code as unknown, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as Record<string, unknown>;
  }
  const tollgate = (...args: readonly string[]): Promise<Record<string, unknown>> =>
    run('apps/cli/src/main.ts', ...args, '--json');
  const offloader = (...args: readonly string[]): Promise<Record<string, unknown>> =>
    run('apps/offloader/src/cli/main.ts', ...args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-start-'));
    // Postgres has a user of its own when the tests run as root.
    await chmod(folder, 0o755);
    const ports = { PORT: '0', OFFLOADER_PORT: '0', ADMIN_PORT: '0', OFFLOADER_INTERVAL_SECONDS: '3600' };
    instance = start('apps/all-in-one/src/main.ts', [], ports);
    if (!instance.stdout) throw new Error('the process has no output');
    for await (const line of createInterface(instance.stdout)) {
      banner.push(line);
      if (line.startsWith('Ctrl-C')) break;
    }
  });
  afterAll(async () => {
    instance.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const find = (pattern: RegExp): string => pattern.exec(banner.join('\n'))?.[1] ?? '';

  it('lets a newcomer watch checkpoints go to the archive and come back', async () => {
    const seeded = await tollgate('demo', 'seed-checkpoints', '--count', '1500', '--age-days', '10');
    const runId = String(seeded['first_run_id']);
    expect(await offloader('run')).toMatchObject({ archived: 1500, packs: 2 });
    expect(await offloader('evict')).toMatchObject({ evicted: 1500 });
    const read = async (): Promise<[number, string | null]> => {
      const answer = await fetch(`${find(/gateway +(\S+)\/v1 /)}/v1/checkpoints/${runId}`, {
        headers: { authorization: `Bearer ${find(/demo key +(\S+)/)}` },
      });
      expect(await answer.json()).toMatchObject({ run_id: runId, version: 1, status: 'completed' });
      return [answer.status, answer.headers.get('x-checkpoint-source')];
    };
    expect(await read()).toEqual([200, 'archive']);
    expect(await offloader('restore', runId, '--tenant', 'demo')).toMatchObject({ outcome: 'restored' });
    expect(await read()).toEqual([200, 'live']);
    expect(await offloader('fsck')).toMatchObject({ checkpoints: 1500, packs: 2, breaches: [] });
  });

  it('shows where the offloader is, and that it is well', async () => {
    const answer = await fetch(`${find(/offloader (\S+) /)}/health/ready`);
    expect(answer.status).toBe(200);
    expect(find(/archive +(\S+)/)).toMatch(/archive$/);
  });

  it('lets a newcomer make a tenant and a key, call with it within a second, and end its budget', async () => {
    const admin = find(/admin +(\S+) /);
    const token = find(/token +(\S+) /);
    const ask = async (method: string, path: string, body?: object, etag?: string): Promise<Response> =>
      fetch(`${admin}/admin/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(method === 'POST' ? { 'idempotency-key': path } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(etag === undefined ? {} : { 'if-match': etag }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect((await ask('POST', '/tenants', { id: 'newcomer', budget_usd: '1' })).status).toBe(201);
    const key = await ask('POST', '/tenants/newcomer/keys', { name: 'first' });
    const { secret } = (await key.json()) as { secret: string };
    const call = async (): Promise<number> => {
      const answer = await fetch(`${find(/gateway +(\S+)\/v1 /)}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello!' }] }),
      });
      await answer.text();
      return answer.status;
    };
    expect(await within(1000, call, 200)).toBe(200);
    const budget = await ask('GET', '/tenants/newcomer/budget');
    const lowered = await ask(
      'PUT',
      '/tenants/newcomer/budget',
      { budget_usd: '0' },
      budget.headers.get('etag') ?? '',
    );
    expect(lowered.status).toBe(200);
    expect(await within(1000, call, 429)).toBe(429);
    expect((await fetch(admin)).headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('stops everything on SIGTERM', async () => {
    instance.stdout?.resume();
    const exited = once(instance, 'exit');
    instance.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});
