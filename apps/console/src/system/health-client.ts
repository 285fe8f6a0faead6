import { readProblem, unansweredProblem } from '../api/api-problem.js';

/** How a part that the admin API needs is. */
export interface ComponentHealth {
  readonly status: string;
  readonly latency_ms?: number;
  readonly error?: string;
}

/** What `GET /health` of the admin API says. */
export interface ServiceHealth {
  readonly status: string;
  readonly version: string;
  readonly timestamp: string;
  readonly components: Readonly<Record<string, ComponentHealth>>;
}

/** Asks how the admin API and what it needs are; an unhealthy one answers 503 with the same body. @throws ApiProblem */
export async function readHealth(): Promise<ServiceHealth> {
  const response = await fetch('/health').catch(() => {
    throw unansweredProblem();
  });
  if (!response.ok && response.status !== 503) throw await readProblem(response);
  return (await response.json()) as ServiceHealth;
}
