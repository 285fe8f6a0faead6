import { setTimeout as delay } from 'node:timers/promises';
import { Pool, type Dispatcher } from 'undici';
import { findFault } from './answer-check.js';
import { chatBody } from './chat-body.js';
import { archivedRequest, checkpointRequest } from './checkpoint-request.js';
import type { LoadJob, LoadResult, RequestKind } from './load-job.js';
import { Tally } from './tally.js';

const SILENCE_TIMEOUT_MS = 30_000;

interface Call {
  readonly fault: string | undefined;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** Sends the requests of a job, each connection one after the other, and checks every answer. */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const pool = new Pool(job.target.origin, {
    connections: job.connections,
    pipelining: 1,
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
  });
  const requestAt = requestsOf(job);
  const startMs = performance.now();
  const deadlineMs = startMs + job.timeLimitMs;
  const problems = new Tally();
  const firstByteMs: number[] = [];
  const totalMs: number[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < job.requests) {
      const index = started++;
      const dueMs = job.perSecond === undefined ? undefined : startMs + (index * 1000) / job.perSecond;
      if (dueMs !== undefined && dueMs > performance.now()) await delay(dueMs - performance.now());
      const isInTime = performance.now() < deadlineMs;
      const call = isInTime ? await send(pool, requestAt(index), job.kind, dueMs) : undefined;
      if (call === undefined) problems.add('not sent: out of time');
      else if (call.fault !== undefined) problems.add(call.fault);
      else {
        firstByteMs.push(call.firstByteMs);
        totalMs.push(call.totalMs);
      }
    }
  };
  await Promise.all(Array.from({ length: job.connections }, lane));
  await pool.destroy();
  return { completed: totalMs.length, problems: problems.toObject(), firstByteMs, totalMs };
}

/** The requests of a job, by their number; those of model calls are all the same. */
function requestsOf({ target, kind }: LoadJob): (index: number) => Dispatcher.DispatchOptions {
  if (kind === 'checkpoint') return (index) => checkpointRequest(target, index);
  if (kind === 'archived') return (index) => archivedRequest(target, index);
  const request = requestOf({ target, kind });
  return () => request;
}

/** The one model call that a job repeats. */
export function requestOf(job: {
  readonly target: LoadJob['target'];
  readonly kind: 'plain' | 'stream';
}): Dispatcher.DispatchOptions {
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', ...job.target.headers },
    body: Buffer.from(chatBody(job.kind)),
  };
}

function send(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  kind: RequestKind,
  dueMs?: number,
): Promise<Call> {
  return new Promise((resolve) => {
    const startMs = dueMs ?? performance.now();
    const parts: Buffer[] = [];
    let status = 0;
    let firstByteAtMs = 0;
    const finish = (fault: string | undefined): void => {
      resolve({ fault, firstByteMs: firstByteAtMs - startMs, totalMs: performance.now() - startMs });
    };
    pool.dispatch(request, {
      onRequestStart: () => undefined, // undici insists on it
      onResponseStart: (_, code) => {
        status = code;
      },
      onResponseData: (_, part) => {
        if (parts.length === 0) firstByteAtMs = performance.now();
        parts.push(part);
      },
      onResponseEnd: () => finish(findFault(kind, status, Buffer.concat(parts))),
      onResponseError: (_, error) => finish(`${error.name}: ${error.message}`),
    });
  });
}
