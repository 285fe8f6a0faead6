const MAX_DEPTH = 5;
const CODE = /^\w{1,64}$/;

// Errors of another realm are no instances of our Error, so what counts is what they have.
interface ErrorLike {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function findCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return undefined;
  const { code, cause, errors } = error as ErrorLike;
  if (typeof code === 'string' && CODE.test(code)) return code;
  return findCode(Array.isArray(errors) ? errors[0] : cause, depth + 1);
}

/** A word for an error whose message may hold parts of a URL: its code, its cause's code, `timeout`, or its name. */
export function codeOf(error: unknown): string {
  const code = findCode(error);
  if (code !== undefined) return code;
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { name, message } = error as ErrorLike;
  if (/time(d )?-?out/i.test(`${String(name)} ${String(message)}`)) return 'timeout';
  return typeof name === 'string' && CODE.test(name) ? name : 'unknown';
}
