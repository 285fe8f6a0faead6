import { Controller, Inject, Req } from '@nestjs/common';
import { BASE_PATH, formatTime, sessionOperations } from '@tollgate/admin-contract';
import type { AdminSettings } from '@tollgate/config';
import { TollgateError, systemClock } from '@tollgate/domain';
import type { FastifyRequest } from 'fastify';
import { Login } from '../login/login.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { SETTINGS } from '../tokens.js';
import { FORGET_COOKIE, formatSessionCookie, readSessionCookie } from './session-cookie.js';
import { Sessions, type Session } from './sessions.js';

function format({ operator, expiresAtMs, csrfToken }: Session): object {
  return {
    name: operator.name,
    role: operator.role,
    expires_at: formatTime(expiresAtMs),
    csrf_token: csrfToken,
  };
}

function secretOf({ headers }: FastifyRequest): string {
  const secret = headers.authorization === undefined ? readSessionCookie(headers.cookie) : undefined;
  if (secret !== undefined) return secret;
  throw new TollgateError('invalid_operator_token', 'The request comes without a session.');
}

/** How the console lets operators in. */
@Controller(BASE_PATH)
export class SessionController {
  constructor(
    @Inject(SETTINGS) private readonly settings: AdminSettings,
    private readonly login: Login,
    private readonly sessions: Sessions,
  ) {}

  @Serves(sessionOperations.open)
  async open(
    @Call() { body }: CallOf<typeof sessionOperations.open>,
    @Req() request: FastifyRequest,
  ): Promise<Answer> {
    const operator = await this.login.authenticate(`Bearer ${body.token}`, request.ip);
    // A secret that was there before the login may be somebody else's: it never becomes the session's.
    const old = readSessionCookie(request.headers.cookie);
    if (old) await this.sessions.close(old);
    const { secret, session } = await this.sessions.open(operator);
    const isSecure = this.settings.strict || request.headers['x-forwarded-proto'] === 'https';
    const lifeMs = session.expiresAtMs - systemClock.now();
    return { ...answerOf(format(session)), cookie: formatSessionCookie(secret, lifeMs, isSecure) };
  }

  @Serves(sessionOperations.read)
  async read(@Req() request: FastifyRequest): Promise<Answer> {
    return answerOf(format(await this.sessions.get(secretOf(request), request.ip)));
  }

  @Serves(sessionOperations.close)
  async close(@Req() request: FastifyRequest): Promise<Answer> {
    await this.sessions.close(secretOf(request));
    return { ...answerOf(undefined), cookie: FORGET_COOKIE };
  }
}
