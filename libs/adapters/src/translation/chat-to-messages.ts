import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { chatResponseFormat } from './output-format.js';
import { chatEffort, effortToThinking } from './reasoning.js';
import { chatToolChoice, chatTools, toolChoiceToMessages } from './tools.js';
import { conversation } from './turns-to-messages.js';
import { defined, hint, notTranslatable, nullsAbsent, onlyDefault, translate } from './wire.js';

/** An Anthropic messages request; the SDK no longer types the sampling parameters, which older models take. */
export type MessagesRequest = Anthropic.MessageCreateParams & {
  readonly temperature?: number;
  readonly top_p?: number;
};

const isSayable = (temperature: number): boolean => temperature <= 1;
const serviceTiers = { auto: undefined, default: 'standard_only' } as const;

const chatRequest = nullsAbsent(
  z.strictObject({
    model: z.string(),
    messages: conversation,
    tools: chatTools.optional(),
    tool_choice: chatToolChoice.optional(),
    parallel_tool_calls: z.boolean().optional(),
    response_format: chatResponseFormat.optional(),
    reasoning_effort: chatEffort.optional(),
    temperature: z.number().refine(isSayable, 'its largest temperature is 1').optional(),
    top_p: z.number().optional(),
    stop: z.union([z.string(), z.array(z.string())]).optional(),
    stream: z.boolean().optional(),
    user: z.string().optional(),
    safety_identifier: z.string().optional(),
    service_tier: z
      .enum(['auto', 'default'])
      .transform((tier) => serviceTiers[tier])
      .optional(),
    // Read where they have their effect: the caps by whoever sets `outputCap`, the options by the stream.
    max_tokens: hint,
    max_completion_tokens: hint,
    stream_options: nullsAbsent(
      z.strictObject({ include_usage: hint, include_obfuscation: hint }),
    ).optional(),
    prompt_cache_key: hint,
    prompt_cache_options: hint,
    prompt_cache_retention: hint,
    n: onlyDefault(1),
    modalities: onlyDefault(['text']),
    logprobs: onlyDefault(false),
    top_logprobs: onlyDefault(0),
    frequency_penalty: onlyDefault(0),
    presence_penalty: onlyDefault(0),
    logit_bias: onlyDefault({}),
    store: onlyDefault(false),
    metadata: onlyDefault({}),
    verbosity: onlyDefault('medium'),
    functions: onlyDefault([]),
  }),
);

type ChatRequest = z.output<typeof chatRequest>;

function toolsOf({ tools, tool_choice: choice, parallel_tool_calls: isParallel }: ChatRequest): {
  tools?: Anthropic.Tool[];
  tool_choice?: Anthropic.ToolChoice;
} {
  // Without tools there is nothing to choose from, and whoever insists is left to the model provider's refusal.
  const isChoosing = tools?.length || (choice !== undefined && choice !== 'auto' && choice !== 'none');
  return defined({
    tools: tools?.length ? tools : undefined,
    tool_choice: isChoosing ? toolChoiceToMessages(choice, isParallel) : undefined,
  });
}

function userOf({ user, safety_identifier: identifier = user }: ChatRequest): Anthropic.Metadata | undefined {
  if (user !== undefined && user !== identifier)
    throw notTranslatable('user', 'Anthropic', 'it has one identifier, and safety_identifier is another');
  return identifier === undefined ? undefined : { user_id: identifier };
}

/**
 * An OpenAI chat request as an Anthropic messages request. `model` must be the model provider's own name, since how
 * a model thinks depends on it; `outputCap` becomes `max_tokens`, which Anthropic demands.
 * @throws TollgateError `parameter_not_translatable` or `invalid_request`; `param` is the dotted path
 */
export function chatToMessages(body: Readonly<Record<string, unknown>>, outputCap: number): MessagesRequest {
  const chat = translate(chatRequest, body, 'Anthropic');
  const { model, stop, temperature, top_p, response_format: format, reasoning_effort: asked } = chat;
  const reasoning = asked === undefined ? undefined : effortToThinking(asked, model, outputCap);
  const output = defined({ effort: reasoning?.effort, format });
  return defined({
    model,
    max_tokens: outputCap,
    ...chat.messages,
    ...toolsOf(chat),
    thinking: reasoning?.thinking,
    output_config: Object.keys(output).length > 0 ? output : undefined,
    // Models that think refuse sampling parameters, and some refuse both at once: the default is not worth that.
    temperature: temperature === 1 ? undefined : temperature,
    top_p: top_p === 1 ? undefined : top_p,
    stop_sequences: typeof stop === 'string' ? [stop] : stop?.length ? stop : undefined,
    metadata: userOf(chat),
    service_tier: chat.service_tier,
    stream: chat.stream || undefined,
  });
}
