import type { Pool } from 'pg';

/** Connections of their own for exports, which keep one as long as their reader takes: others never wait for them. */
export class ExportPool {
  constructor(readonly pool: Pool) {}
}
