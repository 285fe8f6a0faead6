import { Anchor, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link, Route, Routes } from 'react-router';
import { AuditScreen } from './audit/audit-screen.js';
import { ConsoleShell } from './layout/console-shell.js';
import { OverviewScreen } from './overview/overview-screen.js';
import { SystemScreen } from './system/system-screen.js';
import { TenantScreen } from './tenant/tenant-screen.js';
import { TenantsScreen } from './tenants/tenants-screen.js';
import { UsageScreen } from './usage/usage-screen.js';

/** Which screen an address shows. */
export function ConsoleRoutes(): ReactElement {
  return (
    <Routes>
      <Route element={<ConsoleShell />}>
        <Route index element={<OverviewScreen />} />
        <Route path="tenants" element={<TenantsScreen />} />
        <Route path="tenants/:tenantId/:tab?" element={<TenantScreen />} />
        <Route path="usage" element={<UsageScreen />} />
        <Route path="audit" element={<AuditScreen />} />
        <Route path="system" element={<SystemScreen />} />
        <Route path="*" element={<NothingHere />} />
      </Route>
    </Routes>
  );
}

function NothingHere(): ReactElement {
  return (
    <>
      <Title order={1}>There is nothing here</Title>
      <Text>
        Go on to the{' '}
        <Anchor component={Link} to="/" underline="always">
          start
        </Anchor>
        .
      </Text>
    </>
  );
}
