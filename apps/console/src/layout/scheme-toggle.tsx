import { Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactElement } from 'react';

/** Light or dark; without a choice as the system prefers. */
export function SchemeToggle(): ReactElement {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const other = useComputedColorScheme('light') === 'light' ? 'dark' : 'light';
  return (
    <Button size="xs" variant="default" onClick={() => setColorScheme(other)}>
      {other === 'dark' ? 'Dark' : 'Light'}
    </Button>
  );
}
