import type { Role } from '@tollgate/admin-contract';
import { updateRow, type Queryable } from '@tollgate/database';
import { TollgateError } from '@tollgate/domain';
import { createApiKey, type Edit } from '@tollgate/tenant-config';

/** A token as it is stored, without its hash; times are ms since the epoch. */
export interface OperatorToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
  readonly version: number;
}

/** What a login needs to know of a token. */
export interface TokenSecret extends Pick<OperatorToken, 'name' | 'role' | 'expiresAtMs' | 'revokedAtMs'> {
  readonly secretSha256: Buffer;
}

/** What a new token is made of. */
export interface TokenDraft {
  readonly name: string;
  readonly role: Role;
  readonly expiresAtMs: number | undefined;
  readonly createdBy: string;
}

type Row = Readonly<Record<string, unknown>>;

const USED_EVERY = '1 minute';
const milliseconds = (column: string): string =>
  `(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}_ms`;
const TIMES = ['created_at', 'updated_at', 'expires_at', 'revoked_at', 'last_used_at'].map(milliseconds);
const COLUMNS = ['id', 'name', 'role', 'created_by', 'version', ...TIMES].join(', ');

const time = (value: unknown): number | undefined => (value === null ? undefined : Number(value));

function toToken(row: Row): OperatorToken {
  return {
    id: String(row['id']),
    name: String(row['name']),
    role: row['role'] as Role,
    createdBy: String(row['created_by']),
    createdAtMs: Number(row['created_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
    expiresAtMs: time(row['expires_at_ms']),
    revokedAtMs: time(row['revoked_at_ms']),
    lastUsedAtMs: time(row['last_used_at_ms']),
    version: Number(row['version']),
  };
}

const notFound = (): TollgateError =>
  new TollgateError('operator_token_not_found', 'There is no operator token with this id.');

/** Operators' tokens in Postgres, of which only hashes are kept. */
export class OperatorTokens {
  constructor(private readonly client: Queryable) {}

  async findSecret(id: string): Promise<TokenSecret | undefined> {
    const { rows } = await this.client.query<Row>(
      `SELECT secret_sha256, ${COLUMNS} FROM operator_tokens WHERE id = $1`,
      [id],
    );
    return rows[0] && { ...toToken(rows[0]), secretSha256: rows[0]['secret_sha256'] as Buffer };
  }

  /** Writes down that a token was used, once a minute. */
  async markUsed(id: string, nowMs: number): Promise<void> {
    const now = new Date(nowMs);
    await this.client.query(
      `UPDATE operator_tokens SET last_used_at = $2
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '${USED_EVERY}')`,
      [id, now],
    );
  }

  /** @throws TollgateError `operator_token_not_found` */
  async get(id: string): Promise<OperatorToken> {
    const { rows } = await this.client.query<Row>(`SELECT ${COLUMNS} FROM operator_tokens WHERE id = $1`, [
      id,
    ]);
    if (!rows[0]) throw notFound();
    return toToken(rows[0]);
  }

  /** Tokens by id: at most `limit` whose ids come after `after`. */
  async list(page: {
    readonly limit: number;
    readonly after?: string | undefined;
  }): Promise<OperatorToken[]> {
    const { rows } = await this.client.query<Row>(
      `SELECT ${COLUMNS} FROM operator_tokens WHERE id > $1 ORDER BY id LIMIT $2`,
      [page.after ?? '', page.limit],
    );
    return rows.map(toToken);
  }

  /** Makes a token; its secret cannot be read again. */
  async create(draft: TokenDraft): Promise<{ readonly token: OperatorToken; readonly secret: string }> {
    const { id, secret, secretSha256 } = createApiKey('tgo');
    const expiresAt = draft.expiresAtMs === undefined ? null : new Date(draft.expiresAtMs);
    await this.client.query(
      `INSERT INTO operator_tokens (id, name, role, secret_sha256, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, draft.name, draft.role, Buffer.from(secretSha256, 'hex'), draft.createdBy, expiresAt],
    );
    return { token: await this.get(id), secret };
  }

  /**
   * Revokes a token for ever; one that is revoked already keeps the time at which it was.
   * @throws TollgateError `operator_token_not_found`; StaleRowError
   */
  async revoke(id: string, version: number): Promise<Edit<OperatorToken>> {
    const before = await this.get(id);
    const revokedAt = new Date(before.revokedAtMs ?? Date.now());
    await updateRow(this.client, { table: 'operator_tokens', key: { id } }, version, {
      revoked_at: revokedAt,
    });
    return { before, after: await this.get(id) };
  }
}
