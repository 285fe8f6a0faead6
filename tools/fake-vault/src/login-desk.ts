import { errorAnswer, type Answer } from './answer.js';
import type { Grant, TokenBook } from './token-book.js';

interface Login {
  readonly namespace: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly grant: Grant;
}

/** Who may log in, where and with what. */
export class LoginDesk {
  #logins: Login[] = [];

  constructor(private readonly tokens: TokenBook) {}

  /** Lets in whoever brings these fields to `auth/<mount>/login`. */
  add(mount: string, fields: Readonly<Record<string, string>>, grant: Grant, namespace = ''): void {
    this.#logins.push({ path: `auth/${mount}/login`, fields, grant, namespace });
  }

  /** Lets nobody in any more. */
  clear(): void {
    this.#logins = [];
  }

  /** Answers a login; undefined when no auth method is mounted there. */
  answer(path: string, namespace: string, body: unknown): Answer | undefined {
    const here = this.#logins.filter((login) => login.path === path && login.namespace === namespace);
    if (here.length === 0) return undefined;
    const given = (typeof body === 'object' ? body : null) as Record<string, unknown> | null;
    const match = here.find(({ fields }) =>
      Object.entries(fields).every(([name, value]) => given?.[name] === value),
    );
    if (match) return this.tokens.describe(this.tokens.issue(match.grant, namespace));
    return given && 'role_id' in given
      ? errorAnswer(400, 'invalid role or secret ID')
      : errorAnswer(403, 'permission denied');
  }
}
