/** A cell of a table: text, which may come from outside; a number, or one in decimal digits (`exact`), which are ours. */
export type Cell = string | number | null | { readonly exact: string };

// A spreadsheet takes text that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

function toField(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return cell.toString();
  if (typeof cell === 'object') return cell.exact;
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return SPECIAL.test(text) || text !== cell ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of CSV (RFC 4180), with its CRLF; text that a spreadsheet would take for a formula gets a quote in front. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(toField).join(',')}\r\n`;
}
