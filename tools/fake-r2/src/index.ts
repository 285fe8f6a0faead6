export * from './fake-r2.js';
export type { Fault, FaultRule } from './fault.js';
export type { FaultBook } from './fault-book.js';
export type { ObjectShelf, StoredObject } from './object-shelf.js';
export type { Operation } from './operation.js';
export type { LoggedOperation, OperationLog } from './operation-log.js';
export type { Credentials } from './signature.js';
