import type OpenAI from 'openai';
import { z } from 'zod';
import {
  contentBlocks,
  resultContent,
  systemContent,
  textBlock,
  type ContentPart,
} from './content-to-chat.js';
import { shortest } from './shortest.js';
import { hint, jsonObject, nullsAbsent, onlyDefault } from './wire.js';

type ChatMessage = OpenAI.ChatCompletionMessageParam;
type TextPart = OpenAI.ChatCompletionContentPartText;
type ToolCall = OpenAI.ChatCompletionMessageFunctionToolCall;
type AssistantBlock = TextPart | ToolCall | { readonly type: 'thinking' };

/** A tool's result: its text is the tool's message, what else it holds must go into a user message after it. */
interface ToolResult {
  readonly type: 'result';
  readonly message: OpenAI.ChatCompletionToolMessageParam;
  readonly media: readonly ContentPart[];
}

// The OpenAI wire has no field for a failure, so its words must say it.
function failureText(texts: readonly TextPart[]): TextPart[] {
  const [first, ...rest] = texts;
  return [{ type: 'text', text: `Error: ${first?.text ?? ''}` }, ...rest];
}

const toolResult = z
  .strictObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: resultContent.optional(),
    is_error: z.boolean().optional(),
    cache_control: hint,
    toolset_name: onlyDefault(),
  })
  .transform(({ tool_use_id: id, content: parts = [], is_error: isError }): ToolResult => {
    const texts = parts.filter((part) => part.type === 'text');
    const media = parts.filter((part) => part.type !== 'text');
    const content = shortest(isError ? failureText(texts) : texts);
    const label: TextPart = { type: 'text', text: `Result of tool call ${id}:` };
    return {
      type: 'result',
      message: { role: 'tool', tool_call_id: id, content: content.length > 0 ? content : '' },
      media: media.length > 0 ? [label, ...media] : [],
    };
  });

const text = z.string().transform((value): TextPart[] => [{ type: 'text', text: value }]);

const userMessage = z
  .strictObject({
    role: z.literal('user'),
    content: z.union([
      text,
      z.array(nullsAbsent(z.discriminatedUnion('type', [...contentBlocks, toolResult]))),
    ]),
  })
  .transform((message): ChatMessage[] => {
    const blocks: readonly (ContentPart | ToolResult)[] = message.content;
    const results = blocks.filter((block) => block.type === 'result');
    const said = blocks.filter((block) => block.type !== 'result');
    const content = [...results.flatMap(({ media }) => media), ...said];
    const messages: ChatMessage[] = results.map(({ message }) => message);
    return content.length > 0 || messages.length === 0
      ? [...messages, { role: 'user', content: shortest(content) }]
      : messages;
  });

const toolUse = z
  .strictObject({
    type: z.literal('tool_use'),
    id: z.string(),
    name: z.string(),
    input: jsonObject,
    caller: onlyDefault({ type: 'direct' }),
    toolset_name: onlyDefault(),
    cache_control: hint,
  })
  .transform(({ id, name, input }): ToolCall => ({
    type: 'function',
    id,
    function: { name, arguments: JSON.stringify(input) },
  }));

// Only the model that thought them can read these.
const thinking = z
  .object({ type: z.enum(['thinking', 'redacted_thinking']) })
  .transform(() => ({ type: 'thinking' as const }));

const assistantMessage = z
  .strictObject({
    role: z.literal('assistant'),
    content: z.union([
      text,
      z.array(nullsAbsent(z.discriminatedUnion('type', [textBlock, toolUse, thinking]))),
    ]),
  })
  .transform((message): ChatMessage[] => {
    const { role } = message;
    const blocks: readonly AssistantBlock[] = message.content;
    const texts = blocks.filter((block) => block.type === 'text');
    const calls = blocks.filter((block) => block.type === 'function');
    if (calls.length === 0) return [{ role, content: texts.length > 0 ? shortest(texts) : '' }];
    return [{ role, content: texts.length > 0 ? shortest(texts) : null, tool_calls: calls }];
  });

const systemMessage = z
  .strictObject({ role: z.literal('system'), content: systemContent })
  .transform(({ role, content }): ChatMessage[] => [{ role, content: shortest(content) }]);

/** The messages of a messages request in OpenAI's form. */
export const chatMessages = z
  .array(nullsAbsent(z.discriminatedUnion('role', [userMessage, assistantMessage, systemMessage])))
  .min(1)
  .transform((messages, context) => {
    const last = messages.findLastIndex(([first]) => first?.role !== 'system');
    if (messages[last]?.[0]?.role !== 'assistant') return messages.flat();
    context.addIssue({ code: 'custom', message: 'it cannot go on with a last message', path: [last] });
    return z.NEVER;
  });

/** The system prompt in OpenAI's form. */
export const systemPrompt = systemContent.transform((content): ChatMessage[] =>
  content.length > 0 ? [{ role: 'system', content: shortest(content) }] : [],
);
