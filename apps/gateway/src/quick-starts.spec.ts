import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeyOf, World } from './testing/world.js';

const PAGE = readFileSync(new URL('../../../docs/quick-starts.md', import.meta.url), 'utf8');
const REPOSITORY = new URL('../../../', import.meta.url);

/** The page's JavaScript, each snippet with the heading above it. */
const SNIPPETS = PAGE.split(/^## /m).flatMap((section) => {
  const heading = section.split('\n', 1)[0] ?? '';
  return [...section.matchAll(/^```js\n(.*?)^```/gms)].map((match) => [heading, match[1] ?? ''] as const);
});

describe('docs/quick-starts.md', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ gateways: 1, tenants: { broke: { BUDGET_CENTS: '0' } } });
  });
  afterAll(() => world.close());

  async function run(snippet: string, tenantId: string): Promise<{ output: string; errors: string }> {
    const child = spawn(process.execPath, ['--input-type=module', '-'], {
      cwd: REPOSITORY,
      env: { TOLLGATE_URL: world.gateways[0]?.url, TOLLGATE_API_KEY: apiKeyOf(tenantId) },
    });
    child.stdin.end(snippet);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { output, errors };
  }

  it('has snippets', () => {
    expect(SNIPPETS.length).toBeGreaterThanOrEqual(4);
  });

  it.each(SNIPPETS)('has a snippet that works: %s', async (_, snippet) => {
    const { output, errors } = await run(snippet, 'acme');
    expect(errors).toBe('');
    expect(output.trim()).not.toBe('');
  });

  it('shows what a used-up budget looks like', async () => {
    const [, snippet = ''] = SNIPPETS.find(([heading]) => heading.includes('limit')) ?? [];
    const { output } = await run(snippet, 'broke');
    expect(output).toMatch(/^tenant budget used up until \d{4}-\d\d-01T00:00:00.000Z\n$/);
  });
});
