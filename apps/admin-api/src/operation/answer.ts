import { formatEtag } from './etag.js';

/** An answer as it goes over the wire, apart from its status, which is the operation's. */
export interface Answer {
  /** Undefined: none. */
  readonly json: string | undefined;
  readonly etag: string | undefined;
  /** Whether a request was sent again, and this is what it was answered the first time. */
  readonly isReplay: boolean;
  /** A Set-Cookie header. */
  readonly cookie?: string;
}

/** An answer of any size, which is written as the client takes it. */
export interface StreamedAnswer {
  readonly chunks: AsyncIterable<string>;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer with this body, and the edition that it shows. */
export function answerOf(body: object | undefined, version?: number): Answer {
  return {
    json: body === undefined ? undefined : JSON.stringify(body),
    etag: version === undefined ? undefined : formatEtag(version),
    isReplay: false,
  };
}
