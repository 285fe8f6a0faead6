import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';

describe('the reference of the admin API', () => {
  let world: AdminWorld;
  beforeAll(async () => {
    world = await AdminWorld.create();
  });
  afterAll(() => world.close());

  it('is served as it stands in the documentation', async () => {
    const answer = await fetch(`${world.url}/admin/openapi.json`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const path = join(import.meta.dirname, '../../../../docs/api/admin-openapi.json');
    expect(await answer.json()).toEqual(JSON.parse(await readFile(path, 'utf8')));
  });

  it('is a page with every operation, which loads nothing and runs nothing', async () => {
    const answer = await fetch(`${world.url}/admin/docs`);
    const html = await answer.text();
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none';/);
    for (const { id } of OPERATIONS) expect(html).toContain(`id="${id}"`);
    expect(html).not.toMatch(/<script|<link|<img|style="|\son\w+=|https?:\/\//);
  });
});
