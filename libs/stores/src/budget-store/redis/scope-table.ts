import type { ScopeWindow } from '../../ledger/scope-total.js';
import { windowName } from './hold-record.js';

/** The distinct windows of a batch, each with its number (from 1, as Lua counts). */
export class ScopeTable<W extends ScopeWindow> {
  readonly windows: W[] = [];
  readonly #numbers = new Map<string, number>();

  /** The numbers of these windows, adding those that are new. */
  numbersOf(windows: readonly W[]): number[] {
    return windows.map((window) => {
      const name = windowName(window);
      const known = this.#numbers.get(name);
      if (known) return known;
      this.#numbers.set(name, this.windows.push(window));
      return this.windows.length;
    });
  }
}
