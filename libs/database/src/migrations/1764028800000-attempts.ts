import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The upstream call that ends a request becomes attempt 0; until now every request made one call, its attempt 1. */
export class Attempts1764028800000 implements MigrationInterface {
  readonly name = 'Attempts1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('UPDATE usage_events SET attempt = 0 WHERE attempt = 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM usage_events WHERE attempt > 0 AND cost_nano_usd = 0');
    await runner.query('UPDATE usage_events SET attempt = 1 WHERE attempt = 0');
  }
}
