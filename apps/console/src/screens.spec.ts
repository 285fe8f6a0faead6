import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from './testing/eventually.js';
import { ADMIN_TOKEN, ConsoleWorld, keepScreenshot } from './testing/console-world.js';

jest.setTimeout(180_000);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } } as const;

/** Each screen with something that is on it once it has its data. */
const SCREENS = {
  overview: ['/', 'Agents that spent most this month'],
  tenants: ['/tenants', 'acme'],
  'tenant-budget': ['/tenants/acme/budget', 'Remaining'],
  'tenant-policy': ['/tenants/acme/policy', 'Allowed models'],
  'tenant-keys': ['/tenants/acme/keys', 'for tests'],
  'tenant-agents': ['/tenants/acme/agents', 'planner'],
  'tenant-usage': ['/tenants/acme/usage', 'gpt-4o-mini'],
  usage: ['/usage', 'acme'],
  audit: ['/audit', 'tenant acme'],
  system: ['/system', 'database'],
} as const;

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What keeps people from using the page, by axe's rules of a serious kind. */
async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate<Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

describe('every screen', () => {
  let world: ConsoleWorld | undefined;

  beforeAll(async () => {
    world = await ConsoleWorld.create();
    await world.ask('POST', '/tenants', { id: 'acme', budget_usd: '5' });
    await world.ask('POST', '/tenants/acme/agents', { id: 'planner', budget_usd: '1' });
    const { secret } = await world.ask<{ secret: string }>('POST', '/tenants/acme/keys', {
      name: 'for tests',
    });
    const call = (): Promise<number> | undefined => world?.call(secret);
    await eventually(async () => call(), 200); // a new key is known within a second
  });
  afterAll(() => world?.close());

  it.each([
    ['phone', 'light'],
    ['phone', 'dark'],
    ['desktop', 'light'],
    ['desktop', 'dark'],
  ] as const)('can be used on a %s in the %s', async (size, colorScheme) => {
    if (!world) throw new Error('no world');
    const options = { viewport: SIZES[size], colorScheme, reducedMotion: 'reduce' } as const;
    const { page, faults } = await world.openAs(ADMIN_TOKEN, '/', options);
    const problems: string[] = [];
    for (const [name, [path, text]] of Object.entries(SCREENS)) {
      await page.goto(path);
      await page.getByText(text).first().waitFor();
      await page.waitForLoadState('networkidle');
      await keepScreenshot(page, `${name}-${size}-${colorScheme}`);
      problems.push(...(await seriousViolations(page)).map((violation) => `${name}: ${violation}`));
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      if (Number(tooWide) > 0) problems.push(`${name} is ${String(tooWide)} px wider than the window`);
    }
    expect([...problems, ...faults]).toEqual([]);
    await page.context().close();
  });

  it('lets people log in by the keyboard, and nobody without a token', async () => {
    if (!world) throw new Error('no world');
    const { page, faults } = await world.open({ reducedMotion: 'reduce' });
    await page.goto('/tenants');
    await page.getByLabel('Operator token').waitFor();
    await keepScreenshot(page, 'login');
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Operator token').fill('');
    await page.keyboard.type(ADMIN_TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Create a tenant' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tenant by-keyboard' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('shows a viewer nothing that changes something', async () => {
    if (!world) throw new Error('no world');
    const { page } = await world.openAs(await world.tokenOf('viewer'), '/tenants/acme/budget');
    for (const [path, text] of [SCREENS.tenants, SCREENS['tenant-budget'], SCREENS['tenant-keys']]) {
      await page.goto(path);
      await page.getByText(text).first().waitFor();
      const buttons = page.getByRole('button', { name: /create|change|raise|revoke|rotate|suspend/i });
      expect(await buttons.count()).toBe(0);
    }
  });

  it('runs no script that stands in a name', async () => {
    if (!world) throw new Error('no world');
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    await world.ask('POST', '/tenants/acme/keys', { name: evil });
    const { page, faults } = await world.openAs(await world.tokenOf('operator', evil), '/tenants/acme/keys');
    await page.getByText(evil, { exact: true }).first().waitFor();
    await page.getByText(`${evil} (operator)`).waitFor();
    await page.goto('/audit');
    await page.getByText('key.create').first().waitFor();
    expect(faults).toEqual([]);
  });

  it('says who was faster when two change the same budget, and offers to reload', async () => {
    if (!world) throw new Error('no world');
    const { page } = await world.openAs(ADMIN_TOKEN, '/tenants/acme/budget');
    await page.getByRole('button', { name: 'Change the budget' }).click();
    await page.getByLabel('Budget a month').fill('7');
    const rival = await world.tokenOf('operator', 'the rival');
    const path = `${world.admin.url}/admin/v1/tenants/acme/budget`;
    const headers = { authorization: `Bearer ${rival}`, 'content-type': 'application/json' };
    const etag = (await fetch(path, { headers })).headers.get('etag') ?? '';
    const body = JSON.stringify({ budget_usd: '6' });
    expect(
      (await fetch(path, { method: 'PUT', headers: { ...headers, 'if-match': etag }, body })).status,
    ).toBe(200);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('Somebody else was faster: nothing was changed').waitFor();
    await page.getByText(/ did \S+ at /).waitFor();
    await keepScreenshot(page, 'conflict');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByLabel('Budget a month').and(page.locator('[value="6"]')).waitFor();
  });
});
