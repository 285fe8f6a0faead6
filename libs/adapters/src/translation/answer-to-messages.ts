import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { invalidAnswer, readAnswer } from './read-answer.js';
import { toStopReason } from './stop-reasons.js';
import { parseToolInput } from './tool-input.js';
import { chatUsage, toMessageUsage } from './usage.js';

const toolCall = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const completion = z.object({
  id: z.string(),
  model: z.string(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          reasoning_content: z.string().nullish(),
          tool_calls: z.array(toolCall).nullish(),
        }),
      }),
    )
    .min(1),
  usage: chatUsage.nullish(),
});

function toToolUse(
  { id, function: { name, arguments: text } }: z.output<typeof toolCall>,
  wasCut: boolean,
): Anthropic.ToolUseBlock[] {
  const input = parseToolInput(text);
  if (input) return [{ type: 'tool_use', id, name, input, caller: { type: 'direct' } }];
  // A call that the output cap cut in two must not be run, and `max_tokens` says that something is missing.
  if (wasCut) return [];
  throw invalidAnswer();
}

const textBlock = (text: string): Anthropic.TextBlock => ({ type: 'text', text, citations: null });

/**
 * An OpenAI chat completion as an Anthropic message.
 * @throws TollgateError `upstream_invalid_response`, also when a tool call's arguments are not a JSON object
 */
export function completionToMessage(answer: unknown): Anthropic.Message {
  const { id, model, choices, usage } = readAnswer(completion, answer);
  const [choice] = choices;
  if (!choice) throw invalidAnswer();
  const { finish_reason: finishReason, message } = choice;
  const { content, refusal, reasoning_content: thinking } = message;
  const calls = (message.tool_calls ?? []).flatMap((call) => toToolUse(call, finishReason === 'length'));
  const stop_reason = toStopReason(finishReason, {
    hasToolCalls: calls.length > 0,
    isRefusal: Boolean(refusal),
  });
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(thinking ? [{ type: 'thinking' as const, thinking, signature: '' }] : []),
      ...(content ? [textBlock(content)] : []),
      ...(refusal ? [textBlock(refusal)] : []),
      ...calls,
    ],
    container: null,
    diagnostics: null,
    stop_details: stop_reason === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
    stop_reason,
    stop_sequence: null,
    usage: toMessageUsage(usage),
  };
}
