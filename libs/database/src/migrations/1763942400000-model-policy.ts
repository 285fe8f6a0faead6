import type { MigrationInterface, QueryRunner } from 'typeorm';

const names = (column: string): string =>
  `ADD COLUMN ${column} jsonb CHECK (jsonb_typeof(${column}) = 'object' AND NOT jsonb_path_exists(${column}, '$.* ? (@.type() != "string")'))`;

/** A tenant's own names for models, and its models by task type: JSON objects of texts. */
export class ModelPolicy1763942400000 implements MigrationInterface {
  readonly name = 'ModelPolicy1763942400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenants ${names('model_aliases')}, ${names('task_models')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenants DROP COLUMN model_aliases, DROP COLUMN task_models');
  }
}
