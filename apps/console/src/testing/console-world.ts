import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { startRedis, type RedisServer } from '@tollgate/dev-services';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { getBuiltConsole } from './built-console.js';
import { launchChromium } from './chromium.js';
import { ServiceProcess } from './service-process.js';

/** ADMIN_TOKEN of every world. */
export const ADMIN_TOKEN = 'the-first-operator-token-of-this-test';

const SCREENSHOTS = join(import.meta.dirname, '../../screenshots');
const PATIENCE_MS = 45_000;

/** A page of the console with what went wrong on it. */
export interface ConsolePage {
  readonly page: Page;
  /** Uncaught errors, and what the Content-Security-Policy refused. */
  readonly faults: readonly string[];
}

/** The built console, served by a real admin API beside a real gateway with the stub model, in a real browser. */
export class ConsoleWorld {
  private constructor(
    readonly admin: ServiceProcess,
    readonly gateway: ServiceProcess,
    readonly browser: Browser,
    private readonly database: TestDatabase,
    private readonly redis: RedisServer,
  ) {}

  static async create(): Promise<ConsoleWorld> {
    await getBuiltConsole();
    const [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    const env = {
      REDIS_URL: redis.url,
      TENANT_LLM_CONFIG_SOURCE: 'database',
      LLM_ADAPTER: 'stub',
      STUB_LATENCY_MS: '0',
    };
    const [admin, gateway, browser] = await Promise.all([
      ServiceProcess.start('admin-api', {
        ...env,
        DATABASE_URL: database.adminUrl,
        ADMIN_TOKEN,
        ADMIN_PORT: '0',
      }),
      ServiceProcess.start('gateway', { ...env, DATABASE_URL: database.gatewayUrl, PORT: '0' }),
      launchChromium(),
    ]);
    return new ConsoleWorld(admin, gateway, browser, database, redis);
  }

  /** A browser window of somebody who is not logged in. */
  async open(options: BrowserContextOptions = {}): Promise<ConsolePage> {
    const context = await this.browser.newContext({ baseURL: this.admin.url, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
    });
    return { page, faults };
  }

  /** A window of the holder of a token, on a screen. */
  async openAs(token: string, path = '/', options: BrowserContextOptions = {}): Promise<ConsolePage> {
    const opened = await this.open(options);
    await logIn(opened.page, token, path);
    return opened;
  }

  /** Asks the admin API past the console, with the role admin. */
  async ask<T>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await fetch(`${this.admin.url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** A token with a role. */
  async tokenOf(role: 'viewer' | 'operator' | 'admin', name = `a ${role}`): Promise<string> {
    const { secret } = await this.ask<{ secret: string }>('POST', '/operators/tokens', { name, role });
    return secret;
  }

  /** Sends a chat completion; answers its status. */
  async call(key: string, agent = 'planner'): Promise<number> {
    const response = await fetch(`${this.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-agent-id': agent },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello there' }] }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await Promise.all([this.admin.stop(), this.gateway.stop()]);
    await Promise.all([this.redis.stop(), this.database.drop()]);
  }
}

/** Logs in by the form, and goes to a screen. */
export async function logIn(page: Page, token: string, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('Operator token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
}

/** Keeps a picture of a page for whoever wants to look. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
