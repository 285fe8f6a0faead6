import type OpenAI from 'openai';
import { z } from 'zod';
import { otherThan, readAnswer } from './read-answer.js';
import { toFinishReason } from './stop-reasons.js';
import { messagesUsage, toChatUsage } from './usage.js';
import { jsonObject } from './wire.js';

/** Our extension of OpenAI's wire: what a model needs back to go on thinking, in Anthropic's form. */
export type ThinkingBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

/** An OpenAI chat completion that was translated. */
export interface TranslatedCompletion extends OpenAI.ChatCompletion {
  choices: (OpenAI.ChatCompletion.Choice & {
    message: OpenAI.ChatCompletionMessage & { thinking_blocks?: readonly ThinkingBlock[] };
  })[];
}

const block = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: jsonObject }),
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
  otherThan('text', 'tool_use', 'thinking', 'redacted_thinking'),
]);

const message = z.object({
  id: z.string(),
  model: z.string(),
  content: z.array(block),
  stop_reason: z.string().nullish(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish(),
  usage: messagesUsage,
});

type Block = z.output<typeof block>;

function toolCallsOf(blocks: readonly Block[]): OpenAI.ChatCompletionMessageFunctionToolCall[] {
  return blocks
    .filter((part) => part.type === 'tool_use')
    .map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    }));
}

/**
 * An Anthropic message as an OpenAI chat completion.
 * @throws TollgateError `upstream_invalid_response`
 */
export function messageToCompletion(answer: unknown, createdAtSeconds: number): TranslatedCompletion {
  const { id, model, content, usage, stop_reason, stop_details } = readAnswer(message, answer);
  const texts = content.filter((part) => part.type === 'text');
  const thinking_blocks = content.filter(
    (part) => part.type === 'thinking' || part.type === 'redacted_thinking',
  );
  const tool_calls = toolCallsOf(content);
  return {
    id,
    object: 'chat.completion',
    created: createdAtSeconds,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: texts.length > 0 ? texts.map(({ text }) => text).join('') : null,
          refusal: stop_details?.explanation ?? null,
          ...(tool_calls.length > 0 && { tool_calls }),
          ...(thinking_blocks.length > 0 && { thinking_blocks }),
        },
        logprobs: null,
        finish_reason: toFinishReason(stop_reason),
      },
    ],
    usage: toChatUsage(usage),
  };
}
