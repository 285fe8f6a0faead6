/** The promises of 4-archive: A1 readable, A2 proved before deleted, A3 no pointer to nothing, A4 dead stays dead, A5 monotonic. */
export type Invariant = 'A1' | 'A2' | 'A3' | 'A4' | 'A5';

/** What breaks a promise, asked of the database alone: rows of `tenant_id`, `run_id` and a word. */
export const INVARIANTS: readonly (readonly [Invariant, string])[] = [
  [
    'A1',
    `SELECT e.tenant_id, e.run_id, 'the only copy is in a pack that is ' || p.state AS problem
     FROM archive_entries e JOIN archive_packs p ON p.id = e.pack_id WHERE e.is_evicted AND p.state <> 'verified'`,
  ],
  [
    'A2',
    `SELECT e.tenant_id, e.run_id, 'archived and not evicted, but the database has no such version' AS problem
     FROM archive_entries e LEFT JOIN checkpoints c ON c.tenant_id = e.tenant_id AND c.run_id = e.run_id AND c.version = e.version AND c.is_archived
     WHERE NOT e.is_evicted AND c.run_id IS NULL
     UNION ALL
     SELECT c.tenant_id, c.run_id, 'counts as archived without an entry of its version'
     FROM checkpoints c LEFT JOIN archive_entries e ON e.tenant_id = c.tenant_id AND e.run_id = c.run_id AND e.version = c.version AND NOT e.is_evicted
     WHERE c.is_archived AND e.run_id IS NULL
     UNION ALL
     SELECT c.tenant_id, c.run_id, 'finished, neither archived nor waiting for it'
     FROM checkpoints c LEFT JOIN checkpoint_offloads q ON q.tenant_id = c.tenant_id AND q.run_id = c.run_id AND q.version = c.version
     WHERE c.status IN ('completed', 'aborted', 'failed') AND NOT c.is_archived AND q.run_id IS NULL`,
  ],
  [
    'A3',
    `SELECT e.tenant_id, e.run_id, 'points into a pack that is being deleted' AS problem
     FROM archive_entries e JOIN archive_packs p ON p.id = e.pack_id WHERE p.state NOT IN ('verified', 'lost')
     UNION ALL
     SELECT e.tenant_id, e.run_id, 'points past the end of its pack'
     FROM archive_entries e JOIN archive_packs p ON p.id = e.pack_id WHERE e."offset" + e.length > p.size_bytes OR p.tenant_id <> e.tenant_id`,
  ],
  [
    'A4',
    `SELECT t.tenant_id, t.run_id, 'deleted and still there' AS problem FROM checkpoint_tombstones t
     WHERE EXISTS (SELECT FROM checkpoints c WHERE c.tenant_id = t.tenant_id AND c.run_id = t.run_id)
        OR EXISTS (SELECT FROM archive_entries e WHERE e.tenant_id = t.tenant_id AND e.run_id = t.run_id)
        OR EXISTS (SELECT FROM checkpoint_offloads q WHERE q.tenant_id = t.tenant_id AND q.run_id = t.run_id)
        OR EXISTS (SELECT FROM checkpoint_history h WHERE h.tenant_id = t.tenant_id AND h.run_id = t.run_id)`,
  ],
  [
    'A5',
    `SELECT c.tenant_id, c.run_id, 'the archive has a later version than the database' AS problem
     FROM checkpoints c JOIN archive_entries e USING (tenant_id, run_id) WHERE e.version > c.version
     UNION ALL
     SELECT c.tenant_id, c.run_id, 'evicted, yet the database has a version'
     FROM checkpoints c JOIN archive_entries e USING (tenant_id, run_id) WHERE e.is_evicted
     UNION ALL
     SELECT h.tenant_id, h.run_id, 'the history is not behind'
     FROM checkpoint_history h JOIN checkpoints c USING (tenant_id, run_id) WHERE h.version >= c.version
     UNION ALL
     SELECT q.tenant_id, q.run_id, 'waits for the archive in a version that is not live'
     FROM checkpoint_offloads q LEFT JOIN checkpoints c ON c.tenant_id = q.tenant_id AND c.run_id = q.run_id AND c.version = q.version
     WHERE c.run_id IS NULL`,
  ],
];
