import { readProblem, unansweredProblem } from '../api/api-problem.js';
import { getCsrfToken, holdSession, type Session } from '../api/session-holder.js';

const PATH = '/admin/v1/session';

async function send(init: RequestInit): Promise<Response> {
  return fetch(PATH, init).catch(() => {
    throw unansweredProblem();
  });
}

/** Begins a session with an operator's token. @throws ApiProblem */
export async function logIn(token: string): Promise<Session> {
  const response = await send({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw await readProblem(response);
  return holdSession((await response.json()) as Session);
}

/** The session of this browser; null: there is none. @throws ApiProblem */
export async function findSession(): Promise<Session | null> {
  const response = await send({ method: 'GET' });
  if (response.status === 401) return null;
  if (!response.ok) throw await readProblem(response);
  return holdSession((await response.json()) as Session);
}

/** Ends the session. @throws ApiProblem */
export async function logOut(): Promise<void> {
  const response = await send({ method: 'DELETE', headers: { 'x-csrf-token': getCsrfToken() ?? '' } });
  if (!response.ok && response.status !== 401) throw await readProblem(response);
}
