import { z } from 'zod';
import { ROLES, defineOperation } from '../operation.js';
import { time } from '../wire/members.js';

const tag = 'session';
const MAX_TOKEN_LENGTH = 8192;

/** The cookie that a session of the console is kept in. */
export const SESSION_COOKIE = 'tollgate_session';

/** The header that each change with a session needs, with the session's `csrf_token`. */
export const CSRF_HEADER = 'x-csrf-token';

/** A session of the console. */
export const sessionAnswer = z.strictObject({
  name: z.string().meta({ description: 'Of whoever it lets in.' }),
  role: z.enum(ROLES),
  expires_at: time,
  csrf_token: z.string().meta({ description: `What each change has to carry in the header ${CSRF_HEADER}.` }),
});

/** How the console lets operators in. Everybody else sends a token with each request. */
export const sessionOperations = {
  open: defineOperation({
    id: 'openSession',
    tag,
    summary: 'Open a session for the holder of a token',
    description: `The answer sets the cookie \`${SESSION_COOKIE}\` (HttpOnly, SameSite=Strict). A session that the request came with ends.`,
    method: 'POST',
    path: '/session',
    isOpen: true,
    body: z.strictObject({ token: z.string().min(1).max(MAX_TOKEN_LENGTH) }),
    answer: sessionAnswer,
    status: 201,
  }),
  read: defineOperation({
    id: 'readSession',
    tag,
    summary: 'Say whom the session lets in',
    method: 'GET',
    path: '/session',
    answer: sessionAnswer,
  }),
  close: defineOperation({
    id: 'closeSession',
    tag,
    summary: 'End the session, everywhere and at once',
    method: 'DELETE',
    path: '/session',
    status: 204,
  }),
};
