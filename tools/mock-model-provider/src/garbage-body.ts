import type { GarbageKind } from './mock-behaviour.js';

/** A body that is not what the caller expects. */
export interface GarbageBody {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

const PAGE =
  '<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n';
const BINARY = Uint8Array.from({ length: 512 }, (_, index) => (index * 151 + 128) % 256);

/** The page a proxy in front of the provider shows. */
export function htmlPage(title: string): string {
  return PAGE.replaceAll('{title}', title);
}

/** The spoilt body of a 200 answer; for streams only the kinds that replace the whole stream are of use. */
export function garbageBody(kind: GarbageKind, wholeBody: string, contentType: string): GarbageBody {
  switch (kind) {
    case 'html':
      return { contentType: 'text/html', body: htmlPage('Welcome') };
    case 'not-json':
      return { contentType, body: contentType.startsWith('text/event') ? 'data: not json\n\n' : 'not json' };
    case 'empty':
      return { contentType, body: '' };
    case 'binary':
      return { contentType, body: BINARY };
    case 'truncated-json':
    case 'half-event':
      return { contentType, body: wholeBody.slice(0, Math.floor(wholeBody.length / 2)) };
  }
}
