/** Where a command writes to. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** A command's result for people: rows under their headings. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// Names as on the wire, in snake case; what is not set is null.
function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (value instanceof Map) return Object.fromEntries(value); // its names are data
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [snake(name), toWire(part)]));
}

/** Columns of even width on a terminal; otherwise separated by one tab, for other programs. */
export function formatTable({ headings, rows }: Table, isTTY: boolean): string {
  const lines = [headings, ...rows];
  if (!isTTY) return lines.map((line) => `${line.join('\t')}\n`).join('');
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Writes what a command has to say: its result to one stream, as table or JSON, and hints to the other. */
export class Output {
  constructor(
    private readonly streams: { readonly out: OutputStream; readonly err: OutputStream },
    private readonly asJson: boolean,
  ) {}

  /** Writes the result of a command; names become snake case in JSON. */
  result(value: unknown, table: Table): void {
    this.report(value, (isTTY) => formatTable(table, isTTY));
  }

  /** Writes a result whose text is more than a table. */
  report(value: unknown, toText: (isTTY: boolean) => string): void {
    const { out } = this.streams;
    out.write(this.asJson ? `${JSON.stringify(toWire(value), null, 2)}\n` : toText(out.isTTY === true));
  }

  /** Writes a remark that is not part of the result. */
  hint(text: string): void {
    this.streams.err.write(`${text}\n`);
  }
}
