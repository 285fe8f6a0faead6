import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from './testing/eventually.js';
import { ADMIN_TOKEN, ConsoleWorld, keepScreenshot } from './testing/console-world.js';

jest.setTimeout(120_000);

describe('the way of the money through the console', () => {
  let world: ConsoleWorld;

  beforeAll(async () => {
    world = await ConsoleWorld.create();
  });
  afterAll(() => world.close());

  async function createTenant(page: Page, id: string): Promise<void> {
    await page.getByRole('link', { name: 'Tenants' }).click();
    await page.getByRole('button', { name: 'Create a tenant' }).click();
    await page.getByLabel('Id').fill(id);
    await page.getByLabel('Budget a month').fill('5');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: `Tenant ${id}` }).waitFor();
  }

  async function createKey(page: Page): Promise<string> {
    await page.getByRole('tab', { name: 'Keys' }).click();
    await page.getByRole('button', { name: 'Create a key' }).click();
    await page.getByLabel('Name').fill('first');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const secret = (await page.getByLabel('Secret of the key').textContent()) ?? '';
    await keepScreenshot(page, 'key-secret');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    return secret;
  }

  it('goes from a tenant and its key to a cost, to a refused call, and to a revoked key', async () => {
    const { page, faults } = await world.openAs(ADMIN_TOKEN);
    await createTenant(page, 'acme');
    const secret = await createKey(page);
    expect(secret).toMatch(/^tg_/);
    await eventually(() => world.call(secret), 200);

    await page.getByRole('tab', { name: 'Budget' }).click();
    await page
      .getByText(/^\$0\.0000\d+$/)
      .first()
      .waitFor();
    await keepScreenshot(page, 'tenant-budget');

    await page.getByRole('button', { name: 'Change the budget' }).click();
    await page.getByLabel('Budget a month').fill('0');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('The budget of this month is used up').waitFor();
    await eventually(() => world.call(secret), 429);

    await page.getByRole('tab', { name: 'Keys' }).click();
    await page.getByRole('button', { name: 'revoke the key first' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('revoked', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('cell', { name: 'key.revoke' }).waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('The audit is intact').waitFor();
    expect(faults).toEqual([]);
  });
});
