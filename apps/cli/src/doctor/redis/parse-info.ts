/** What INFO and CLUSTER INFO answer, by name. */
export type RedisInfo = Readonly<Record<string, string>>;

/** Reads the lines `name:value`; headings and blank lines are dropped. */
export function parseInfo(text: string): RedisInfo {
  const pairs = text.split(/\r?\n/).map((line) => /^(\w+):(.*)$/.exec(line));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', pair[2] ?? '']] : [])));
}
