import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { content, textContent } from './content-to-messages.js';
import { shortest } from './shortest.js';
import { parseToolInput } from './tool-input.js';
import { hint, nullsAbsent, onlyDefault } from './wire.js';

type Role = 'system' | 'user' | 'assistant';

interface Turn {
  readonly role: Role;
  readonly blocks: readonly Anthropic.ContentBlockParam[];
}

/** A conversation in Anthropic's form. */
export interface Conversation {
  readonly system?: string | Anthropic.TextBlockParam[];
  readonly messages: Anthropic.MessageParam[];
}

const systemMessage = z
  .strictObject({ role: z.enum(['system', 'developer']), content: textContent })
  .transform(({ content: blocks }): Turn => ({ role: 'system', blocks }));

const userMessage = z
  .strictObject({ role: z.literal('user'), content })
  .transform(({ content: blocks }): Turn => ({ role: 'user', blocks }));

// The tool's name, which some clients repeat here, follows from the call's id.
const toolMessage = z
  .strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content, name: hint })
  .transform(({ tool_call_id: tool_use_id, content: blocks }): Turn => {
    const result = { type: 'tool_result' as const, tool_use_id };
    return { role: 'user', blocks: [blocks.length > 0 ? { ...result, content: shortest(blocks) } : result] };
  });

const toolArguments = z.string().transform((text, context) => {
  const input = parseToolInput(text);
  if (input) return input;
  context.addIssue({ code: 'custom', message: 'it must be one JSON object' });
  return z.NEVER;
});

const toolCall = nullsAbsent(
  z.discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('function'),
        id: z.string(),
        function: nullsAbsent(z.strictObject({ name: z.string(), arguments: toolArguments })),
        index: hint, // of the stream that it was put together from
      })
      .transform(({ id, function: { name, arguments: input } }) => ({
        type: 'tool_use' as const,
        id,
        name,
        input,
      })),
  ]),
);

/** Our own extension: what `messageToCompletion` gave, sent back with the turn that it belongs to. */
const thinkingBlock = nullsAbsent(
  z.discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('thinking'),
        thinking: z.string(),
        signature: z.string(),
        index: hint,
      })
      .transform(({ type, thinking, signature }) => ({ type, thinking, signature })),
    z
      .strictObject({ type: z.literal('redacted_thinking'), data: z.string(), index: hint })
      .transform(({ type, data }) => ({ type, data })),
  ]),
);

const assistantMessage = z
  .strictObject({
    role: z.literal('assistant'),
    content: textContent.optional(),
    refusal: textContent.optional(),
    tool_calls: z.array(toolCall).optional(),
    thinking_blocks: z.array(thinkingBlock).optional(),
    annotations: onlyDefault([]),
  })
  .transform((message): Turn => {
    const {
      thinking_blocks: thinking = [],
      content: said = [],
      refusal = [],
      tool_calls: calls = [],
    } = message;
    return { role: 'assistant', blocks: [...thinking, ...said, ...refusal, ...calls] };
  });

/** Anthropic wants turns that alternate; parallel tool results and what the user adds to them become one turn. */
function mergeTurns(turns: readonly Turn[]): Anthropic.MessageParam[] {
  const merged: { role: Role; blocks: Anthropic.ContentBlockParam[] }[] = [];
  for (const { role, blocks } of turns) {
    const last = merged.at(-1);
    if (last?.role !== role) merged.push({ role, blocks: [...blocks] });
    else for (const block of blocks) last.blocks.push(block);
  }
  return merged.map(({ role, blocks }) => ({ role, content: shortest(blocks) }) as Anthropic.MessageParam);
}

/** The messages of a chat request as a conversation: system prompts, wherever they stand, come first. */
export const conversation = z
  .array(
    nullsAbsent(z.discriminatedUnion('role', [systemMessage, userMessage, assistantMessage, toolMessage])),
  )
  .min(1)
  .transform((turns, context): Conversation => {
    const last = turns.findLastIndex(({ role }) => role !== 'system');
    if (turns[last]?.role === 'assistant') {
      const message = 'Claude would go on with the last message instead of answering it';
      context.addIssue({ code: 'custom', message, path: [last] });
      return z.NEVER;
    }
    const isSystem = ({ role }: Turn): boolean => role === 'system';
    const system = turns.filter(isSystem).flatMap(({ blocks }) => blocks as Anthropic.TextBlockParam[]);
    const spoken = turns.filter((turn) => !isSystem(turn) && turn.blocks.length > 0);
    return { messages: mergeTurns(spoken), ...(system.length > 0 && { system: shortest(system) }) };
  });
