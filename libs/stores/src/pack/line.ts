import { PackError } from './pack-error.js';

/** What the server knows of a checkpoint and puts in front of the client's document. */
export interface LineHead {
  readonly runId: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** SHA-256 of the document. */
  readonly contentHash: Buffer;
}

const [TAB, NEWLINE, SPACE, COMMA, OPEN, CLOSE] = [0x09, 0x0a, 0x20, 0x2c, 0x7b, 0x7d];

const LINE_BREAK = Buffer.of(NEWLINE);

/** The line up to its document, without the comma between them. */
export function formatLineHead(head: LineHead): string {
  const { runId, version, createdAt, updatedAt, contentHash } = head;
  return `{"run_id":${JSON.stringify(runId)},"version":${version},"created_at":"${createdAt.toISOString()}","updated_at":"${updatedAt.toISOString()}","content_hash":"${contentHash.toString('hex')}"`;
}

function skipBlanks(document: Buffer, from: number): number {
  let at = from;
  while (document[at] === SPACE || document[at] === TAB) at += 1;
  return at;
}

/**
 * A checkpoint as it is answered and as it is archived: one line of JSON, without a line break at its end. Both sides
 * use this function, so that their bytes are the same by construction.
 * @param document the client's own bytes: one JSON object without line breaks, and without the members of the head
 * @throws PackError `format` when the document is no object, or has a line break
 */
export function formatLine(head: LineHead, document: Buffer): Buffer {
  return formatEndedLine(head, document).subarray(0, -1);
}

/** As `formatLine`, with a line break at its end. */
export function formatEndedLine(head: LineHead, document: Buffer): Buffer {
  const start = skipBlanks(document, 0);
  if (document[start] !== OPEN || document.includes(NEWLINE))
    throw new PackError('format', 'The document is not one JSON object on one line.');
  const isEmpty = document[skipBlanks(document, start + 1)] === CLOSE;
  const before = formatLineHead(head) + (isEmpty ? '' : ',');
  return Buffer.concat([Buffer.from(before), document.subarray(start + 1), LINE_BREAK]);
}

/** The document in a line: what `formatLine` made it of. */
export function documentOf(head: LineHead, line: Buffer): Buffer {
  const rest = line.subarray(Buffer.byteLength(formatLineHead(head)));
  return Buffer.concat([Buffer.of(OPEN), rest[0] === COMMA ? rest.subarray(1) : rest]);
}

/** The document in a line whose head is not known otherwise, and the hash that it must have. */
export function documentOfLine(line: Buffer): { document: Buffer; contentHash: Buffer } {
  const head = JSON.parse(line.toString()) as Record<string, unknown>;
  const contentHash = Buffer.from(String(head['content_hash']), 'hex');
  const known = {
    runId: String(head['run_id']),
    version: Number(head['version']),
    createdAt: new Date(String(head['created_at'])),
    updatedAt: new Date(String(head['updated_at'])),
    contentHash,
  };
  return { document: documentOf(known, line), contentHash };
}
