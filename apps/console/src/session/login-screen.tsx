import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { ProblemAlert } from '../problem/problem-alert.js';
import { logIn } from './session-client.js';
import { SESSION_KEY } from './session-gate.js';
import classes from './login.module.css';

/** Lets an operator in by a token, which is kept nowhere: the API answers with a cookie that scripts cannot read. */
export function LoginScreen(): ReactElement {
  const [token, setToken] = useState('');
  const queryClient = useQueryClient();
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: (session) => {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
      queryClient.setQueryData(SESSION_KEY, session);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    login.mutate(token);
  };
  return (
    <main className={classes.screen}>
      <Paper component="form" onSubmit={submit} withBorder p="xl" className={classes.card}>
        <Stack>
          <Title order={1} size="h2">
            Tollgate
          </Title>
          <Text c="dimmed">The console for operators.</Text>
          {login.error && <ProblemAlert error={login.error} />}
          <PasswordInput
            label="Operator token"
            description="ADMIN_TOKEN, a token that an admin made for you (tgo_…), or one of your issuer."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
            autoFocus
            required
          />
          <Button type="submit" loading={login.isPending}>
            Log in
          </Button>
        </Stack>
      </Paper>
    </main>
  );
}
