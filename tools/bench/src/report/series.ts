import { median } from './statistic.js';

/** One value for each peer and round. */
export class Series {
  readonly #values = new Map<string, number[]>();

  /** Adds the value of a peer's next round. */
  add(name: string, value: number): void {
    this.#values.set(name, [...this.of(name), value]);
  }

  /** A peer's values, round by round. */
  of(name: string): readonly number[] {
    return this.#values.get(name) ?? [];
  }

  /** A peer's middle value; undefined when it has none. */
  median(name: string): number | undefined {
    const values = this.of(name);
    return values.length === 0 ? undefined : median(values);
  }

  /** The middle of the rounds' ratios, so that noise that hits a whole round cancels out; undefined without two values. */
  ratio(name: string, base: string): number | undefined {
    const bases = this.of(base);
    const ratios = this.of(name).flatMap((value, round) => {
      const divisor = bases[round];
      return divisor === undefined ? [] : [value / divisor];
    });
    return ratios.length === 0 ? undefined : median(ratios);
  }

  /** All values, by peer. */
  toObject(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(this.#values);
  }
}
