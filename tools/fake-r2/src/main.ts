import { parseArgs } from 'node:util';
import { FakeR2 } from './fake-r2.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    bucket: { type: 'string', default: 'checkpoints' },
    folder: { type: 'string' },
    'access-key-id': { type: 'string', default: 'fake-access-key' },
    'secret-access-key': { type: 'string', default: 'fake-secret-key' },
    seed: { type: 'string', default: '1' },
    control: { type: 'boolean', default: false },
  },
});

const fake = await FakeR2.start({
  port: Number(values.port),
  host: values.host,
  bucket: values.bucket,
  credentials: { accessKeyId: values['access-key-id'], secretAccessKey: values['secret-access-key'] },
  seed: Number(values.seed),
  hasControl: values.control,
  ...(values.folder === undefined ? {} : { folder: values.folder }),
});

process.stdout.write(`fake R2 on ${fake.url}, bucket ${fake.bucket}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void fake.stop());
