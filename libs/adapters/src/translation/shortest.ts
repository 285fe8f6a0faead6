/** A lone text without marks is written as a string, which both wires understand in every place. */
export function shortest<Block extends { type: string }>(blocks: readonly Block[]): string | Block[] {
  const [only] = blocks;
  const isPlainText = blocks.length === 1 && only?.type === 'text' && Object.keys(only).length === 2;
  return isPlainText && 'text' in only ? String(only.text) : [...blocks];
}
