import { useState } from 'react';

// crypto.randomUUID is missing where a console is served over plain HTTP.
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The header by which an action is done once, however often the same body is sent. */
export function useOnceHeader(body: unknown): { readonly 'Idempotency-Key': string } {
  const text = JSON.stringify(body);
  const [action, setAction] = useState({ text, header: { 'Idempotency-Key': randomId() } });
  if (action.text === text) return action.header;
  const next = { text, header: { 'Idempotency-Key': randomId() } };
  setAction(next);
  return next.header;
}
