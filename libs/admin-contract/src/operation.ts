import type { ErrorCode } from '@tollgate/domain';
import { z } from 'zod';

/** What operators may do, each role all that those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/** Where the API stands on the server. */
export const BASE_PATH = '/admin/v1';

/** One operation of the API: what checks its requests is what describes them. */
export interface Operation {
  /** Unique, in camelCase. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After the base path, with `:name` for each member of `params`. */
  readonly path: string;
  /** The least role that may. */
  readonly role: Role;
  /** Whether nobody has to be let in for it. */
  readonly isOpen: boolean;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Absent: the request has none. */
  readonly body?: z.ZodObject;
  /** Absent: the answer has no body. */
  readonly answer?: z.ZodType;
  /** What the answer may be beside problems; default: JSON. */
  readonly media?: readonly string[];
  readonly status: 200 | 201 | 204;
  /** Whether it changes something that is there, so that If-Match must name its edition. */
  readonly changesEdition: boolean;
  /** Whether the answer has an ETag. */
  readonly hasEtag: boolean;
  /** What can go wrong beside what can go wrong with every operation. */
  readonly errors: readonly ErrorCode[];
}

/** Whether it does something anew each time, so that it needs an Idempotency-Key: a POST, unless it only looks. */
export const isRepeatable = ({ method, role }: Operation): boolean => method === 'POST' && role !== 'viewer';

const none = z.strictObject({});
const DEFAULTS = {
  role: 'viewer',
  isOpen: false,
  params: none,
  query: none,
  status: 200,
  changesEdition: false,
  hasEtag: false,
  errors: [],
} as const satisfies Partial<Operation>;

type Defaults = typeof DEFAULTS;

/** Completes an operation and keeps the types of its schemas. */
export function defineOperation<const O extends Partial<Operation> & Omit<Operation, keyof Defaults>>(
  operation: O,
): Omit<Defaults, keyof O> & O {
  return { ...DEFAULTS, ...operation };
}
