import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Operation } from '@tollgate/admin-contract';
import type { FastifyRequest } from 'fastify';
import { OPERATION } from '../operation/operation.decorator.js';
import { RequestsInFlight } from '../requests-in-flight.js';
import { Login } from './login.js';
import { requireRole, type Operator } from './operator.js';

const operators = new WeakMap<FastifyRequest, Operator>();

/** Who was let in with a request. */
export function operatorOf(request: FastifyRequest): Operator {
  const operator = operators.get(request);
  if (!operator) throw new Error('The request has passed no guard');
  return operator;
}

/** Lets operators in whose role may do what they ask for. */
@Injectable()
export class LoginGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly login: Login,
    private readonly requests: RequestsInFlight,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.reflector.get<Operation | undefined>(OPERATION, context.getHandler());
    if (!operation) return true; // health, metrics and the reference are for everybody
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    this.requests.enter();
    try {
      const operator = await this.login.authenticate(request.headers.authorization, request.ip);
      requireRole(operator, operation.role);
      operators.set(request, operator);
    } finally {
      this.requests.leave();
    }
    return true;
  }
}
