import type { FigureId } from '../run/bench-options.js';

/** A limit and what was measured against it. */
export interface Check {
  /** A bench with a `must` that is not reached fails. */
  readonly level: 'must' | 'aim';
  readonly claim: string;
  /** What was measured, as text; why there is nothing when `isReached` is undefined. */
  readonly measured: string;
  /** Undefined: could not be measured, which does not count as reached. */
  readonly isReached: boolean | undefined;
}

/** One line of a figure's table. */
export interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

/** One figure, measured. */
export interface Section {
  readonly id: FigureId;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly checks: readonly Check[];
  /** What a reader must know to read the figures right. */
  readonly notes: readonly string[];
  /** The unrounded values behind the table, by name. */
  readonly values: Readonly<Record<string, unknown>>;
}
