import type { Fault, FaultRule } from './fault.js';
import type { Operation } from './operation.js';

const MODULUS = 2_147_483_647;

/** All that goes wrong from now on. */
export class FaultBook {
  #rules: { readonly rule: FaultRule; left: number }[] = [];
  #random: number;

  /** @param seed the same one makes the same operations fail */
  constructor(seed: number) {
    this.#random = (Math.abs(Math.trunc(seed)) % (MODULUS - 1)) + 1;
  }

  /** Lets something go wrong; the first rule that applies to an operation is the one that does. */
  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** Lets everything go well again. */
  clear(): void {
    this.#rules = [];
  }

  /** What goes wrong with this operation. */
  take(operation: Operation, key: string): Fault | undefined {
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.on?.includes(operation) ?? true) &&
        (rule.keyPattern === undefined || new RegExp(rule.keyPattern).test(key)) &&
        (rule.probability === undefined || this.#next() < rule.probability),
    );
    if (!found) return undefined;
    found.left -= 1;
    return found.rule.fault;
  }

  /** Lehmer's generator: the same numbers from the same seed. */
  #next(): number {
    this.#random = (this.#random * 48_271) % MODULUS;
    return this.#random / MODULUS;
  }
}
