import { S3Client } from '@aws-sdk/client-s3';

/** The most requests at the same time; further ones wait. */
export const MAX_REQUESTS = 32;

const MAX_CONNECT_MS = 5000;

/** A bucket, and the way to it. */
export interface S3Endpoint {
  /** URL without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** One request, the body of its answer included. */
  readonly timeoutMs: number;
}

/**
 * The region that requests are signed for: R2's one is `auto`, AWS has it in the host's name, and most other servers have
 * `us-east-1` as their default.
 */
export function regionOf(endpoint: string): string {
  const { hostname } = new URL(endpoint);
  if (hostname.endsWith('.r2.cloudflarestorage.com')) return 'auto';
  return /\bs3[.-]([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname)?.[1] ?? 'us-east-1';
}

/** A client as R2 and its likes need it; it makes one try. */
export function createClient({ endpoint, accessKeyId, secretAccessKey, timeoutMs }: S3Endpoint): S3Client {
  const sockets = { keepAlive: true, maxSockets: MAX_REQUESTS };
  return new S3Client({
    endpoint,
    region: regionOf(endpoint),
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    // R2 and others have broken on the checksums that the SDK adds by default; Content-MD5 does their work.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A round trip more for each larger object, and servers that never say "continue".
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, MAX_CONNECT_MS),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: sockets,
      httpsAgent: sockets,
    },
  });
}
