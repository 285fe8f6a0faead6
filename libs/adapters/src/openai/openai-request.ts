import type { ChatCall } from '../model-adapter.js';

const OPEN_BRACE = 0x7b;

// What must be added to the client's body so that the bound is real and the usage is known.
function additions({ request, model, outputCap }: ChatCall): Record<string, unknown> {
  const added: Record<string, unknown> = {};
  // The client may have written an alias.
  if (request.model !== model.id) added['model'] = model.id;
  if (request.outputCap === undefined) added['max_completion_tokens'] = outputCap;
  if (request.stream && !request.wantsUsage) {
    const asked = request.body['stream_options'];
    added['stream_options'] = { ...(typeof asked === 'object' ? asked : undefined), include_usage: true };
  }
  return added;
}

/**
 * The body for OpenAI: the client's own bytes whenever nothing must change; else the missing parameters are put in
 * front of them. Only a parameter that is there with another value (a null, say) costs writing the body anew.
 */
export function formatOpenaiRequest(call: ChatCall): Buffer {
  const { bytes, body } = call.request;
  const added = additions(call);
  const names = Object.keys(added);
  if (names.length === 0) return bytes;
  if (names.some((name) => Object.hasOwn(body, name)))
    return Buffer.from(JSON.stringify({ ...body, ...added }));
  const open = bytes.indexOf(OPEN_BRACE);
  const head = Buffer.from(`${JSON.stringify(added).slice(0, -1)},`);
  return Buffer.concat([head, bytes.subarray(open + 1)]);
}
