import { describe, expect, it } from '@jest/globals';
import { chatToMessages } from './chat-to-messages.js';
import { completion, completionOfClaude, message, messageOfGpt, textBlock } from './testing/answers.js';
import { itServesAnthropicClients, itServesOpenaiClients } from './testing/exchange.js';

const schema = {
  type: 'object',
  properties: { n: { type: 'number' } },
  required: ['n'],
  additionalProperties: false,
};
const messages = [{ role: 'user', content: 'A number?' }];
const jsonSchema = (more: object): object => ({
  type: 'json_schema',
  json_schema: { name: 'number', schema, ...more },
});

describe('the translation of structured output', () => {
  itServesOpenaiClients([
    {
      title: 'an answer that follows a schema',
      request: { model: 'm', messages, response_format: jsonSchema({ strict: true }) },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        messages,
        output_config: { format: { type: 'json_schema', schema } },
      },
      upstreamAnswer: message([textBlock('{"n":1}')]),
      answer: completionOfClaude({ content: '{"n":1}' }),
    },
    {
      title: 'a description, which Claude reads in the schema, and an effort beside it',
      request: {
        model: 'claude-opus-5',
        messages,
        reasoning_effort: 'low',
        response_format: jsonSchema({ description: 'A number.' }),
      },
      upstreamRequest: {
        model: 'claude-opus-5',
        max_tokens: 4096,
        messages,
        thinking: { type: 'adaptive', display: 'omitted' },
        output_config: {
          effort: 'low',
          format: { type: 'json_schema', schema: { ...schema, description: 'A number.' } },
        },
      },
    },
  ]);

  itServesAnthropicClients([
    {
      title: 'an answer that follows a schema',
      request: {
        model: 'm',
        max_tokens: 9,
        messages,
        output_config: { format: { type: 'json_schema', schema } },
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 9,
        messages,
        response_format: { type: 'json_schema', json_schema: { name: 'response', schema, strict: true } },
      },
      upstreamAnswer: completion({ content: '{"n":1}' }),
      answer: messageOfGpt([textBlock('{"n":1}')]),
    },
    {
      title: 'a model that refuses to follow it',
      request: { model: 'm', max_tokens: 9, messages },
      upstreamRequest: { model: 'm', max_completion_tokens: 9, messages },
      upstreamAnswer: completion({ refusal: 'I cannot.' }),
      answer: messageOfGpt([textBlock('I cannot.')], {
        stop_reason: 'refusal',
        stop_details: { type: 'refusal', category: null, explanation: null },
      }),
    },
  ]);

  it.each<[string, object]>([
    ['response_format', { type: 'json_object' }],
    ['response_format', { type: 'grammar', grammar: 'x' }],
    [
      'response_format.json_schema.description',
      jsonSchema({ description: 'One.', schema: { ...schema, description: 'Another.' } }),
    ],
  ])('refuses by the name %s what has no counterpart: %j', (param, response_format) => {
    expect(() => chatToMessages({ model: 'm', messages, response_format }, 9)).toThrow(
      expect.objectContaining({ code: 'parameter_not_translatable', param }),
    );
  });
});
