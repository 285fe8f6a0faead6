import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { nodeArguments } from './testing/node-command.js';

describe('the servers of a process that dies', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'are gone with their folders after %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'tollgate-owner-'));
      await chmod(folder, 0o755); // Postgres may run as another user
      const owner = spawn(process.execPath, nodeArguments('testing/forgetful-owner.ts'), {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, TMPDIR: folder },
      });
      const sockets = await Promise.all((await readPorts(owner)).map(open));
      expect(await readdir(folder)).toHaveLength(2);
      const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
      owner.kill(signal);
      await closed;
      await untilEmpty(folder);
      await rm(folder, { recursive: true });
    },
  );
});

async function readPorts(owner: ChildProcess): Promise<readonly number[]> {
  if (owner.stdout === null) throw new Error('The owner has no stdout.');
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  return (JSON.parse(line) as { ports: number[] }).ports;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined); // a reset is a way to close, too
  await once(socket, 'connect');
  return socket.resume();
}

function untilEmpty(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, check);
    check();
    function check(): void {
      if (readdirSync(folder).length > 0) return;
      watcher.close();
      resolve();
    }
  });
}
