import type { ScopeWindow } from '../../ledger/scope-total.js';
import { windowName } from './hold-record.js';

/** The distinct windows of a batch, each with its number (from 1, as Lua counts). */
export class ScopeTable<W extends ScopeWindow> {
  readonly windows: W[] = [];
  readonly #numbers = new Map<string, number>();
  /** Calls of one key come with one and the same list. */
  readonly #byList = new Map<readonly W[], readonly number[]>();

  /** The numbers of these windows, adding those that are new. */
  numbersOf(windows: readonly W[]): readonly number[] {
    let numbers = this.#byList.get(windows);
    if (!numbers) this.#byList.set(windows, (numbers = this.#add(windows)));
    return numbers;
  }

  #add(windows: readonly W[]): number[] {
    return windows.map((window) => {
      const name = windowName(window);
      const known = this.#numbers.get(name);
      if (known) return known;
      this.#numbers.set(name, this.windows.push(window));
      return this.windows.length;
    });
  }
}
