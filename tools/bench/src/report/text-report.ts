import type { Check, Section } from './section.js';

/** A section as text for a terminal or a log. */
export function renderSection(section: Section): string {
  const table = renderTable([
    ['', ...section.columns],
    ...section.rows.map(({ name, cells }) => [name, ...cells]),
  ]);
  const checks = renderTable(
    section.checks.map((check) => [check.level, check.claim, check.measured, verdict(check)]),
  );
  const notes = section.notes.map((note) => `note: ${note}`);
  const parts = [
    `${section.id}  ${section.title}`,
    ...indent(table),
    '',
    ...indent(checks),
    ...indent(notes),
  ];
  return `${parts.join('\n')}\n`;
}

function verdict({ isReached }: Check): string {
  if (isReached === undefined) return 'NOT MEASURED';
  return isReached ? 'yes' : 'NO';
}

/** Columns as wide as their widest cell; what stands alone in the last column of a short row may be longer. */
function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const columnCount = Math.max(0, ...rows.map((row) => row.length));
  const fullRows = rows.filter((row) => row.length === columnCount);
  const widths = Array.from({ length: columnCount }, (_, column) =>
    Math.max(...(column === 0 ? rows : fullRows).map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}
