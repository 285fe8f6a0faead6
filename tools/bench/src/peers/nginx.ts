import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/dev-services';
import { Child } from '../run/child.js';
import { isListening } from './listening.js';
import { getNginxBinary } from './nginx-binary.js';
import { mockHeaders, type Peer } from './peer.js';

const START_TIMEOUT_MS = 10_000;

/** nginx `proxy_pass` with one worker; answers are passed on as they come when they are streams. */
export function nginx(kind: 'plain' | 'stream'): Peer {
  return {
    name: 'nginx',
    start: async ({ cleanup, mock }) => {
      const command = await getNginxBinary();
      const port = await findFreePort();
      const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-nginx-'));
      const removal = { stop: () => rm(folder, { recursive: true, force: true }) };
      cleanup.add(removal);
      await writeFile(join(folder, 'nginx.conf'), configuration(port, new URL(mock.url).host, kind));
      const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'];
      const child = Child.start({ name: 'nginx', command, args }, cleanup);
      const stop = async (): Promise<void> => {
        await child.stop();
        await removal.stop();
        cleanup.forget(removal);
      };
      await child.untilReady(() => isListening(port), START_TIMEOUT_MS);
      return { target: { origin: `http://127.0.0.1:${port}`, headers: mockHeaders }, pid: child.pid, stop };
    },
  };
}

function configuration(port: number, upstream: string, kind: 'plain' | 'stream'): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')}
  client_body_buffer_size 64k;
  keepalive_requests 10000000;
  upstream mock { server ${upstream}; keepalive 256; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering ${kind === 'stream' ? 'off' : 'on'};
    }
  }
}
`;
}
