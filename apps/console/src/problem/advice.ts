import { ApiProblem } from '../api/api-problem.js';

const ADVICE: Readonly<Record<string, string>> = {
  no_answer: 'Check the network and that the admin API runs, then try again.',
  unexpected_answer: 'Something between here and the admin API answered. Ask whoever runs the proxy.',
  invalid_operator_token: 'Log in with a token that is still good, or ask an admin for a new one.',
  too_many_logins: 'Too many tokens were refused. Wait a minute, then try again.',
  role_not_allowed: 'Your role may not do this. Ask an operator or an admin.',
  already_exists: 'Choose another id.',
  tenant_not_found: 'It may have been deleted meanwhile: go back to the list.',
  key_not_found: 'It may have been deleted meanwhile: reload the list.',
  key_not_active: 'The key has expired or was revoked: create another.',
  policy_locks_out: 'With these settings the tenant could call no model at all. Allow at least one.',
  database_unavailable: 'Postgres is not there for the moment. Nothing was changed; try again.',
  precondition_failed: 'Reload, look at what is there now, and decide again.',
  invalid_request: 'Correct what is named below.',
};

/** What the operator can do about an error. */
export function adviseOn(error: Error): string {
  if (!(error instanceof ApiProblem)) return 'Reload the page. If it happens again, report it.';
  return (
    ADVICE[error.body.code] ?? (error.status >= 500 ? 'Try again in a moment.' : 'Check what you entered.')
  );
}
