import type { ModelRequest } from '../model-request.js';

const OPEN_BRACE = 0x7b;

/**
 * A request's body with other members: the client's own bytes whenever nothing must change; else missing members are
 * put in front of them. Only a member that is there with another value (a null, say) costs writing the body anew.
 */
export function withMembers(
  { bytes, body }: ModelRequest,
  members: Readonly<Record<string, unknown>>,
): Buffer {
  const names = Object.keys(members);
  if (names.length === 0) return bytes;
  if (names.some((name) => Object.hasOwn(body, name)))
    return Buffer.from(JSON.stringify({ ...body, ...members }));
  const open = bytes.indexOf(OPEN_BRACE);
  const isEmpty = Object.keys(body).length === 0;
  const head = Buffer.from(`${JSON.stringify(members).slice(0, -1)}${isEmpty ? '' : ','}`);
  return Buffer.concat([head, bytes.subarray(open + 1)]);
}
