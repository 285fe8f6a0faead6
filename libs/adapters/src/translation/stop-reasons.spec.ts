import { describe, expect, it } from '@jest/globals';
import { completionToMessage } from './answer-to-messages.js';
import { messageToCompletion } from './answer-to-chat.js';
import { completion, completionOfClaude, message, messageOfGpt, textBlock } from './testing/answers.js';
import { CREATED_AT_SECONDS } from './testing/exchange.js';

const NO_DETAILS = { type: 'refusal', category: null, explanation: null };

describe('the translation of stop reasons', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['pause_turn', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['a_reason_of_the_future', 'stop'],
  ])('says %s as %s', (stop_reason, finishReason) => {
    expect(
      messageToCompletion(message([textBlock('Hi')], { stop_reason }), CREATED_AT_SECONDS),
    ).toStrictEqual(completionOfClaude({ content: 'Hi' }, finishReason));
  });

  it.each([
    ['stop', { stop_reason: 'end_turn' }],
    ['length', { stop_reason: 'max_tokens' }],
    ['tool_calls', { stop_reason: 'tool_use' }],
    ['function_call', { stop_reason: 'tool_use' }],
    ['content_filter', { stop_reason: 'refusal', stop_details: NO_DETAILS }],
    ['a_reason_of_the_future', { stop_reason: 'end_turn' }],
  ])('says %s as %j', (finishReason, more) => {
    expect(completionToMessage(completion({ content: 'Hi' }, finishReason))).toStrictEqual(
      messageOfGpt([textBlock('Hi')], more),
    );
  });

  it('gives the reason of a refusal as the refusal', () => {
    const refused = message([], {
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: 'cyber', explanation: 'Not that.' },
    });
    expect(messageToCompletion(refused, CREATED_AT_SECONDS)).toStrictEqual(
      completionOfClaude({ refusal: 'Not that.' }, 'content_filter'),
    );
  });
});
