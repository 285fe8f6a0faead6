import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { nodeArguments } from './testing/node-command.js';

const printUrls = 'console.log(process.env.TEST_REDIS_URL, process.env.TEST_DATABASE_URL)';

describe('run.ts', () => {
  it('gives the command the URLs of fresh servers', async () => {
    const { code, output } = await run({ args: ['--', process.execPath, '-e', printUrls], env: {} });
    expect(output).toMatch(/^redis:\/\/127\.0\.0\.1:\d+ postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres\n$/);
    expect(code).toBe(0);
  });

  it('leaves given URLs alone', async () => {
    const env = { TEST_REDIS_URL: 'redis://given', TEST_DATABASE_URL: 'postgres://given' };
    const { output } = await run({ args: ['--', process.execPath, '-e', printUrls], env });
    expect(output).toBe('redis://given postgres://given\n');
  });

  it.each([
    { script: 'process.exit(7)', code: 7 },
    { script: 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)', code: 143 },
  ])('exits as the command does: $code', async ({ script, code }) => {
    const env = { TEST_REDIS_URL: 'redis://given', TEST_DATABASE_URL: 'postgres://given' };
    expect((await run({ args: ['--', process.execPath, '-e', script], env })).code).toBe(code);
  });

  it('fails when there is no such command, and without any', async () => {
    const env = { TEST_REDIS_URL: 'redis://given', TEST_DATABASE_URL: 'postgres://given' };
    expect((await run({ args: ['--', 'no-such-command'], env })).code).toBe(1);
    expect((await run({ args: [], env })).code).toBe(64);
  });
});

interface Invocation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function run({ args, env }: Invocation): Promise<{ code: unknown; output: string }> {
  const { TEST_REDIS_URL: _redis, TEST_DATABASE_URL: _postgres, ...inherited } = process.env;
  const child = spawn(process.execPath, [...nodeArguments('run.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...inherited, ...env },
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, output };
}
