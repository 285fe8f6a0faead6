import type OpenAI from 'openai';
import { z } from 'zod';
import { messagesOutputFormat } from './output-format.js';
import { messagesEffort, messagesThinking, thinkingToEffort } from './reasoning.js';
import { messagesToolChoice, messagesTools, toolChoiceToChat } from './tools.js';
import { chatMessages, systemPrompt } from './turns-to-chat.js';
import { defined, hint, nullsAbsent, onlyDefault, translate } from './wire.js';

const MAX_STOPS = 4;

const serviceTiers = { auto: undefined, standard_only: 'default' } as const;

const messagesRequest = nullsAbsent(
  z.strictObject({
    model: z.string(),
    max_tokens: z
      .int()
      .min(0)
      .refine((cap) => cap > 0, 'it cannot only fill the cache'),
    messages: chatMessages,
    system: systemPrompt.optional(),
    tools: messagesTools.optional(),
    tool_choice: messagesToolChoice.optional(),
    thinking: messagesThinking.optional(),
    output_config: nullsAbsent(
      z.strictObject({ effort: messagesEffort.optional(), format: messagesOutputFormat.optional() }),
    ).optional(),
    temperature: z.number().optional(),
    top_p: z.number().optional(),
    stop_sequences: z
      .array(z.string())
      .refine((stops) => stops.length <= MAX_STOPS, `it takes ${MAX_STOPS} at most`)
      .optional(),
    metadata: nullsAbsent(z.strictObject({ user_id: z.string().optional() })).optional(),
    service_tier: z
      .enum(['auto', 'standard_only'])
      .transform((tier) => serviceTiers[tier])
      .optional(),
    stream: z.boolean().optional(),
    cache_control: hint,
    speed: onlyDefault('standard'),
    mcp_servers: onlyDefault([]),
  }),
);

type MessagesRequest = z.output<typeof messagesRequest>;

function toolsOf({
  tools,
  tool_choice: choice,
}: MessagesRequest): Partial<OpenAI.ChatCompletionCreateParams> {
  const isChoosing = tools?.length || choice?.type === 'any' || choice?.type === 'tool';
  return { ...(tools?.length && { tools }), ...(isChoosing && choice && toolChoiceToChat(choice)) };
}

/**
 * An Anthropic messages request as an OpenAI chat request. A stream is asked for its usage, which Anthropic's
 * streams always carry.
 * @throws TollgateError `parameter_not_translatable` or `invalid_request`; `param` is the dotted path
 */
export function messagesToChat(body: Readonly<Record<string, unknown>>): OpenAI.ChatCompletionCreateParams {
  const request = translate(messagesRequest, body, 'OpenAI');
  const { model, max_tokens: cap, system = [], output_config: output, stop_sequences: stop } = request;
  const { temperature, top_p, stream } = request;
  return defined({
    model,
    messages: [...system, ...request.messages],
    max_completion_tokens: cap,
    ...toolsOf(request),
    reasoning_effort: thinkingToEffort(request.thinking, output?.effort, cap),
    response_format: output?.format,
    temperature: temperature === 1 ? undefined : temperature,
    top_p: top_p === 1 ? undefined : top_p,
    stop: stop?.length ? stop : undefined,
    user: request.metadata?.user_id,
    service_tier: request.service_tier,
    ...(stream && { stream, stream_options: { include_usage: true } }),
  });
}
