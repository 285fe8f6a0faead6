/** Bytes that travel inside JSON. */
export interface Base64Data {
  readonly mediaType: string;
  readonly base64: string;
}

const MAX_HEAD_CHARS = 200;

/** Takes a base64 data URL (RFC 2397) apart; parameters such as the character set are left out. */
export function parseDataUrl(url: string): Base64Data | undefined {
  const head = url.slice(0, MAX_HEAD_CHARS);
  const comma = head.indexOf(',');
  const [, mediaType] = /^data:([^;,]+)(?:;[^;,]+)*;base64$/i.exec(head.slice(0, comma)) ?? [];
  return mediaType === undefined
    ? undefined
    : { mediaType: mediaType.toLowerCase(), base64: url.slice(comma + 1) };
}

/** Writes bytes as a data URL. */
export function formatDataUrl({ mediaType, base64 }: Base64Data): string {
  return `data:${mediaType};base64,${base64}`;
}
