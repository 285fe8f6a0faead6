import { randomUUID } from 'node:crypto';
import type { S3Error } from './s3-error.js';

/** What the server answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NO_BODY = Buffer.alloc(0);

/** A success. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Buffer = NO_BODY,
): Answer {
  return { status, headers, body };
}

/** A success with a document. */
export function xmlAnswer(xml: string): Answer {
  return answer(
    200,
    { 'content-type': 'application/xml' },
    Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`),
  );
}

/** An error as S3 writes it. */
export function errorAnswer(error: S3Error): Answer {
  const { code, message, status, retryAfterSeconds } = error;
  const xml = `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${randomUUID()}</RequestId></Error>`;
  const wait = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const { headers, body } = xmlAnswer(xml);
  return answer(status, { ...headers, ...wait }, body);
}

/** Text inside XML. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
