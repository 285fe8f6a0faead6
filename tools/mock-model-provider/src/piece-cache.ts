import type { AnswerPiece } from './answer-plan.js';

/** Keeps what was rendered for a list of pieces for as long as that list lives. */
export class PieceCache<T> {
  readonly #rendered = new WeakMap<readonly AnswerPiece[], Map<string, T>>();

  /** The value for these pieces under this key, made on first use. */
  get(pieces: readonly AnswerPiece[], key: string, make: () => T): T {
    let byKey = this.#rendered.get(pieces);
    if (byKey === undefined) {
      byKey = new Map();
      this.#rendered.set(pieces, byKey);
    }
    let value = byKey.get(key);
    if (value === undefined) {
      value = make();
      byKey.set(key, value);
    }
    return value;
  }
}
