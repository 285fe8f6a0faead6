import { describe, expect, it } from '@jest/globals';
import { chatToMessages } from './chat-to-messages.js';
import { messagesToChat } from './messages-to-chat.js';

type Case = [param: string, more: object];

const hello = { role: 'user', content: 'Hello' };
const refusal = (code: string, param: string): object =>
  expect.objectContaining({ code, param, message: expect.not.stringContaining('secret') });
const messages = (...more: object[]): object => ({ messages: [...more, hello] });
const part = (content: object): object => messages({ role: 'user', content: [content] });
const answer = (more: object): object => messages({ role: 'assistant', content: 'Hi', ...more });
const document = (more: object): object =>
  part({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' }, ...more });
const image = (source: object, more: object = {}): object => part({ type: 'image', source, ...more });
const result = (more: object): object => part({ type: 'tool_result', tool_use_id: 'c', ...more });
const imageUrl = (url: string, more: object = {}): object =>
  part({ type: 'image_url', image_url: { url, ...more } });
const tool = (more: object): object => ({ tools: [{ name: 't', input_schema: {}, ...more }] });

const chatOnly: Case[] = [
  ['n', { n: 2 }],
  ['seed', { seed: 1 }],
  ['logprobs', { logprobs: true }],
  ['top_logprobs', { top_logprobs: 3 }],
  ['logit_bias', { logit_bias: { 50256: -100 } }],
  ['frequency_penalty', { frequency_penalty: 0.1 }],
  ['presence_penalty', { presence_penalty: -1 }],
  ['temperature', { temperature: 1.01 }],
  ['audio', { audio: { voice: 'alloy', format: 'wav' } }],
  ['modalities', { modalities: ['text', 'audio'] }],
  ['prediction', { prediction: { type: 'content', content: 'secret' } }],
  ['service_tier', { service_tier: 'flex' }],
  ['store', { store: true }],
  ['metadata', { metadata: { a: 'secret' } }],
  ['verbosity', { verbosity: 'low' }],
  ['web_search_options', { web_search_options: {} }],
  ['moderation', { moderation: { model: 'm' } }],
  ['functions', { functions: [{ name: 'f' }] }],
  ['function_call', { function_call: 'auto' }],
  ['user', { user: 'a', safety_identifier: 'b' }],
  ['top_k', { top_k: 5 }],
  ['something_new', { something_new: false }],
  ['stream_options.something_new', { stream_options: { something_new: 1 } }],
  ['tools.0', { tools: [{ type: 'custom', custom: { name: 'c' } }] }],
  [
    'tools.1.function.something_new',
    {
      tools: [
        { type: 'function', function: { name: 'f' } },
        { type: 'function', function: { name: 'f', something_new: 1 } },
      ],
    },
  ],
  ['tool_choice', { tool_choice: { type: 'allowed_tools', allowed_tools: {} } }],
  ['tool_choice', { tool_choice: 'secret' }],
  ['messages.0', messages({ role: 'function', name: 'f', content: 'x' })],
  ['messages.0.name', messages({ role: 'user', name: 'secret', content: 'x' })],
  ['messages.1', { messages: [hello, { role: 'assistant', content: 'secret' }] }],
  [
    'messages.1',
    { messages: [hello, { role: 'assistant', content: 'x' }, { role: 'system', content: 'y' }] },
  ],
  ['messages.0.audio', answer({ audio: { id: 'a' } })],
  ['messages.0.annotations', answer({ annotations: [{ type: 'url_citation' }] })],
  ['messages.0.tool_calls.0', answer({ tool_calls: [{ type: 'custom', id: 'c', custom: {} }] })],
  [
    'messages.0.tool_calls.0.function.arguments',
    answer({
      tool_calls: [{ type: 'function', id: 'c', function: { name: 'f', arguments: '{"secret' } }],
    }),
  ],
  [
    'messages.0.tool_calls.0.function.arguments',
    answer({
      tool_calls: [{ type: 'function', id: 'c', function: { name: 'f', arguments: '["secret"]' } }],
    }),
  ],
  ['messages.0.thinking_blocks.0', answer({ thinking_blocks: [{ type: 'secret' }] })],
  ['messages.0.content.0', part({ type: 'input_audio', input_audio: { data: 'secret', format: 'wav' } })],
  ['messages.0.content.0', messages({ role: 'system', content: [{ type: 'image_url' }] })],
  ['messages.0.content.0.image_url.detail', imageUrl('https://x.test/a.png', { detail: 'low' })],
  ['messages.0.content.0.image_url.url', imageUrl('http://x.test/secret.png')],
  ['messages.0.content.0.image_url.url', imageUrl('data:image/tiff;base64,c2VjcmV0')],
  ['messages.0.content.0.image_url.url', imageUrl('data:image/png,secret')],
  ['messages.0.content.0.file.file_id', part({ type: 'file', file: { file_id: 'secret' } })],
  ['messages.0.content.0.file.file_data', part({ type: 'file', file: { file_data: 'secret' } })],
  [
    'messages.0.content.0.file.file_data',
    part({
      type: 'file',
      file: { file_data: `data:text/plain;base64,${Buffer.from([0xff]).toString('base64')}` },
    }),
  ],
];

const messagesOnly: Case[] = [
  ['top_k', { top_k: 40 }],
  ['max_tokens', { max_tokens: 0 }],
  ['stop_sequences', { stop_sequences: ['1', '2', '3', '4', '5'] }],
  ['speed', { speed: 'fast' }],
  ['container', { container: 'secret' }],
  ['inference_geo', { inference_geo: 'us' }],
  ['diagnostics', { diagnostics: {} }],
  ['context_management', { context_management: {} }],
  ['mcp_servers', { mcp_servers: [{}] }],
  ['output_format', { output_format: {} }],
  ['output_config.format', { output_config: { format: { type: 'regex' } } }],
  ['output_config.task_budget', { output_config: { task_budget: {} } }],
  ['metadata.something_new', { metadata: { something_new: 1 } }],
  ['service_tier', { service_tier: 'batch' }],
  ['tools.0.type', { tools: [{ type: 'web_search_20260318', name: 'web_search' }] }],
  ['tools.0.defer_loading', tool({ defer_loading: true })],
  ['tools.0.allowed_callers', tool({ allowed_callers: ['code_execution_20260521'] })],
  ['tools.0.input_examples', tool({ input_examples: [{ a: 'secret' }] })],
  ['messages.1', { messages: [hello, { role: 'assistant', content: 'The answer is secret' }] }],
  ['messages.0.content.0', part({ type: 'search_result', source: 'secret', title: 't', content: [] })],
  ['messages.0.content.0', part({ type: 'container_upload', file_id: 'secret' })],
  ['messages.0.content.0', answer({ content: [{ type: 'server_tool_use', id: 's', name: 'n', input: {} }] })],
  ['messages.0.content.0.citations', answer({ content: [{ type: 'text', text: 'x', citations: [{}] }] })],
  ['messages.0.content.0.source', image({ type: 'file', file_id: 'secret' })],
  [
    'messages.0.content.0.transformations',
    image(
      { type: 'url', url: 'https://x.test' },
      {
        transformations: { oversized_image: 'error' },
      },
    ),
  ],
  ['messages.0.content.0.source', document({ source: { type: 'url', url: 'https://x.test/secret.pdf' } })],
  ['messages.0.content.0.source', document({ source: { type: 'content', content: 'secret' } })],
  ['messages.0.content.0.citations', document({ citations: { enabled: true } })],
  ['messages.0.content.0.context', document({ context: 'secret' })],
  ['messages.0.content.0.toolset_name', result({ toolset_name: 'browser' })],
  [
    'messages.0.content.0.content.1',
    result({ content: [{ type: 'text', text: 'x' }, { type: 'browser_state' }] }),
  ],
];

const mistakesInChat: Case[] = [
  ['model', { model: 5 }],
  ['messages', { messages: 'secret' }],
  ['messages', { messages: [] }],
  ['messages.0.content', messages({ role: 'user' })],
  ['messages.0.content', messages({ role: 'user', content: 7 })],
  ['messages.0.content.0.text', part({ type: 'text', text: { secret: 1 } })],
  ['messages.0.tool_call_id', messages({ role: 'tool', content: 'secret' })],
  ['tools.0.function.parameters', { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] }],
  ['temperature', { temperature: 'secret' }],
  ['tools.0.type', { tools: [{ function: { name: 'f' } }] }],
  ['messages.0.role', messages({ content: 'secret' })],
  ['messages.0.content.0.type', part({ type: ['secret'] })],
];

describe('parameters that cannot be translated', () => {
  it.each(chatOnly)('are refused by the name %s on the way to Anthropic: %j', (param, more) => {
    const body = { model: 'm', messages: [hello], ...more };
    expect(() => chatToMessages(body, 9)).toThrow(refusal('parameter_not_translatable', param));
  });

  it.each(messagesOnly)('are refused by the name %s on the way to OpenAI: %j', (param, more) => {
    const body = { model: 'm', max_tokens: 9, messages: [hello], ...more };
    expect(() => messagesToChat(body)).toThrow(refusal('parameter_not_translatable', param));
  });

  it.each(mistakesInChat)('are told from mistakes: %s in %j', (param, more) => {
    const body = { model: 'm', messages: [hello], ...more };
    expect(() => chatToMessages(body, 9)).toThrow(refusal('invalid_request', param));
  });

  it('are told from mistakes: a messages request without max_tokens', () => {
    expect(() => messagesToChat({ model: 'm', messages: [hello] })).toThrow(
      refusal('invalid_request', 'max_tokens'),
    );
  });

  it('are named with their reason', () => {
    expect(() => chatToMessages({ model: 'm', messages: [hello], temperature: 1.5 }, 9)).toThrow(
      "'temperature' cannot be translated to Anthropic's wire: its largest temperature is 1.",
    );
    expect(() => chatToMessages({ model: 'm', messages: [hello], seed: 1 }, 9)).toThrow(
      "'seed' cannot be translated to Anthropic's wire.",
    );
  });
});
