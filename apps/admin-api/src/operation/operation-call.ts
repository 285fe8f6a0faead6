import type { Operation } from '@tollgate/admin-contract';
import type { z } from 'zod';
import type { Operator } from '../login/operator.js';

/** A request for an operation, checked. */
export interface OperationCall<P = unknown, Q = unknown, B = unknown> {
  readonly operation: Operation;
  readonly operator: Operator;
  readonly params: P;
  readonly query: Q;
  /** Undefined when the operation has none. */
  readonly body: B;
  /** The edition that If-Match names; 0 when the operation changes none. */
  readonly version: number;
  /** Undefined when the operation needs none. */
  readonly idempotencyKey: string | undefined;
  /** SHA-256 of method, path, If-Match and body: whether a request is the same as another one. */
  readonly fingerprint: Buffer;
  /** UUID version 7. */
  readonly requestId: string;
}

/** The call of a certain operation. */
export type CallOf<O extends Operation> = OperationCall<
  z.output<O['params']>,
  z.output<O['query']>,
  O extends { readonly body: infer B extends z.ZodType } ? z.output<B> : undefined
>;
