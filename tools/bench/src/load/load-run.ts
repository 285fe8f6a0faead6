import { Pool, type Dispatcher } from 'undici';
import { findFault } from './answer-check.js';
import { chatBody } from './chat-body.js';
import type { LoadJob, LoadResult } from './load-job.js';
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
  const request = requestOf(job);
  const deadlineMs = performance.now() + job.timeLimitMs;
  const problems = new Tally();
  const firstByteMs: number[] = [];
  const totalMs: number[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < job.requests) {
      started += 1;
      const call = performance.now() < deadlineMs ? await send(pool, request, job.kind) : undefined;
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

/** The one request that a job repeats. */
export function requestOf(job: Pick<LoadJob, 'target' | 'kind'>): Dispatcher.DispatchOptions {
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', ...job.target.headers },
    body: Buffer.from(chatBody(job.kind)),
  };
}

function send(pool: Pool, request: Dispatcher.DispatchOptions, kind: LoadJob['kind']): Promise<Call> {
  return new Promise((resolve) => {
    const startMs = performance.now();
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
