import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '@tollgate/config';
import type { Clock } from '@tollgate/domain';
import type { Check } from '../check.js';
import { judgeClock, readClock } from '../clock-reading.js';
import { error, ok, type Finding } from '../finding.js';
import { unreachable, type Target } from '../unreachable.js';

const TIMEOUT_MS = 8000;
const SECOND_MS = 1000;
const WHY = 'Checkpoints cannot be archived or read back.';
const CLOCK_WHY = 'S3 refuses requests whose signature is more than 15 minutes off.';
const TARGET: Target = { name: 'The archive', variable: 'R2_ENDPOINT', why: WHY };

const NAMES = ['R2_ENDPOINT', 'R2_BUCKET', 'R2_ACCESS_KEY_ID', 'R2_SECRET_ACCESS_KEY'] as const;

const REMEDIES: Readonly<Record<number, string>> = {
  301: 'Use the endpoint of the region in which the bucket is, in R2_ENDPOINT.',
  400: 'Correct R2_ACCESS_KEY_ID and R2_BUCKET.',
  403: 'Correct R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY, or let this key use the bucket.',
  404: 'Create the bucket, or correct R2_BUCKET.',
};

/** Whether any variable of the archive is set. */
export function hasArchive(env: Environment): boolean {
  return NAMES.some((name) => env[name] !== undefined);
}

function statusOf(thrown: unknown): number | undefined {
  const metadata = thrown instanceof Error && '$metadata' in thrown ? thrown.$metadata : undefined;
  return (metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode;
}

/** The archive's bucket: there, and open to the key. */
export class ArchiveCheck implements Check {
  readonly name = 'archive';

  constructor(private readonly options: { readonly env: Environment; readonly clock: Clock }) {}

  async *run(signal: AbortSignal): AsyncIterable<Finding> {
    const { R2_ENDPOINT, R2_BUCKET, R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY } = this.options.env;
    if (!R2_ENDPOINT || !R2_BUCKET || !R2_ACCESS_KEY_ID || !R2_SECRET_ACCESS_KEY) {
      const missing = NAMES.filter((name) => !this.options.env[name]).join(', ');
      yield error(`The archive is set in part: ${missing} is missing.`, WHY, 'Set all four, or none.');
      return;
    }
    try {
      yield await this.#judgeClock(R2_ENDPOINT, signal);
    } catch (thrown) {
      yield unreachable(TARGET, thrown);
      return;
    }
    const client = new S3Client({
      endpoint: R2_ENDPOINT,
      // R2 takes this name for its own region, and most other servers have it as their default.
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: R2_ACCESS_KEY_ID, secretAccessKey: R2_SECRET_ACCESS_KEY },
      requestHandler: {
        connectionTimeout: TIMEOUT_MS,
        requestTimeout: TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    });
    try {
      await client.send(new HeadBucketCommand({ Bucket: R2_BUCKET }), { abortSignal: signal });
      yield ok('The bucket is there, and the key may use it.');
    } catch (thrown) {
      yield refusal(thrown);
    } finally {
      client.destroy();
    }
  }

  /** Every HTTP server tells its time, whatever it answers. */
  async #judgeClock(endpoint: string, signal: AbortSignal): Promise<Finding> {
    const reading = await readClock(this.options.clock, async () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const answer = await fetch(endpoint, { method: 'HEAD', redirect: 'manual', signal: limit });
      return Date.parse(answer.headers.get('date') ?? '');
    });
    return judgeClock('the archive', CLOCK_WHY, reading, SECOND_MS);
  }
}

function refusal(thrown: unknown): Finding {
  const status = statusOf(thrown);
  if (status === undefined) return unreachable(TARGET, thrown);
  const remedy = REMEDIES[status] ?? 'Try again later, and look at the status page of the archive.';
  return error(`The archive answered the look at the bucket with ${status}.`, WHY, remedy);
}
