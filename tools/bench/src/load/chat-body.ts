const SYSTEM = [
  'You are the support assistant of a company that sells and repairs bicycles. Answer in the language of the',
  'customer, in at most four sentences, politely and to the point. Use only the facts from the order below. When a',
  'question is about money, name the amount and the date. When you do not know something, say so and offer a human.',
].join(' ');

const USER = [
  'Order 48213, placed on 3 March, one touring bicycle in green, frame size 56, two panniers, paid by card.',
  'Shipped on 6 March with tracking number 00340434161094022115, expected on 11 March. The customer writes: "Hello,',
  'my parcel still shows as on its way although it should have been here two days ago. Can you tell me where it is,',
  'and whether I can have the panniers sent separately? I leave for a tour on Saturday morning. Thank you, Anna"',
].join(' ');

/** A chat completion request of about 1 KB, as agents send them. */
export function chatBody(kind: 'plain' | 'stream'): string {
  return JSON.stringify({
    model: 'gpt-4o-mini',
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: USER },
    ],
    temperature: 0.2,
    max_tokens: 256,
    ...(kind === 'stream' ? { stream: true } : {}),
  });
}
