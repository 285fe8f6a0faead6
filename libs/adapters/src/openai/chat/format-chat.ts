import type { ModelCall } from '../../model-adapter.js';
import { withMembers } from '../../wire/with-members.js';

// What must be added to the client's body so that the bound is real and the usage is known.
function additions({ request, model, outputCap }: ModelCall): Record<string, unknown> {
  const added: Record<string, unknown> = {};
  // The client may have written an alias.
  if (request.model !== model.upstreamId) added['model'] = model.upstreamId;
  if (request.outputCap === undefined) added['max_completion_tokens'] = outputCap;
  if (request.stream && !request.wantsUsage) {
    const asked = request.body['stream_options'];
    added['stream_options'] = { ...(typeof asked === 'object' ? asked : undefined), include_usage: true };
  }
  return added;
}

/** The body for OpenAI. */
export function formatChat(call: ModelCall): Buffer {
  return withMembers(call.request, additions(call));
}
