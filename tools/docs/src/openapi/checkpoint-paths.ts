import { parametersOf } from '@tollgate/admin-contract';
import { getQuery, listQuery, putQuery } from '@tollgate/http';
import { errorAnswers } from './error-answers.js';

const RUN_ID = {
  name: 'run_id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[A-Za-z0-9._:~-]{1,200}$' },
};
const ETAG = {
  description: 'The version, in quotes.',
  schema: { type: 'string', pattern: '^"[1-9][0-9]{0,15}"$' },
};
const header = (name: string, description: string): object => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});
const json = (name: string): object => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});
const written = (description: string): object => ({
  description,
  headers: { ETag: ETAG },
  content: json('WrittenCheckpoint'),
});

const put = {
  operationId: 'putCheckpoint',
  summary: "Write the next version of a run's checkpoint",
  parameters: [
    RUN_ID,
    ...parametersOf(putQuery, 'query'),
    header(
      'If-Match',
      'The version that must be the latest: `"3"`. Without a condition, the last write wins.',
    ),
    header('If-None-Match', '`*`: the run must not exist yet.'),
    header('x-agent-id', 'Whose run it is, for a body that does not say.'),
  ],
  requestBody: { required: true, content: json('CheckpointDocument') },
  responses: {
    200: written('The run has a new version.'),
    201: written('The run is new.'),
    ...errorAnswers([
      'invalid_json',
      'invalid_request',
      'invalid_header',
      'agent_not_allowed',
      'run_deleted',
      'checkpoint_version_conflict',
      'checkpoint_too_large',
      'body_too_large',
      'unsupported_media_type',
      'checkpoint_quota_exceeded',
      'draining',
    ]),
  },
};

const get = {
  operationId: 'getCheckpoint',
  summary: 'Read a checkpoint, live or archived',
  parameters: [
    RUN_ID,
    ...parametersOf(getQuery, 'query'),
    header('If-None-Match', 'The version that the reader has: `"3"`.'),
  ],
  responses: {
    200: {
      description: 'The document, with what the server knows of it in front.',
      headers: {
        ETag: ETAG,
        'x-checkpoint-source': { schema: { type: 'string', enum: ['live', 'archive'] } },
      },
      content: json('Checkpoint'),
    },
    304: { description: 'The reader has this version.', headers: { ETag: ETAG } },
    ...errorAnswers([
      'invalid_request',
      'invalid_header',
      'checkpoint_not_found',
      'checkpoint_unreadable',
      'archive_unavailable',
    ]),
  },
};

const remove = {
  operationId: 'deleteCheckpoint',
  summary: 'Delete a run for good',
  description: 'A late write does not bring it back. Again, it answers the same.',
  parameters: [RUN_ID, header('If-Match', 'The version that must be the latest: `"3"`.')],
  responses: {
    204: { description: 'It is deleted.', headers: { ETag: ETAG } },
    ...errorAnswers([
      'invalid_request',
      'invalid_header',
      'agent_not_allowed',
      'checkpoint_not_found',
      'checkpoint_version_conflict',
      'draining',
    ]),
  },
};

const list = {
  operationId: 'listCheckpoints',
  summary: 'List runs, newest first, archived ones included',
  parameters: parametersOf(listQuery, 'query'),
  responses: {
    200: { description: 'A page.', content: json('CheckpointList') },
    ...errorAnswers(['invalid_request']),
  },
};

/** The paths of the checkpoint API. */
export const checkpointPaths = {
  '/v1/checkpoints': { get: list },
  '/v1/checkpoints/{run_id}': { put, get, delete: remove },
};
