import type { Pool } from 'pg';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations/index.js';

/** How a database's schema differs from the one this version needs, by names of migrations. */
export interface SchemaDifference {
  /** What it lacks, oldest first. */
  readonly pending: readonly string[];
  /** What it has beyond: a newer version was here. */
  readonly unknown: readonly string[];
}

/** Compares a database's schema with the one this version needs; read-only. */
export async function findSchemaDifference(pool: Pool): Promise<SchemaDifference> {
  const needed: string[] = MIGRATIONS.map((Migration) => new Migration().name);
  const { rows: tables } = await pool.query<{ name: string | null }>('SELECT to_regclass($1) AS name', [
    MIGRATIONS_TABLE,
  ]);
  if (!tables[0]?.name) return { pending: needed, unknown: [] };
  const { rows } = await pool.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  const ran = new Set(rows.map(({ name }) => name));
  return {
    pending: needed.filter((name) => !ran.has(name)),
    unknown: [...ran].filter((name) => !needed.includes(name)),
  };
}
