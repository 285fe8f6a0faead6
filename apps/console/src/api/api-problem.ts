/** What the API says about a request that it refused (RFC 9457). */
export interface ProblemBody {
  readonly code: string;
  readonly detail: string;
  readonly request_id?: string;
  readonly errors?: readonly { readonly path: string; readonly problem: string }[];
}

/** A request that was refused, or that nobody answered (status 0). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail);
    this.name = 'ApiProblem';
  }

  /** Whether somebody else changed the same thing first. */
  get isConflict(): boolean {
    return this.status === 412;
  }
}

function isProblemBody(value: unknown): value is ProblemBody {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'detail' in value &&
    typeof value.detail === 'string'
  );
}

/** The problem that a response tells of, also where something else than the API has answered. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined); // a proxy's page, say
  if (isProblemBody(body)) return new ApiProblem(response.status, body);
  const detail = `The server answered ${response.status} ${response.statusText}.`;
  return new ApiProblem(response.status, { code: 'unexpected_answer', detail });
}

/** The problem of a request that got no answer at all. */
export function unansweredProblem(): ApiProblem {
  return new ApiProblem(0, { code: 'no_answer', detail: 'The admin API did not answer.' });
}
