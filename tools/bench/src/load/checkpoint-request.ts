import type { Dispatcher } from 'undici';
import type { Target } from './load-job.js';

/** Runs that are saved and read, each again and again. */
const RUNS = 1000;
const PADDING = 'The customer asked where the parcel is; the carrier says it waits at the depot. '.repeat(10);

/** A checkpoint of about 1 KB, as an agent saves it after a step. */
function document(step: number): Buffer {
  const outputs = [{ step, tool: 'search_orders', result: PADDING }];
  return Buffer.from(
    JSON.stringify({
      workflow_id: 'support',
      status: 'running',
      next_step_index: step,
      step_outputs: outputs,
    }),
  );
}

const documents = Array.from({ length: 16 }, (_, step) => document(step));

/** A run is read so many requests after it was saved: by then, its save has been answered. */
const READ_BEHIND = 500;

/** What the ids of archived runs that are read begin with; a number from 0 follows. */
export const ARCHIVED_PREFIX = 'archived-';

/** Reads archived runs, each once. */
export function archivedRequest(target: Target, index: number): Dispatcher.DispatchOptions {
  return { method: 'GET', path: `/v1/checkpoints/${ARCHIVED_PREFIX}${index}`, headers: target.headers };
}

/** Saves and reads in turn, run after run. */
export function checkpointRequest(target: Target, index: number): Dispatcher.DispatchOptions {
  const pair = index >> 1;
  const path = (at: number): string => `/v1/checkpoints/bench-${at % RUNS}`;
  if (index % 2 === 1)
    return { method: 'GET', path: path(Math.max(0, pair - READ_BEHIND)), headers: target.headers };
  const headers = { 'content-type': 'application/json', ...target.headers };
  return {
    method: 'PUT',
    path: path(pair),
    headers,
    body: documents[Math.floor(pair / RUNS) % documents.length] ?? '',
  };
}
