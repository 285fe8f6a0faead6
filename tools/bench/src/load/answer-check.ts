import type { RequestKind } from './load-job.js';

const STREAM_END = 'data: [DONE]\n\n';
const STREAM_EVENT = Buffer.from('data: {');

/** Content chunks of every answer that the bench asks the mock for. */
export const CONTENT_CHUNKS = 20;

/** What is wrong with an answer, in a few words that are the same for the same fault; undefined when it is whole. */
export function findFault(kind: RequestKind, status: number, body: Buffer): string | undefined {
  if ((kind === 'checkpoint' || kind === 'archived') && (status === 200 || status === 201))
    return body.at(-1) === 0x7d && body.includes('"version":') ? undefined : 'incomplete answer';
  if (status !== 200) return `${status} ${errorCodeOf(body)}`.trim();
  if (kind === 'stream') {
    if (!body.toString('latin1', body.length - STREAM_END.length).endsWith(STREAM_END))
      return 'stream without its end';
    return countEvents(body) < CONTENT_CHUNKS ? 'stream with lost events' : undefined;
  }
  const isWhole =
    body.at(-1) === 0x7d && body.includes('"finish_reason":"stop"') && body.includes('"usage":{');
  return isWhole ? undefined : 'incomplete answer';
}

function countEvents(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(STREAM_EVENT); at !== -1; at = body.indexOf(STREAM_EVENT, at + 1)) count += 1;
  return count;
}

function errorCodeOf(body: Buffer): string {
  const text = body.toString('utf8', 0, 2_000);
  return /"code":\s*"([^"]{1,60})"/.exec(text)?.[1] ?? /"message":\s*"([^"]{1,80})/.exec(text)?.[1] ?? '';
}
