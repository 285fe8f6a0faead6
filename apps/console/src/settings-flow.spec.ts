import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ADMIN_TOKEN, ConsoleWorld, keepScreenshot } from './testing/console-world.js';

jest.setTimeout(120_000);

describe('the settings of a tenant in the console', () => {
  let world: ConsoleWorld | undefined;

  beforeAll(async () => {
    world = await ConsoleWorld.create();
    await world.ask('POST', '/tenants', { id: 'acme', budget_usd: '5' });
  });
  afterAll(() => world?.close());

  it('show what a policy would change before it is applied', async () => {
    if (!world) throw new Error('no world');
    const { page, faults } = await world.openAs(ADMIN_TOKEN, '/tenants/acme/policy');
    await page.getByLabel('Default model').fill('gpt-4o-mini');
    await page.getByLabel('Requests a minute').fill('120');
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('cell', { name: 'default_model' }).waitFor();
    await keepScreenshot(page, 'policy-difference');
    expect(await world.ask('GET', '/tenants/acme/policy')).toMatchObject({ default_model: null });
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The policy is changed').waitFor();
    expect(await world.ask('GET', '/tenants/acme/policy')).toMatchObject({
      default_model: 'gpt-4o-mini',
      requests_per_minute: 120,
    });
    expect(faults).toEqual([]);
  });

  it('take agents, and the rotation of a key', async () => {
    if (!world) throw new Error('no world');
    await world.ask('POST', '/tenants/acme/keys', { name: 'old' });
    const { page, faults } = await world.openAs(ADMIN_TOKEN, '/tenants/acme/agents');
    await page.getByRole('button', { name: 'Register an agent' }).click();
    await page.getByLabel('Id').fill('planner');
    await page.getByLabel('Budget a month').fill('1.5');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('cell', { name: '$1.50' }).waitFor();
    await page.getByRole('tab', { name: 'Keys' }).click();
    await page.getByRole('button', { name: 'rotate the key old' }).click();
    await page.getByLabel('Overlap (hours)').fill('0');
    await page.getByRole('button', { name: 'Rotate', exact: true }).click();
    expect(await page.getByLabel('Secret of the key').textContent()).toMatch(/^tg_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('end with a suspension', async () => {
    if (!world) throw new Error('no world');
    const { page } = await world.openAs(ADMIN_TOKEN, '/tenants/acme');
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect(await world.ask('GET', '/tenants/acme')).toMatchObject({ status: 'suspended' });
  });

  it('hand out what was used as a file', async () => {
    if (!world) throw new Error('no world');
    const { page } = await world.openAs(ADMIN_TOKEN, '/usage');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  });
});
