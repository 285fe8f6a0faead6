import { TollgateError } from '@tollgate/domain';

const ETAG = /^"([1-9]\d{0,15})"$/;

/** An edition as a strong ETag. */
export const formatEtag = (version: number): string => `"${version}"`;

/**
 * The edition that If-Match names: exactly one, since a change is made for an edition that its author has seen.
 * @throws TollgateError `precondition_required`, `invalid_header`
 */
export function readIfMatch(header: string | undefined): number {
  if (header === undefined)
    throw new TollgateError('precondition_required', 'Send the ETag of what you have read in If-Match.', {
      param: 'if-match',
    });
  const version = ETAG.exec(header)?.[1];
  if (version === undefined)
    throw new TollgateError('invalid_header', 'If-Match must be one ETag as it was read, such as "12".', {
      param: 'if-match',
    });
  return Number(version);
}
