import { Anchor, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { NavLink, Outlet } from 'react-router';
import { forgetSession } from '../api/session-holder.js';
import { logOut } from '../session/session-client.js';
import { useSession } from '../session/session-context.js';
import { SchemeToggle } from './scheme-toggle.js';
import classes from './console-shell.module.css';

const SCREENS = [
  ['/', 'Overview'],
  ['/tenants', 'Tenants'],
  ['/usage', 'Usage'],
  ['/audit', 'Audit'],
  ['/system', 'System'],
] as const;

/** What stands around every screen: the way to the others, who is logged in, light or dark. */
export function ConsoleShell(): ReactElement {
  const session = useSession();
  const leaving = useMutation({ mutationFn: logOut, onSettled: forgetSession });
  return (
    <div className={classes.shell}>
      <Anchor href="#content" className={classes.skip}>
        Skip to the content
      </Anchor>
      <header className={classes.header}>
        <Text fw={700}>Tollgate</Text>
        <nav aria-label="Screens" className={classes.screens}>
          {SCREENS.map(([path, title]) => (
            <NavLink key={path} to={path} end={path === '/'} className={classes.screen}>
              {title}
            </NavLink>
          ))}
        </nav>
        <Group gap="xs" className={classes.operator}>
          <Text size="sm">
            {session.name} ({session.role})
          </Text>
          <SchemeToggle />
          <Button size="xs" variant="default" loading={leaving.isPending} onClick={() => leaving.mutate()}>
            Log out
          </Button>
        </Group>
      </header>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
