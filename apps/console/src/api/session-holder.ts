/** Who is logged in. */
export interface Session {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly expires_at: string;
  readonly csrf_token: string;
}

let csrfToken: string | undefined;
let onLost: () => void = () => undefined;

/** What cookie-authenticated changes must carry; undefined before the login. */
export function getCsrfToken(): string | undefined {
  return csrfToken;
}

/** Keeps what later requests need of a session. */
export function holdSession(session: Session): Session {
  csrfToken = session.csrf_token;
  return session;
}

/** The session has ended: whoever listens shows the login. */
export function forgetSession(): void {
  csrfToken = undefined;
  onLost();
}

/** Says whom to tell that the session has ended. */
export function onSessionLost(listener: () => void): void {
  onLost = listener;
}
