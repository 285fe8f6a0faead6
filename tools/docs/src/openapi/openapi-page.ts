import { inputSchema } from '@tollgate/admin-contract';
import { checkpointFields, listAnswer, writtenAnswer } from '@tollgate/http';
import type { GeneratedPage } from '../generated-page.js';
import { checkpointPaths } from './checkpoint-paths.js';
import { errorEnvelope } from './error-answers.js';

const DESCRIPTION =
  'The checkpoint API, in which agents keep the state of their runs. Written by `npm run docs` from the code.';

function render(): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Tollgate', version: '1', description: DESCRIPTION },
    security: [{ bearer: [] }],
    paths: checkpointPaths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        CheckpointDocument: inputSchema(checkpointFields),
        WrittenCheckpoint: inputSchema(writtenAnswer),
        Checkpoint: {
          allOf: [inputSchema(writtenAnswer.loose()), { $ref: '#/components/schemas/CheckpointDocument' }],
        },
        CheckpointList: inputSchema(listAnswer),
        Error: inputSchema(errorEnvelope),
      },
    },
  });
}

/** The HTTP API, for machines. */
export const openapiPage: GeneratedPage = { path: 'docs/api/openapi.json', render };
