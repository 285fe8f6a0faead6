import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BUDGET_INCREASES, DROP_BUDGET_INCREASES } from './billing/budget-increases.sql.js';
import { DROP_INVOICES, INVOICES } from './billing/invoices.sql.js';
import { BILLING_ROLES, DROP_BILLING_ROLES } from './billing/roles.sql.js';
import { DROP_ROLLUPS, ROLLUPS } from './billing/rollups.sql.js';
import { DROP_WEBHOOKS, WEBHOOKS } from './billing/webhooks.sql.js';

/** What billing keeps beside the ledger, and what the admin group may do with it. */
export class Billing1764374400000 implements MigrationInterface {
  readonly name = 'Billing1764374400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ROLLUPS, ...INVOICES, ...BUDGET_INCREASES, ...WEBHOOKS, ...BILLING_ROLES])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      ...DROP_BILLING_ROLES,
      ...DROP_WEBHOOKS,
      ...DROP_BUDGET_INCREASES,
      ...DROP_INVOICES,
      ...DROP_ROLLUPS,
    ])
      await runner.query(statement);
  }
}
