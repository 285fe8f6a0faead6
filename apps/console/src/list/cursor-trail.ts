import { useState } from 'react';

/** Where somebody is in a list whose pages are found by cursors. */
export interface CursorTrail {
  /** Of the page that is shown; undefined: the first. */
  readonly cursor: string | undefined;
  /** From 1. */
  readonly pageNumber: number;
  forward(next: string): void;
  back(): void;
}

/** Remembers the way through a list; a change of `key`, its filter, leads back to the first page. */
export function useCursorTrail(key: string): CursorTrail {
  const [trail, setTrail] = useState<{ key: string; cursors: readonly string[] }>({ key, cursors: [] });
  const cursors = trail.key === key ? trail.cursors : [];
  return {
    cursor: cursors.at(-1),
    pageNumber: cursors.length + 1,
    forward: (next) => setTrail({ key, cursors: [...cursors, next] }),
    back: () => setTrail({ key, cursors: cursors.slice(0, -1) }),
  };
}
