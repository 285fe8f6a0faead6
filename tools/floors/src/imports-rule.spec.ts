import { describe, expect, it } from '@jest/globals';
import { findFault } from './imports-rule.js';
import type { WorkspacePackage } from './workspace-package.js';

const whole: WorkspacePackage = {
  name: '@tollgate/whole',
  folder: '/house/apps/whole',
  floor: 'whole',
  specifiers: [],
};
const open: WorkspacePackage = {
  name: '@tollgate/open',
  folder: '/house/apps/open',
  floor: 'apps',
  specifiers: ['@tollgate/open', '@tollgate/open/module'],
};
const closed: WorkspacePackage = {
  name: '@tollgate/closed',
  folder: '/house/apps/closed',
  floor: 'apps',
  specifiers: [],
};
const packages = [whole, open, closed];

function faultOf(own: WorkspacePackage, specifier: string): string | undefined {
  return findFault({ specifier, file: `${own.folder}/src/folder/file.ts`, own, packages });
}

describe('an import', () => {
  it('of an app is for the top floor, through what the app exports', () => {
    expect(faultOf(whole, '@tollgate/open')).toBeUndefined();
    expect(faultOf(whole, '@tollgate/open/module')).toBeUndefined();
    expect(faultOf(whole, '@tollgate/open/src/main')).toMatch(/not among the exports/);
    expect(faultOf(whole, '@tollgate/closed')).toMatch(/not among the exports/);
    expect(faultOf(open, '@tollgate/closed')).toMatch(/imports point down/);
    expect(faultOf(open, '@tollgate/whole')).toMatch(/imports point down/);
  });

  it('of the own package is relative and stays inside', () => {
    expect(faultOf(open, '../file.js')).toBeUndefined();
    expect(faultOf(open, '../../../closed/src/file.js')).toMatch(/leaves @tollgate\/open/);
    expect(faultOf(open, '@tollgate/open')).toMatch(/imports itself/);
  });

  it('from outside the workspace is no matter of floors', () => {
    expect(faultOf(open, 'node:fs')).toBeUndefined();
    expect(faultOf(open, '@tollgate/open-source')).toBeUndefined();
  });
});
