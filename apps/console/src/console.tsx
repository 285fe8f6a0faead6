import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { BrowserRouter } from 'react-router';
import { ApiProblem } from './api/api-problem.js';
import { consoleTheme } from './console-theme.js';
import { ConsoleRoutes } from './console-routes.js';
import { SessionGate } from './session/session-gate.js';

const MAX_RETRIES = 2;

/** Only what may go well the next time is asked again. */
function mayGoWell(failures: number, error: Error): boolean {
  const isRefused = error instanceof ApiProblem && error.status >= 400 && error.status < 500;
  return failures < MAX_RETRIES && !isRefused;
}

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: mayGoWell, staleTime: 5000 } } });

/** The whole console. */
export function Console(): ReactElement {
  return (
    <MantineProvider
      theme={consoleTheme}
      defaultColorScheme="auto"
      withGlobalClasses={false}
      withCssVariables={false}
    >
      <Notifications />
      <QueryClientProvider client={queryClient}>
        <SessionGate>
          <BrowserRouter>
            <ConsoleRoutes />
          </BrowserRouter>
        </SessionGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
