import { Alert, Button, List, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { ApiProblem } from '../api/api-problem.js';
import { adviseOn } from './advice.js';

/** An error with what to do about it, and the id under which the log has it. */
export function ProblemAlert({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry?: () => void;
}): ReactElement {
  const body = error instanceof ApiProblem ? error.body : undefined;
  return (
    <Alert color="red" variant="outline" title={error.message} role="alert">
      <Text size="sm">{adviseOn(error)}</Text>
      {body?.errors && (
        <List size="sm">
          {body.errors.map(({ path, problem }) => (
            <List.Item key={`${path} ${problem}`}>
              {path}: {problem}
            </List.Item>
          ))}
        </List>
      )}
      {body && (
        <Text size="xs" c="dimmed">
          {body.code}
          {body.request_id && ` · request ${body.request_id}`}
        </Text>
      )}
      {onRetry && (
        <Button size="xs" mt="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
