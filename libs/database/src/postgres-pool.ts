import pg from 'pg';

/** How a pool behaves when Postgres is slow or gone. */
export interface PostgresPoolOptions {
  readonly url: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /** The longest one statement may take, on both sides of the wire. */
  readonly statementTimeoutMs: number;
  /** Told of connections that break while idle; the pool replaces them. */
  readonly onIdleError: (error: Error) => void;
}

/** A pool whose every wait is bounded. */
export function createPostgresPool(options: PostgresPoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + 1000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'tollgate',
  });
  pool.on('error', options.onIdleError);
  return pool;
}
