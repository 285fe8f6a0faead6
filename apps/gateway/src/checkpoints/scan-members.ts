/** A member of a JSON object, by the places of its bytes. */
export interface MemberSpan {
  readonly key: string;
  /** Of the key's quote. */
  readonly start: number;
  /** The comma or brace after the value. */
  readonly end: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

// The place after the string that begins here: a quote ends it unless an odd number of backslashes stands before.
function skipString(json: Buffer, start: number): number {
  for (let quote = json.indexOf(QUOTE, start + 1); ; quote = json.indexOf(QUOTE, quote + 1)) {
    let before = quote;
    while (json[before - 1] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
}

function readKey(json: Buffer, start: number, end: number): string {
  const text = json.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

// The comma or brace that ends a value of the top level.
function findValueEnd(json: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; ;) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = skipString(json, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (depth === 0 && (byte === COMMA || byte === CLOSE_BRACE)) return at;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
  }
}

/** The members of a JSON object, in order. The bytes must be one that JSON.parse takes, from its first brace to its last. */
export function* scanMembers(json: Buffer): Generator<MemberSpan> {
  for (let at = 1; ;) {
    const start = json.indexOf(QUOTE, at);
    if (start === -1) return;
    const keyEnd = skipString(json, start);
    const end = findValueEnd(json, json.indexOf(COLON, keyEnd) + 1);
    yield { key: readKey(json, start, keyEnd), start, end };
    if (json[end] === CLOSE_BRACE) return;
    at = end + 1;
  }
}
