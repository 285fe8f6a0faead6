import { isUtf8 } from 'node:buffer';
import { TollgateError } from '@tollgate/domain';

const MAX_DEPTH = 128;
const [QUOTE, BACKSLASH, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [
  0x22, 0x5c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d,
];

/** Most strings are shorter than a native search is worth. */
const NEAR_BYTES = 64;

function nextQuote(bytes: Buffer, from: number): number {
  const near = Math.min(from + NEAR_BYTES, bytes.length);
  for (let at = from; at < near; at += 1) if (bytes[at] === QUOTE) return at;
  return bytes.indexOf(QUOTE, near);
}

/** Where the string that opens at `start` ends (the offset of its closing quote). */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = nextQuote(bytes, start + 1); end !== -1; end = nextQuote(bytes, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}

/**
 * Counts the keys that stand in the outermost object, each as often as it is written, and the deepest nesting.
 * JSON.parse keeps the last of two equal keys, but a model provider may keep the first: what was checked would
 * then not be what is run.
 */
function survey(bytes: Buffer): { keys: number; depth: number } {
  let [depth, deepest, keys] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) deepest = Math.max(deepest, (depth += 1));
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    else if (byte === COLON && depth === 1) keys += 1;
  }
  return { keys, depth: deepest };
}

/**
 * Parses a request body that must be one JSON object in UTF-8 without duplicate keys at the top.
 * @throws TollgateError `invalid_json`
 */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> {
  const refuse = (message: string): TollgateError => new TollgateError('invalid_json', message);
  if (bytes.length === 0) throw refuse('The body is empty; send a JSON object.');
  if (!isUtf8(bytes)) throw refuse('The body is not valid UTF-8.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's message would quote the body.
    throw refuse('The body is not valid JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw refuse('The body must be a JSON object.');
  const { keys, depth } = survey(bytes);
  if (depth > MAX_DEPTH) throw refuse(`The body is nested more than ${MAX_DEPTH} levels deep.`);
  if (keys !== Object.keys(parsed).length) throw refuse('The body names a parameter twice.');
  return parsed as Record<string, unknown>;
}
