import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import { onSessionLost } from '../api/session-holder.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { findSession } from './session-client.js';
import { LoginScreen } from './login-screen.js';
import { SessionContext } from './session-context.js';

/** Where the session is kept among the queries. */
export const SESSION_KEY = ['session'] as const;

/** Shows the login to those who are not logged in, and everything else to those who are. */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const queryClient = useQueryClient();
  const session = useQuery({ queryKey: SESSION_KEY, queryFn: findSession, staleTime: Infinity });
  useEffect(() => onSessionLost(() => queryClient.setQueryData(SESSION_KEY, null)), [queryClient]);
  if (session.error)
    return (
      <main>
        <ProblemAlert error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  if (session.data === undefined)
    return (
      <Center component="main" mih="100dvh">
        <Loader aria-label="Loading" />
      </Center>
    );
  if (session.data === null) return <LoginScreen />;
  return <SessionContext value={session.data}>{children}</SessionContext>;
}
