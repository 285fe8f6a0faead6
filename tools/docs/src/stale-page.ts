/** The first line in which a page differs from what the code says, as a hint; undefined when it does not. */
export function findDifference(committed: string, generated: string): string | undefined {
  if (committed === generated) return undefined;
  const [have, want] = [committed.split('\n'), generated.split('\n')];
  const line = want.findIndex((text, i) => text !== have[i]);
  const at = line === -1 ? want.length : line;
  return [
    `line ${at + 1}:`,
    `- ${have[at] ?? '(end of the page)'}`,
    `+ ${want[at] ?? '(end of the page)'}`,
  ].join('\n');
}
