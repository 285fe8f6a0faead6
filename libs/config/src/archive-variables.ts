import { integer, oneOf, text, url } from './variable.js';

const MAX_DAYS = 36_500;

/** The variables of the archive and of the offloader. */
export const archiveVariables = {
  R2_ENDPOINT: url(['https:', 'http:'], undefined, {
    section: 'Archive',
    doc: 'Endpoint of Cloudflare R2, or of any other S3, without the bucket. Unset, with CHECKPOINT_ARCHIVE_FOLDER unset too: nothing is archived, and what is archived cannot be read.',
  }),
  R2_BUCKET: text(undefined, { section: 'Archive', doc: 'Bucket of the archive.' }),
  R2_ACCESS_KEY_ID: text(undefined, { section: 'Archive', doc: 'Access key of the archive.', secret: true }),
  R2_SECRET_ACCESS_KEY: text(undefined, { section: 'Archive', doc: 'Its secret.', secret: true }),
  CHECKPOINT_ARCHIVE_FOLDER: text(undefined, {
    section: 'Archive',
    doc: 'Keeps the archive in this folder in place of R2. All processes need the same folder.',
  }),
  ARCHIVE_TIMEOUT_SECONDS: integer(30, 1, 600, {
    section: 'Archive',
    doc: 'Time one request to the archive may take; what fails for the moment is tried five times.',
  }),
  ARCHIVE_CACHE_MIB: integer(64, 0, 65_536, {
    section: 'Archive',
    doc: 'Memory of a gateway process for checkpoints that it has read from the archive. 0: none.',
  }),
  OFFLOADER_PORT: integer(8082, 0, 65_535, {
    section: 'Offloader',
    doc: "Port of the offloader's health and metrics; 0 picks a free one.",
  }),
  OFFLOADER_INTERVAL_SECONDS: integer(60, 1, 86_400, {
    section: 'Offloader',
    doc: 'Pause between two rounds.',
  }),
  CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS: integer(3, 0, MAX_DAYS, {
    section: 'Offloader',
    doc: 'A finished checkpoint is archived this long after its last change.',
  }),
  CHECKPOINT_RETENTION_DAYS: integer(7, 0, MAX_DAYS, {
    section: 'Offloader',
    doc: 'The database copy of an archived checkpoint is evicted this long after its last change.',
  }),
  CHECKPOINT_EVICT_AFTER_VERIFY: oneOf(['retention', 'immediate'], 'retention', {
    section: 'Offloader',
    doc: '`immediate` evicts the database copy as soon as the copy in the archive is proved.',
  }),
  CHECKPOINT_OFFLOAD_BATCH_SIZE: integer(100, 1, 10_000, {
    section: 'Offloader',
    doc: 'Rows that one statement reads or deletes.',
  }),
  CHECKPOINT_OFFLOAD_MAX_RETRIES: integer(3, 0, 100, {
    section: 'Offloader',
    doc: 'After so many failures a checkpoint is set aside, and stays in the database, until an operator has looked.',
  }),
  CHECKPOINT_ARCHIVE_EXPIRE_DAYS: integer(undefined, 1, MAX_DAYS, {
    section: 'Offloader',
    doc: 'Archived checkpoints are deleted for good this long after their last change. Unset: never.',
  }),
};
