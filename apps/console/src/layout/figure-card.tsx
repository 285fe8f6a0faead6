import { Paper, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import classes from './figures.module.css';

/** One number with its name, and what it means. */
export function FigureCard({
  title,
  value,
  note,
}: {
  readonly title: string;
  readonly value: string;
  readonly note?: ReactNode;
}): ReactElement {
  return (
    <Paper withBorder p="sm">
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text size="xl" fw={600} className={classes.value}>
        {value}
      </Text>
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Paper>
  );
}

/** Figures side by side, as many as there is room for. */
export function Figures({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={classes.figures}>{children}</div>;
}
