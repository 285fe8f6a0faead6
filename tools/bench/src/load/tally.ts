/** Counts outcomes by what they are called. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  /** A copy as a plain object. */
  toObject(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
