const escape = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table; cells may hold Markdown themselves. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map(() => '---'), ...rows];
  return lines.map((line) => `| ${line.map(escape).join(' | ')} |\n`).join('');
}

/** Text as code; nothing for an empty one. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
