import pg from 'pg';

/** How a pool behaves when Postgres is slow or gone. */
export interface PostgresPoolOptions {
  readonly url: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /**
   * Whether statements keep their names (they are prepared once for a connection); default true. False for a pooler in
   * transaction mode: there is nothing then that a later statement would find on another connection, and no parameter
   * at its start that the pooler would refuse.
   */
  readonly namedStatements?: boolean;
  /** The longest one statement may take, on both sides of the wire. */
  readonly statementTimeoutMs: number;
  /** Told of connections that break while idle; the pool replaces them. */
  readonly onIdleError: (error: Error) => void;
}

/** A pool whose every wait is bounded. */
export function createPostgresPool(options: PostgresPoolOptions): pg.Pool {
  const { namedStatements = true } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    ...(namedStatements ? { statement_timeout: options.statementTimeoutMs } : {}),
    query_timeout: options.statementTimeoutMs + 1000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'tollgate',
  });
  pool.on('error', options.onIdleError);
  if (!namedStatements) dropNames(pool);
  return pool;
}

function dropNames(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const nameless = (config: unknown): unknown =>
    typeof config === 'object' ? { ...config, name: undefined } : config;
  Object.assign(pool, { query: (config: unknown, ...rest: unknown[]) => query(nameless(config), ...rest) });
}
