import type { ReactElement } from 'react';
import { ScreenTitle } from '../layout/screen-title.js';
import { HealthTable } from './health-table.js';

/** How the system is, and which version runs. */
export function SystemScreen(): ReactElement {
  return (
    <>
      <ScreenTitle title="System" />
      <HealthTable />
    </>
  );
}
