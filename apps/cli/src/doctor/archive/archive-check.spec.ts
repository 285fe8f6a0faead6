import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { inspectSettings } from '@tollgate/config';
import { findFreePort } from '@tollgate/dev-services';
import { systemClock } from '@tollgate/domain';
import type { Finding } from '../finding.js';
import { findingsOf } from '../testing/findings-of.js';
import { startScriptedServer, type ScriptedServer } from '../testing/scripted-server.js';
import { ArchiveCheck, hasArchive } from './archive-check.js';

const WHY = 'Checkpoints cannot be archived or read back.';
const KEYS = { R2_ACCESS_KEY_ID: 'AKID', R2_SECRET_ACCESS_KEY: 's3cret' };
const envOf = (
  env: Readonly<Record<string, string>>,
): ReturnType<typeof inspectSettings>['settings']['env'] => inspectSettings(env).settings.env;

describe('ArchiveCheck', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const look = (endpoint: string): Promise<readonly Finding[]> => {
    const env = envOf({ R2_ENDPOINT: endpoint, R2_BUCKET: 'checkpoints', ...KEYS });
    return findingsOf(new ArchiveCheck({ env, clock: systemClock }));
  };
  const answering = async (answer: (response: ServerResponse) => void): Promise<string> => {
    server = await startScriptedServer((request, response) => {
      if (request.url === '/') response.writeHead(403).end();
      else answer(response);
    });
    return server.url;
  };

  it('asks for the bucket, signed, and finds it in order', async () => {
    const url = await answering((response) => response.writeHead(200).end());
    expect(await look(url)).toEqual([
      { level: 'ok', what: "The clock of the archive agrees with this machine's." },
      { level: 'ok', what: 'The bucket is there, and the key may use it.' },
    ]);
    const { method, url: path, headers } = server?.requests.at(-1) ?? {};
    expect({ method, path: path?.split('?')[0] }).toEqual({ method: 'HEAD', path: '/checkpoints/' });
    expect(headers?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/s3\/aws4_request, /,
    );
  });

  it.each([
    [404, 'Create the bucket, or correct R2_BUCKET.'],
    [403, 'Correct R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY, or let this key use the bucket.'],
    [500, 'Try again later, and look at the status page of the archive.'],
  ])('says what to do about %i, and does not try again', async (status, remedy) => {
    const url = await answering((response) => response.writeHead(status).end());
    expect((await look(url)).slice(1)).toEqual([
      {
        level: 'error',
        what: `The archive answered the look at the bucket with ${status}.`,
        why: WHY,
        remedy,
      },
    ]);
    expect(server?.requests).toHaveLength(2);
  });

  it('sees how far its clock is off', async () => {
    server = await startScriptedServer((_, response) => {
      response.writeHead(200, { date: new Date(Date.now() - 1_000_000).toUTCString() }).end();
    });
    expect((await look(server.url))[0]).toMatchObject({
      level: 'error',
      what: expect.stringMatching(/^The clock of the archive is (998|999|1000)\.\d s or more behind /),
      why: 'S3 refuses requests whose signature is more than 15 minutes off.',
    });
  });

  it('names the code when it cannot be reached, once', async () => {
    expect(await look(`http://127.0.0.1:${await findFreePort()}`)).toEqual([
      {
        level: 'error',
        what: 'The archive cannot be used (ECONNREFUSED).',
        why: WHY,
        remedy: 'Start it, or correct host and port: R2_ENDPOINT.',
      },
    ]);
  });

  it('names what is missing when it is set in part', async () => {
    const env = envOf({ R2_BUCKET: 'checkpoints', R2_ACCESS_KEY_ID: 'AKID' });
    expect(await findingsOf(new ArchiveCheck({ env, clock: systemClock }))).toEqual([
      {
        level: 'error',
        what: 'The archive is set in part: R2_ENDPOINT, R2_SECRET_ACCESS_KEY is missing.',
        why: WHY,
        remedy: 'Set all four, or none.',
      },
    ]);
    expect([hasArchive(env), hasArchive(envOf({}))]).toEqual([true, false]);
  });
});
