import { createContext, useContext } from 'react';
import type { Session } from '../api/session-holder.js';

/** The session of everything inside the console. */
export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is logged in. @throws outside of a session */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('There is no session here.');
  return session;
}

/** Whether controls that change something are shown. */
export function useCanWrite(): boolean {
  return useSession().role !== 'viewer';
}
