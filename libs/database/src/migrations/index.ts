import { Ledger1763856000000 } from './1763856000000-ledger.js';
import { Tenants1763856000001 } from './1763856000001-tenants.js';
import { ModelPolicy1763942400000 } from './1763942400000-model-policy.js';

/** Every migration, oldest first. */
export const MIGRATIONS = [Ledger1763856000000, Tenants1763856000001, ModelPolicy1763942400000];

/** Where the names of those that ran are kept. */
export const MIGRATIONS_TABLE = 'tollgate_migrations';
