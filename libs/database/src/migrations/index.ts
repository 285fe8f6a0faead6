import { Ledger1763856000000 } from './1763856000000-ledger.js';
import { Tenants1763856000001 } from './1763856000001-tenants.js';
import { ModelPolicy1763942400000 } from './1763942400000-model-policy.js';
import { Attempts1764028800000 } from './1764028800000-attempts.js';
import { Checkpoints1764115200000 } from './1764115200000-checkpoints.js';
import { Admin1764205200000 } from './1764205200000-admin.js';
import { Billing1764374400000 } from './1764374400000-billing.js';
import { Console1764460800000 } from './1764460800000-console.js';

/** Every migration, oldest first. */
export const MIGRATIONS = [
  Ledger1763856000000,
  Tenants1763856000001,
  ModelPolicy1763942400000,
  Attempts1764028800000,
  Checkpoints1764115200000,
  Admin1764205200000,
  Billing1764374400000,
  Console1764460800000,
];

/** Where the names of those that ran are kept. */
export const MIGRATIONS_TABLE = 'tollgate_migrations';
