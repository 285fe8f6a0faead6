import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { completionToMessage } from './answer-to-messages.js';
import { messageToCompletion } from './answer-to-chat.js';
import { chatToMessages } from './chat-to-messages.js';
import { messagesToChat } from './messages-to-chat.js';
import { message } from './testing/answers.js';
import { CREATED_AT_SECONDS } from './testing/exchange.js';

// Compared by toEqual: toStrictEqual takes a key named `constructor` for a type.
// Everything below is what both wires can say, in the one form in which both of them say it.
const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const textPart = word.map((text) => ({ type: 'text', text }));
const base64 = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const imageUrl = fc.oneof(
  fc.webUrl({ validSchemes: ['https'] }),
  fc
    .tuple(fc.constantFrom('jpeg', 'png', 'gif', 'webp'), base64)
    .map(([type, data]) => `data:image/${type};base64,${data}`),
);
const imagePart = imageUrl.map((url) => ({ type: 'image_url', image_url: { url } }));
const filePart = fc.tuple(word, base64).map(([filename, data]) => ({
  type: 'file',
  file: { filename, file_data: `data:application/pdf;base64,${data}` },
}));

type Part = { type: string; text?: string };
const shortest = (parts: Part[]): unknown => (parts.length === 1 && parts[0]?.text ? parts[0].text : parts);
const someOf = (part: fc.Arbitrary<Part>): fc.Arbitrary<unknown> =>
  fc.array(part, { minLength: 1, maxLength: 4 }).map(shortest);

const texts = someOf(textPart);
const anything = fc.oneof(textPart, imagePart, filePart);
const userTurn = someOf(anything).map((content) => [{ role: 'user', content }]);

const input = fc.dictionary(fc.oneof(word, fc.constant('__proto__')), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
});
const call = fc.tuple(fc.uuid(), word, input).map(([id, name, value]) => ({
  type: 'function',
  id,
  function: { name, arguments: JSON.stringify(value) },
}));
const saying = texts.map((content) => [{ role: 'assistant', content }]);
/** A turn that calls tools, the results of all calls, and what the user may add in several parts. */
const calling = fc
  .tuple(
    fc.option(texts),
    fc.array(call, { minLength: 1, maxLength: 3 }),
    fc.infiniteStream(fc.oneof(fc.constant(''), texts)),
    fc.option(fc.array(anything, { minLength: 2, maxLength: 3 })),
  )
  .map(([content, tool_calls, results, added]) => [
    { role: 'assistant', content, tool_calls },
    ...tool_calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: results.next().value })),
    ...(added ? [{ role: 'user', content: added }] : [{ role: 'assistant', content: 'Done.' }]),
  ]);
const conversation = fc
  .tuple(
    fc.option(texts.map((content) => [{ role: 'system', content }])),
    fc.array(
      fc.tuple(userTurn, fc.oneof(saying, calling)).map((turns) => turns.flat()),
      { maxLength: 4 },
    ),
    userTurn,
  )
  .map(([system, rounds, last]) => [...(system ?? []), ...alternating([...rounds.flat(), ...last])]);

type Turn = { role: string };
/** The first of two turns of the same role: the other would be merged into it. */
const alternating = (turns: Turn[]): Turn[] =>
  turns.filter(({ role }, index) => role === 'tool' || turns[index - 1]?.role !== role);

const schema = fc.dictionary(word, fc.jsonValue({ maxDepth: 3 }));
const tool = fc
  .record(
    { name: word, description: word, parameters: schema, strict: fc.constant(true) },
    { requiredKeys: ['name', 'parameters'] },
  )
  .map((of) => ({ type: 'function', function: of }));
const named = word.map((name) => ({ type: 'function', function: { name } }));
const toolParameters = fc.oneof(
  fc.constant({}),
  fc.record({ tool_choice: fc.constant('none'), tools: fc.array(tool, { minLength: 1 }) }),
  fc.record(
    {
      tools: fc.array(tool, { minLength: 1, maxLength: 4 }),
      tool_choice: fc.oneof(fc.constant('required'), named),
      parallel_tool_calls: fc.constant(false),
    },
    { requiredKeys: ['tools'] },
  ),
);
const CAP = 5000;
const parameters = fc.record(
  {
    temperature: fc.double({ min: 0, max: 0.99, noNaN: true }),
    top_p: fc.double({ min: 0, max: 0.99, noNaN: true }),
    stop: fc.array(word, { minLength: 1, maxLength: 4 }),
    user: word,
    service_tier: fc.constant('default'),
    reasoning_effort: fc.constantFrom('none', 'low', 'medium', 'high', 'xhigh', 'max'),
    response_format: schema.map((of) => ({
      type: 'json_schema',
      json_schema: { name: 'response', schema: of, strict: true },
    })),
  },
  { requiredKeys: [] },
);
const streamed = fc.constantFrom({}, { stream: true, stream_options: { include_usage: true } });
const request = fc
  .tuple(conversation, toolParameters, parameters, streamed)
  .map(([messages, ofTools, more, stream]) => ({
    model: 'claude-opus-5',
    messages,
    max_completion_tokens: CAP,
    ...ofTools,
    ...more,
    ...stream,
  }))
  .map((body) => JSON.parse(JSON.stringify(body)) as typeof body); // as it comes from the network

describe('translating there and back', () => {
  it('loses nothing of a chat request that both wires can say', () => {
    fc.assert(
      fc.property(request, (chat) => {
        expect(messagesToChat({ ...chatToMessages(chat, CAP) })).toEqual(chat);
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing of a messages request that both wires can say', () => {
    fc.assert(
      fc.property(request, (chat) => {
        const messages = chatToMessages(chat, CAP);
        expect(chatToMessages({ ...messagesToChat({ ...messages }) }, CAP)).toEqual(messages);
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing of an answer that both wires can say', () => {
    const toolUse = fc.tuple(fc.uuid(), word, input).map(([id, name, value]) => ({
      type: 'tool_use',
      id,
      name,
      input: JSON.parse(JSON.stringify(value)) as object,
      caller: { type: 'direct' },
    }));
    const text = word.map((value) => ({ type: 'text', text: value, citations: null }));
    const withCalls = fc
      .tuple(fc.option(text), fc.array(toolUse, { minLength: 1, maxLength: 3 }))
      .map(([said, uses]) => message([...(said ? [said] : []), ...uses], { stop_reason: 'tool_use' }));
    const withText = fc
      .tuple(text, fc.constantFrom('end_turn', 'max_tokens'))
      .map(([said, stop_reason]) => message([said], { stop_reason }));
    fc.assert(
      fc.property(fc.oneof(withCalls, withText), (answer) => {
        expect(completionToMessage(messageToCompletion(answer, CREATED_AT_SECONDS))).toEqual(answer);
      }),
      { numRuns: 300 },
    );
  });
});
