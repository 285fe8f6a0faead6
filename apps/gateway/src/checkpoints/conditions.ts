import type { IncomingHttpHeaders } from 'node:http';
import { TollgateError } from '@tollgate/domain';

const ETAG = /^"([1-9]\d{0,15})"$/;

/** The entity tag of a version: the version itself, in quotes. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

function parseTag(header: string, value: string): number {
  const version = Number(ETAG.exec(value)?.[1]);
  if (Number.isSafeInteger(version)) return version;
  throw new TollgateError('invalid_header', `${header} must be one version in quotes, such as "3".`, {
    param: header,
  });
}

/**
 * The version that a write is meant for: that of `If-Match: "3"`, 0 for `If-None-Match: *` (there must be none), or
 * undefined for any.
 * @throws TollgateError `invalid_header`
 */
export function writeCondition(headers: IncomingHttpHeaders): number | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && (match !== undefined || noneMatch !== '*')) {
    throw new TollgateError('invalid_header', 'A write takes If-Match: "<version>" or If-None-Match: *.', {
      param: 'if-none-match',
    });
  }
  if (noneMatch !== undefined) return 0;
  return match === undefined ? undefined : parseTag('if-match', match);
}

/**
 * The version that the reader has already, from `If-None-Match: "3"`.
 * @throws TollgateError `invalid_header`
 */
export function readCondition({ 'if-none-match': noneMatch }: IncomingHttpHeaders): number | undefined {
  return noneMatch === undefined ? undefined : parseTag('if-none-match', noneMatch);
}
