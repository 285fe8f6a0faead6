import type { MetricDefinition } from './catalogue.js';

/** Every metric of the offloader. Those of the queue and the packs are the whole database's, whichever replica says them. */
export const OFFLOADER_METRICS = {
  tollgate_offloader_archived_checkpoints_total: {
    type: 'counter',
    help: 'Checkpoints whose copy in the archive was proved.',
    labels: [],
  },
  tollgate_offloader_evicted_checkpoints_total: {
    type: 'counter',
    help: 'Database copies that were let go.',
    labels: [],
  },
  tollgate_offloader_expired_checkpoints_total: {
    type: 'counter',
    help: 'Archived checkpoints that were deleted for good (CHECKPOINT_ARCHIVE_EXPIRE_DAYS).',
    labels: [],
  },
  tollgate_offloader_failures_total: {
    type: 'counter',
    help: 'Failed tries to archive a checkpoint.',
    labels: [],
  },
  tollgate_offloader_lease_losses_total: {
    type: 'counter',
    help: 'Checkpoints whose lease ended before they were archived: another replica has them.',
    labels: [],
  },
  tollgate_offloader_packs_total: {
    type: 'counter',
    help: 'Packs that were written and proved.',
    labels: [],
  },
  tollgate_offloader_scrubbed_packs_total: {
    type: 'counter',
    help: 'Packs that were read again and compared with the index.',
    labels: [],
  },
  tollgate_offloader_damaged_packs_total: {
    type: 'counter',
    help: 'Packs that were found lost or damaged.',
    labels: [],
  },
  tollgate_offloader_deleted_packs_total: {
    type: 'counter',
    help: 'Packs without a living checkpoint that were deleted.',
    labels: [],
  },
  tollgate_offloader_archive_operations_total: {
    type: 'counter',
    help: 'Operations on the archive: put, get, range, head, delete, list; by how they ended: ok, or a reason.',
    labels: ['operation', 'outcome'],
  },
  tollgate_offloader_archive_bytes_total: {
    type: 'counter',
    help: 'Bytes of objects, up and down.',
    labels: ['direction'],
  },
  tollgate_offloader_errors_total: {
    type: 'counter',
    help: 'Steps of the daemon that failed, by step.',
    labels: ['step'],
  },
  tollgate_offloader_queue_checkpoints: {
    type: 'gauge',
    help: 'Finished checkpoints that are not archived, by state: waiting, due, quarantined, overdue.',
    labels: ['state'],
    aggregator: 'first',
  },
  tollgate_offloader_queue_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest checkpoint that waits and is not quarantined.',
    labels: [],
    aggregator: 'first',
  },
  tollgate_offloader_packs: {
    type: 'gauge',
    help: 'Packs in the index, by state: uploading, verified, deleting, lost.',
    labels: ['state'],
    aggregator: 'first',
  },
  tollgate_offloader_pack_bytes: {
    type: 'gauge',
    help: 'Bytes of verified packs, and how much of them is dead.',
    labels: ['kind'],
    aggregator: 'first',
  },
  tollgate_offloader_open_alarms: {
    type: 'gauge',
    help: 'Alarms that wait for an operator; while there is one, nothing is evicted.',
    labels: [],
    aggregator: 'max',
  },
  tollgate_offloader_paused: {
    type: 'gauge',
    help: 'One while all work waits for an operator: credentials refused, or a foreign bucket.',
    labels: [],
    aggregator: 'max',
  },
} as const satisfies Record<string, MetricDefinition>;
