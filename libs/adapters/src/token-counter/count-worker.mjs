// Counts tokens for token-counter.ts. Plain JavaScript, since a worker is started from a file as it is.
import { parentPort } from 'node:worker_threads';

const encodings = new Map();

async function load(encoding) {
  if (!encodings.has(encoding)) encodings.set(encoding, await import(`gpt-tokenizer/encoding/${encoding}`));
  return encodings.get(encoding);
}

parentPort?.on('message', async ({ id, texts, encoding }) => {
  const { countTokens } = await load(encoding);
  parentPort?.postMessage({ id }); // from here on its time runs
  let tokens = 0;
  // A text may well contain "<|endoftext|>": it is counted as text, as the model provider does.
  for (const text of texts) tokens += countTokens(text, { disallowedSpecial: new Set() });
  parentPort?.postMessage({ id, tokens });
});
