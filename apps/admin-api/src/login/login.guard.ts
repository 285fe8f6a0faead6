import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CSRF_HEADER, type Operation } from '@tollgate/admin-contract';
import type { FastifyRequest } from 'fastify';
import { OPERATION } from '../operation/operation.decorator.js';
import { RequestsInFlight } from '../requests-in-flight.js';
import { Login } from './login.js';
import { readSessionCookie } from '../session/session-cookie.js';
import { Sessions, requireCsrfToken } from '../session/sessions.js';
import { requireRole, type Operator } from './operator.js';

/** Who asks for what needs nobody to be let in. */
const ANYBODY: Operator = { id: 'anybody', role: 'viewer', name: 'anybody' };

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
    private readonly sessions: Sessions,
    private readonly requests: RequestsInFlight,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.reflector.get<Operation | undefined>(OPERATION, context.getHandler());
    if (!operation) return true; // health, metrics and the reference are for everybody
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    this.requests.enter();
    try {
      const operator = operation.isOpen ? ANYBODY : await this.#authenticate(request);
      requireRole(operator, operation.role);
      operators.set(request, operator);
    } finally {
      this.requests.leave();
    }
    return true;
  }

  // A header is sent on purpose, a cookie by itself: so it counts for less, and for a change not alone.
  async #authenticate({ headers, ip, method }: FastifyRequest): Promise<Operator> {
    const secret = readSessionCookie(headers.cookie);
    if (headers.authorization !== undefined || secret === undefined)
      return this.login.authenticate(headers.authorization, ip);
    const session = await this.sessions.get(secret, ip);
    if (method !== 'GET' && method !== 'HEAD') requireCsrfToken(session, headers[CSRF_HEADER]);
    return session.operator;
  }
}
