import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ARCHIVE_TABLES } from './checkpoints/archive-tables.sql.js';
import { LIVE_TABLES } from './checkpoints/live-tables.sql.js';
import { READ_FUNCTIONS } from './checkpoints/read-functions.sql.js';
import { DROP_ROLES, ROLES } from './checkpoints/roles.sql.js';
import { WRITE_FUNCTIONS } from './checkpoints/write-functions.sql.js';

const FUNCTIONS = `
  tollgate_list_checkpoints, tollgate_get_checkpoint, tollgate_delete_checkpoint, tollgate_put_checkpoint,
  tollgate_queue_offload, tollgate_bury_entry, tollgate_find_quota_breach, tollgate_add_checkpoint_usage,
  tollgate_checkpoint_shard, tollgate_is_terminal, tollgate_lock_run, tollgate_raise_archive_alarm`;

/** Checkpoints, the index of their archive, and the groups that services' users are members of. */
export class Checkpoints1764115200000 implements MigrationInterface {
  readonly name = 'Checkpoints1764115200000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [...LIVE_TABLES, ...ARCHIVE_TABLES, ...WRITE_FUNCTIONS, ...READ_FUNCTIONS, ...ROLES];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${FUNCTIONS}`);
    await runner.query(`DROP TABLE archive_identity, archive_alarms, archive_entries, archive_packs,
      checkpoint_usage, checkpoint_tombstones, checkpoint_offloads, checkpoint_history, checkpoints`);
    for (const statement of DROP_ROLES) await runner.query(statement);
  }
}
