import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { z } from 'zod';

const TIMEOUT_MS = 3000;

const requestSchema = z.object({ tollgate: z.literal('metrics?'), id: z.number() });
const answerSchema = z.object({ tollgate: z.literal('metrics!'), id: z.number(), text: z.string() });

/** In the primary: answers workers that ask for the metrics of all of them. */
export function serveClusterMetrics(): void {
  const aggregator = new AggregatorRegistry();
  cluster.on('message', (worker: Worker, message: unknown) => {
    const request = requestSchema.safeParse(message);
    if (!request.success) return;
    aggregator.clusterMetrics().then(
      (text) => worker.send({ tollgate: 'metrics!', id: request.data.id, text }),
      () => undefined, // A worker died meanwhile; the one that asked answers for itself after its timeout.
    );
  });
}

/** In a worker: hands its own metrics to the primary whenever that asks. */
export function joinClusterMetrics(registry: Registry): void {
  if (!cluster.isWorker) return;
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry(); // Its constructor listens to the primary.
}

let nextId = 0;

/** In a worker: the metrics of all workers; undefined in a process of its own, or when the primary does not answer. */
export function readClusterMetrics(): Promise<string | undefined> {
  const { worker } = cluster;
  if (!worker) return Promise.resolve(undefined);
  const id = (nextId += 1);
  return new Promise((resolve) => {
    const finish = (text: string | undefined): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      resolve(text);
    };
    const onMessage = (message: unknown): void => {
      const answer = answerSchema.safeParse(message);
      if (answer.success && answer.data.id === id) finish(answer.data.text);
    };
    const timer = setTimeout(() => finish(undefined), TIMEOUT_MS);
    worker.on('message', onMessage);
    worker.send({ tollgate: 'metrics?', id });
  });
}
