import { isDeepStrictEqual } from 'node:util';

/** One member that a change changes. */
export interface MemberChange {
  readonly setting: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The members in which two objects of the same members differ. */
export function findChanges(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): MemberChange[] {
  return Object.keys(after)
    .filter((setting) => !isDeepStrictEqual(before[setting], after[setting]))
    .map((setting) => ({ setting, before: before[setting], after: after[setting] }));
}
