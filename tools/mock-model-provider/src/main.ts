import { parseArgs } from 'node:util';

import { parseBehaviour } from './behaviour-parser.js';
import { parseJson } from './json-value.js';
import { startMockModelProvider } from './mock-model-provider.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    record: { type: 'string', default: 'full' },
    'latency-ms': { type: 'string', default: '0' },
    'first-chunk-delay-ms': { type: 'string', default: '0' },
    'chunk-delay-ms': { type: 'string', default: '0' },
    chunks: { type: 'string', default: '20' },
    coalesce: { type: 'string', default: '1' },
    // Any other behaviour, as JSON.
    behaviour: { type: 'string', default: '{}' },
  },
});

if (values.record !== 'full' && values.record !== 'totals') throw new TypeError('--record is full or totals');

const provider = await startMockModelProvider({
  port: Number(values.port),
  record: values.record,
  defaults: {
    latencyMs: Number(values['latency-ms']),
    firstChunkDelayMs: Number(values['first-chunk-delay-ms']),
    chunkDelayMs: Number(values['chunk-delay-ms']),
    chunks: Number(values.chunks),
    coalesce: Number(values.coalesce),
    ...parseBehaviour(parseJson(values.behaviour)),
  },
});

process.stdout.write(`mock model provider on ${provider.url}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void provider.close());
