/**
 * What a check found. What is not well says why that matters and what to do. No text holds a value of the configuration
 * or a message of another's: codes, names and numbers only.
 */
export type Finding =
  | { readonly level: 'ok'; readonly what: string }
  | {
      readonly level: 'warning' | 'error';
      readonly what: string;
      /** Why it matters. */
      readonly why: string;
      /** What to do. */
      readonly remedy: string;
    };

/** A finding about what is as it should be. */
export function ok(what: string): Finding {
  return { level: 'ok', what };
}

/** A finding about what works, and should not stay as it is. */
export function warning(what: string, why: string, remedy: string): Finding {
  return { level: 'warning', what, why, remedy };
}

/** A finding about what does not work, or puts money or data at risk. */
export function error(what: string, why: string, remedy: string): Finding {
  return { level: 'error', what, why, remedy };
}
