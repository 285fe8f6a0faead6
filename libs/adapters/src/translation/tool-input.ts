import { parseJsonObject } from '../wire/json-object.js';

/** Reads the arguments of a tool call; none at all means an empty object, as models write it for tools without parameters. */
export function parseToolInput(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    return parseJsonObject(Buffer.from(text));
  } catch {
    return undefined; // The caller knows whose mistake it is.
  }
}
