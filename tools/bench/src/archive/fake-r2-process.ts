import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeR2 } from '@tollgate/fake-r2';

/** What the bench is told of the local S3. */
export interface FakeR2Ready {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-r2-'));
const fake = await FakeR2.start({ folder, limitsWrites: false });

async function stop(): Promise<void> {
  await fake.stop();
  await rm(folder, { recursive: true, force: true });
}

process.on('message', () => process.send?.(fake.log.counts));
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop().then(() => process.disconnect?.()));
process.send?.({ endpoint: fake.url, bucket: fake.bucket, ...fake.credentials } satisfies FakeR2Ready);
