import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { operatorOperations, type Role } from '@tollgate/admin-contract';
import { loadAdminSettings } from '@tollgate/config';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { startAdminApi } from '../admin-api.js';
import { AdminClient } from './admin-client.js';

/** ADMIN_TOKEN of every world. */
export const ADMIN_TOKEN = 'the-first-operator-token-of-this-test';

/** An admin API on a real socket and a database of its own. */
export class AdminWorld {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    /** As the owner of the database. */
    readonly pool: Pool,
    readonly url: string,
    /** What was logged, a JSON object a line. */
    readonly log: readonly string[],
  ) {}

  static async create(env: Readonly<Record<string, string>> = {}): Promise<AdminWorld> {
    const database = await createTestDatabase();
    const log: string[] = [];
    const settings = loadAdminSettings({
      DATABASE_URL: database.adminUrl,
      ADMIN_PORT: '0',
      ADMIN_TOKEN,
      TENANT_LLM_CONFIG_SOURCE: 'database',
      ...env,
    });
    const app = await startAdminApi(settings, pino({ level: 'debug' }, { write: (line) => log.push(line) }));
    return new AdminWorld(app, database, createTestPool(database), await app.getUrl(), log);
  }

  /** With the role admin. */
  get client(): AdminClient {
    return new AdminClient(this.url, ADMIN_TOKEN);
  }

  /** A client with a token of its own. */
  async clientAs(role: Role): Promise<AdminClient> {
    const { body } = await this.client.ask(operatorOperations.create, { body: { name: `a ${role}`, role } });
    return this.client.as(body.secret ?? '');
  }

  /** Actions in the audit, oldest first. */
  async actions(): Promise<string[]> {
    const { rows } = await this.pool.query<{ action: string }>('SELECT action FROM audit_log ORDER BY seq');
    return rows.map(({ action }) => action);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.pool.end();
    await this.database.drop();
  }
}
