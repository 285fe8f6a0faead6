import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { z } from 'zod';
import { defined, hint, jsonObject, nullsAbsent, onlyDefault } from './wire.js';

/** The tools of a chat request in Anthropic's form. */
export const chatTools = z.array(
  nullsAbsent(
    z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('function'),
        function: nullsAbsent(
          z.strictObject({
            name: z.string(),
            description: z.string().optional(),
            parameters: jsonObject.optional(),
            strict: z.boolean().optional(),
          }),
        ),
      }),
    ]),
  ).transform(({ function: { name, description, parameters, strict } }) =>
    defined({
      name,
      description,
      input_schema: (parameters ?? { type: 'object', properties: {} }) as Anthropic.Tool['input_schema'],
      strict: strict || undefined,
    }),
  ),
);

/** The tools of a messages request in OpenAI's form; tools that run at Anthropic have no counterpart. */
export const messagesTools = z.array(
  nullsAbsent(
    z.strictObject({
      type: onlyDefault('custom'),
      name: z.string(),
      description: z.string().optional(),
      input_schema: jsonObject,
      strict: z.boolean().optional(),
      cache_control: hint,
      eager_input_streaming: hint,
      allowed_callers: onlyDefault(['direct']),
      defer_loading: onlyDefault(false),
      input_examples: onlyDefault([]),
    }),
  ).transform(({ name, description, input_schema: parameters, strict }) => ({
    type: 'function' as const,
    function: defined({ name, description, parameters, strict: strict || undefined }),
  })),
);

/** `tool_choice` of a chat request; `auto`, the default, is left out. */
export const chatToolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  nullsAbsent(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
    ]),
  ),
]);

const disable_parallel_tool_use = z.boolean().optional();

/** `tool_choice` of a messages request. */
export const messagesToolChoice = nullsAbsent(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use }),
    z.strictObject({ type: z.literal('any'), disable_parallel_tool_use }),
    z.strictObject({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use }),
    z.strictObject({ type: z.literal('none') }),
  ]),
);

/** Anthropic says in one place what OpenAI says in two; undefined is the default. */
export function toolChoiceToMessages(
  choice: z.output<typeof chatToolChoice> = 'auto',
  isParallel = true,
): Anthropic.ToolChoice | undefined {
  if (choice === 'none') return { type: 'none' };
  const single = isParallel ? {} : { disable_parallel_tool_use: true };
  if (choice === 'required') return { type: 'any', ...single };
  if (choice === 'auto') return isParallel ? undefined : { type: 'auto', ...single };
  return { type: 'tool', name: choice.function.name, ...single };
}

/** The way back. */
export function toolChoiceToChat(choice: z.output<typeof messagesToolChoice>): {
  tool_choice?: OpenAI.ChatCompletionToolChoiceOption;
  parallel_tool_calls?: boolean;
} {
  if (choice.type === 'none') return { tool_choice: 'none' };
  const single = choice.disable_parallel_tool_use ? { parallel_tool_calls: false } : {};
  if (choice.type === 'auto') return single;
  if (choice.type === 'any') return { tool_choice: 'required', ...single };
  return { tool_choice: { type: 'function', function: { name: choice.name } }, ...single };
}
