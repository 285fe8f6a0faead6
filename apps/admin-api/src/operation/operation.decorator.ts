import {
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { Operation } from '@tollgate/admin-contract';
import type { FastifyRequest } from 'fastify';
import type { OperationCall } from './operation-call.js';

/** Where the operation of a method is kept. */
export const OPERATION = Symbol('Operation');

const calls = new WeakMap<FastifyRequest, OperationCall>();

/** Keeps the call that a request was found to be. */
export function setCall(request: FastifyRequest, call: OperationCall): void {
  calls.set(request, call);
}

/** Lets a method of a controller serve an operation of the contract. */
export function Serves(operation: Operation): MethodDecorator {
  return applyDecorators(
    RequestMapping({ method: RequestMethod[operation.method], path: operation.path }),
    HttpCode(operation.status),
    SetMetadata(OPERATION, operation),
  );
}

/** Gives a method the checked call. */
export const Call = createParamDecorator((_: unknown, context: ExecutionContext): OperationCall => {
  const call = calls.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!call) throw new Error('The method serves no operation');
  return call;
});
