/** Lines by key, up to so many bytes together; the one that was not asked for longest goes first. */
export class LineCache {
  // A map keeps the order in which its keys came: who is asked for comes anew.
  readonly #lines = new Map<string, Buffer>();
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(key: string): Buffer | undefined {
    const line = this.#lines.get(key);
    if (!line) return undefined;
    this.#lines.delete(key);
    this.#lines.set(key, line);
    return line;
  }

  set(key: string, line: Buffer): void {
    this.#delete(key);
    if (line.length > this.maxBytes) return;
    this.#lines.set(key, line);
    this.#bytes += line.length;
    for (const oldest of this.#lines.keys()) {
      if (this.#bytes <= this.maxBytes) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#lines.get(key)?.length ?? 0;
    this.#lines.delete(key);
  }
}
