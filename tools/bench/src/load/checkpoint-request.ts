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

/** Each run is saved by one request and read by the next. */
export function checkpointRequest(target: Target, index: number): Dispatcher.DispatchOptions {
  const pair = index >> 1;
  const path = `/v1/checkpoints/bench-${pair % RUNS}`;
  if (index % 2 === 1) return { method: 'GET', path, headers: target.headers };
  const headers = { 'content-type': 'application/json', ...target.headers };
  return { method: 'PUT', path, headers, body: documents[Math.floor(pair / RUNS) % documents.length] ?? '' };
}
