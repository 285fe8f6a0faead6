import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdminWorld } from '../testing/admin-world.js';
import { CONSOLE_CSP } from './console-files.js';

const INDEX = '<!doctype html><script type="module" src="/assets/index-4f2a.js"></script>';

describe('the console', () => {
  let folder: string;
  let world: AdminWorld;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-console-'));
    await mkdir(join(folder, 'dist/assets'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'dist/index.html'), INDEX);
    await writeFile(join(folder, 'dist/assets/index-4f2a.js'), 'export {};');
    world = await AdminWorld.create({ CONSOLE_FOLDER: join(folder, 'dist') });
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(world.url + path, init);

  it('is at the root, and at each place inside it, under a policy that lets nothing in from elsewhere', async () => {
    for (const path of ['/', '/tenants/acme', '/usage?group=model']) {
      const answer = await get(path);
      expect([answer.status, await answer.text()]).toEqual([200, INDEX]);
      expect(answer.headers.get('content-security-policy')).toBe(CONSOLE_CSP);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
    expect(CONSOLE_CSP).not.toContain('unsafe');
  });

  it('has assets that are kept for ever, and says when a page is still the same', async () => {
    const asset = await get('/assets/index-4f2a.js');
    expect([asset.headers.get('content-type'), asset.headers.get('cache-control')]).toEqual([
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    const etag = (await get('/')).headers.get('etag') ?? '';
    const same = await get('/', { headers: { 'if-none-match': etag } });
    expect([same.status, await same.text()]).toEqual([304, '']);
    expect(await (await get('/', { method: 'HEAD' })).text()).toBe('');
  });

  it('has no page in the place of a file that is missing, and none for misses of the API', async () => {
    for (const path of ['/assets/gone.js', '/assets/gone', '/favicon.ico'])
      expect((await get(path)).status).toBe(404);
    for (const path of ['/admin', '/admin/v1/nothing', '/admin/nothing', '/health/nothing'])
      expect([(await get(path)).status, (await get(path)).headers.get('content-type')]).toEqual([
        404,
        expect.stringContaining('json'),
      ]);
    expect((await get('/', { method: 'POST' })).status).toBe(404);
    expect((await get('/health/live')).status).toBe(200);
  });

  it('leads nowhere else on the disk', async () => {
    for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '//secret.txt']) {
      const { hostname, port } = new URL(world.url);
      const sent = request({ hostname, port, path }).end();
      const [answer] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
      answer.resume();
      expect(answer.statusCode).toBe(404);
    }
  });
});

describe('a console that is not built', () => {
  it('says how it comes to be', async () => {
    const world = await AdminWorld.create({ CONSOLE_FOLDER: '/nowhere' });
    const answer = await fetch(world.url);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('npm run build')]);
    await world.close();
  });
});
