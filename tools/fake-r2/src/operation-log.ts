import { OPERATIONS, type Operation } from './operation.js';

const MAX_ENTRIES = 10_000;

/** One operation that was asked for. */
export interface LoggedOperation {
  readonly operation: Operation;
  readonly key: string;
  /** Undefined: it was never answered. */
  readonly status: number | undefined;
}

/** What was asked for, refused and failed operations included. */
export class OperationLog {
  #counts = none();
  #entries: LoggedOperation[] = [];

  /** How often each operation was asked for, exactly. */
  get counts(): Readonly<Record<Operation, number>> {
    return { ...this.#counts };
  }

  /** The most recent operations in the order of their answers, oldest first. */
  get entries(): readonly LoggedOperation[] {
    return this.#entries;
  }

  count(operation: Operation): void {
    this.#counts[operation] += 1;
  }

  note(entry: LoggedOperation): void {
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  clear(): void {
    this.#counts = none();
    this.#entries = [];
  }
}

function none(): Record<Operation, number> {
  return Object.fromEntries(OPERATIONS.map((operation) => [operation, 0])) as Record<Operation, number>;
}
