import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { TollgateError } from '@tollgate/domain';
import { checkpointFields, type CheckpointFields } from '@tollgate/http';
import { scanMembers, type MemberSpan } from './scan-members.js';

/** What the server says of a checkpoint; a client may send it back, and it is cut out. */
const SERVER_MEMBERS = new Set(['run_id', 'version', 'created_at', 'updated_at', 'content_hash']);
const [TAB, NEWLINE, RETURN, SPACE, COMMA, OPEN, CLOSE] = [0x09, 0x0a, 0x0d, 0x20, 0x2c, 0x7b, 0x7d];

/** A checkpoint as it is stored. */
export interface CheckpointDocument {
  /** The client's own bytes: one JSON object on one line. */
  readonly bytes: Buffer;
  /** SHA-256 of these bytes. */
  readonly contentHash: Buffer;
  readonly fields: CheckpointFields;
}

function refuseJson(): TollgateError {
  return new TollgateError('invalid_json', 'The body must be one JSON object in UTF-8.');
}

function parseObject(body: Buffer): object {
  if (!isUtf8(body)) throw refuseJson();
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch {
    throw refuseJson(); // JSON's message would quote the body
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuseJson();
  return json;
}

function parseFields(json: object): CheckpointFields {
  const { success, data, error } = checkpointFields.safeParse(json);
  if (success) return data;
  const issue = error.issues[0];
  const param = String(issue?.path[0] ?? '');
  // The message of an enum or a type names what is legal, never the value.
  throw new TollgateError('invalid_request', `${param}: ${issue?.message ?? 'is not legal'}.`, { param });
}

// Valid JSON has line breaks between its tokens only, where they mean nothing.
function onOneLine(body: Buffer): Buffer {
  const object = body.subarray(body.indexOf(OPEN), body.lastIndexOf(CLOSE) + 1);
  if (!object.includes(NEWLINE) && !object.includes(RETURN)) return object;
  return object.filter((byte) => byte !== NEWLINE && byte !== RETURN) as Buffer;
}

function valueEnd(object: Buffer, end: number): number {
  let at = end;
  while (object[at - 1] === SPACE || object[at - 1] === TAB) at -= 1;
  return at;
}

// A member goes with the comma behind it. The last one has none: the comma that then stands at the end goes.
function cut(object: Buffer, spans: readonly MemberSpan[]): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  let isLastCut = false;
  for (const { start, end } of spans) {
    kept.push(object.subarray(from, start));
    isLastCut = object[end] !== COMMA;
    from = isLastCut ? valueEnd(object, end) : end + 1;
  }
  const before = Buffer.concat(kept);
  const comma = isLastCut ? before.lastIndexOf(COMMA) : -1;
  return Buffer.concat([comma === -1 ? before : before.subarray(0, comma), object.subarray(from)]);
}

function addAgent(object: Buffer, isEmpty: boolean, agentId: string): Buffer {
  const member = `${isEmpty ? '' : ','}"agent_id":${JSON.stringify(agentId)}}`;
  return Buffer.concat([object.subarray(0, -1), Buffer.from(member)]);
}

/**
 * Makes a document of a request's body. Its bytes stay the client's: numbers beyond doubles, escapes, blanks inside a
 * line, the order of members; only line breaks, blanks around it and the server's own members go. So what is read can be
 * written back, and is the same document.
 * @param agentId who writes, for a body that does not say
 * @throws TollgateError `invalid_json`, `invalid_request`, `checkpoint_too_large`
 */
export function readDocument(
  body: Buffer,
  agentId: string | null,
  maxDocumentBytes: number,
): CheckpointDocument {
  const json = parseObject(body);
  const fields = parseFields(json);
  const object = onOneLine(body);
  const cuts: MemberSpan[] = [];
  let count = 0;
  for (const span of scanMembers(object)) {
    count += 1;
    if (SERVER_MEMBERS.has(span.key)) cuts.push(span);
  }
  if (count !== Object.keys(json).length)
    throw new TollgateError('invalid_request', 'A member stands twice in the body.');
  const own = cuts.length === 0 ? object : cut(object, cuts);
  const lacksAgent = agentId !== null && !Object.hasOwn(json, 'agent_id');
  const bytes = lacksAgent ? addAgent(own, count === cuts.length, agentId) : own;
  if (bytes.length > maxDocumentBytes)
    throw new TollgateError('checkpoint_too_large', 'The checkpoint is too large.', {
      facts: { limit_bytes: maxDocumentBytes, document_bytes: bytes.length },
    });
  return {
    bytes,
    contentHash: hash('sha256', bytes, 'buffer'),
    fields: lacksAgent ? { ...fields, agent_id: agentId } : fields,
  };
}
