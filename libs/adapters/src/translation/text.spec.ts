import { describe } from '@jest/globals';
import { completion, completionOfClaude, message, messageOfGpt, textBlock } from './testing/answers.js';
import { itServesAnthropicClients, itServesOpenaiClients } from './testing/exchange.js';

const system = (content: unknown): object => ({ role: 'system', content });
const user = (content: unknown): object => ({ role: 'user', content });
const assistant = (content: unknown): object => ({ role: 'assistant', content });
const text = (value: string): object => ({ type: 'text', text: value });

describe('the translation of text and of the parameters around it', () => {
  itServesOpenaiClients([
    {
      title: 'one question',
      request: { model: 'claude-sonnet-4-6', messages: [user('Hello')] },
      upstreamRequest: { model: 'claude-sonnet-4-6', max_tokens: 4096, messages: [user('Hello')] },
      upstreamAnswer: message([textBlock('Hi'), textBlock(' there')]),
      answer: completionOfClaude({ content: 'Hi there' }),
    },
    {
      title: 'system and developer prompts, wherever they stand',
      request: {
        model: 'm',
        messages: [
          system('Be brief.'),
          { role: 'developer', content: [text('Be kind.'), text('Rhyme.')] },
          user('Hello'),
          assistant('Hi'),
          user('Again'),
          system('Now in French.'),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        system: [text('Be brief.'), text('Be kind.'), text('Rhyme.'), text('Now in French.')],
        messages: [user('Hello'), assistant('Hi'), user('Again')],
      },
    },
    {
      title: 'turns of the same role, which become one, and empty ones, which say nothing',
      request: {
        model: 'm',
        messages: [
          system('Be brief.'),
          user('One'),
          user([text('Two'), text('')]),
          assistant(''),
          user('Three'),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        system: 'Be brief.',
        messages: [user([text('One'), text('Two'), text('Three')])],
      },
    },
    {
      title: 'every parameter that both wires know',
      request: {
        model: 'm',
        messages: [user('Hello')],
        temperature: 0.3,
        top_p: 0.9,
        stop: ['END', 'STOP'],
        user: 'u-1',
        safety_identifier: 'u-1',
        service_tier: 'default',
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: 100,
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        messages: [user('Hello')],
        temperature: 0.3,
        top_p: 0.9,
        stop_sequences: ['END', 'STOP'],
        metadata: { user_id: 'u-1' },
        service_tier: 'standard_only',
        stream: true,
      },
    },
    {
      title: 'null and default values, which count as absent',
      request: {
        model: 'm',
        messages: [{ role: 'user', content: 'Hello', name: null }],
        tools: [],
        tool_choice: 'auto',
        parallel_tool_calls: true,
        response_format: { type: 'text' },
        reasoning_effort: null,
        temperature: 1,
        top_p: 1,
        stop: [],
        service_tier: 'auto',
        stream: false,
        n: 1,
        modalities: ['text'],
        logprobs: false,
        top_logprobs: 0,
        frequency_penalty: 0,
        presence_penalty: 0,
        logit_bias: {},
        store: false,
        metadata: {},
        verbosity: 'medium',
        functions: [],
        seed: null,
        audio: null,
        prediction: null,
        something_new: null,
      },
      upstreamRequest: { model: 'm', max_tokens: 4096, messages: [user('Hello')] },
    },
    {
      title: 'one stop sequence and a mark for the cache',
      request: {
        model: 'm',
        stop: 'END',
        prompt_cache_key: 'k',
        prompt_cache_retention: '24h',
        messages: [user([{ ...text('Long'), prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }])],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        stop_sequences: ['END'],
        messages: [user([{ ...text('Long'), cache_control: { type: 'ephemeral' } }])],
      },
    },
    {
      title: 'an answer of theirs that it sends back as it came',
      request: {
        model: 'm',
        messages: [
          user('Hello'),
          {
            role: 'assistant',
            content: null,
            refusal: 'I cannot.',
            annotations: [],
            audio: null,
            tool_calls: null,
          },
          user('Why?'),
          assistant([{ type: 'refusal', refusal: 'Because.' }]),
          user('Hm.'),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        messages: [user('Hello'), assistant('I cannot.'), user('Why?'), assistant('Because.'), user('Hm.')],
      },
    },
  ]);

  itServesAnthropicClients([
    {
      title: 'one question',
      request: { model: 'gpt-4o-mini', max_tokens: 100, messages: [user('Hello')] },
      upstreamRequest: { model: 'gpt-4o-mini', max_completion_tokens: 100, messages: [user('Hello')] },
      upstreamAnswer: completion({ content: 'Hi' }),
      answer: messageOfGpt([textBlock('Hi')]),
    },
    {
      title: 'a system prompt of blocks, one inside the conversation, and marks for the cache',
      request: {
        model: 'm',
        max_tokens: 100,
        cache_control: { type: 'ephemeral' },
        system: [text('Be brief.'), { ...text('Be kind.'), cache_control: { type: 'ephemeral', ttl: '1h' } }],
        messages: [
          user([text('One'), text('Two')]),
          assistant([text('Hi'), { ...text('!'), citations: null }]),
          user('Again'),
          system('Now in French.'),
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 100,
        messages: [
          system([text('Be brief.'), text('Be kind.')]),
          user([text('One'), text('Two')]),
          assistant([text('Hi'), text('!')]),
          user('Again'),
          system('Now in French.'),
        ],
      },
    },
    {
      title: 'every parameter that both wires know',
      request: {
        model: 'm',
        max_tokens: 100,
        system: 'Be brief.',
        messages: [user([text('Hello')])],
        temperature: 0.3,
        top_p: 0.9,
        stop_sequences: ['END'],
        metadata: { user_id: 'u-1' },
        service_tier: 'standard_only',
        stream: true,
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 100,
        messages: [system('Be brief.'), user('Hello')],
        temperature: 0.3,
        top_p: 0.9,
        stop: ['END'],
        user: 'u-1',
        service_tier: 'default',
        stream: true,
        stream_options: { include_usage: true },
      },
    },
    {
      title: 'null and default values, which count as absent',
      request: {
        model: 'm',
        max_tokens: 100,
        messages: [user('Hello')],
        system: [],
        tools: [],
        tool_choice: { type: 'auto' },
        output_config: {},
        temperature: 1,
        top_p: 1,
        top_k: null,
        stop_sequences: [],
        metadata: { user_id: null },
        service_tier: 'auto',
        stream: false,
        speed: 'standard',
        container: null,
        mcp_servers: [],
      },
      upstreamRequest: { model: 'm', max_completion_tokens: 100, messages: [user('Hello')] },
    },
  ]);
});
