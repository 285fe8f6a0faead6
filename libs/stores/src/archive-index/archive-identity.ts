import type { Pool } from 'pg';

/** The name that this database has in the marker of its archive; a restored or copied database keeps it. */
export async function readArchiveId(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ archive_id: string }>('SELECT archive_id FROM archive_identity');
  if (!rows[0]) throw new Error('the database has no archive_identity: a migration must have been undone');
  return rows[0].archive_id;
}
