import { agentOperations } from './agents/agent-operations.js';
import { alertOperations } from './alerts/alert-operations.js';
import { auditOperations } from './audit/audit-operations.js';
import { budgetOperations } from './budget/budget-operations.js';
import { increaseOperations } from './budget/increase-operations.js';
import { invoiceOperations } from './invoices/invoice-operations.js';
import { keyOperations } from './keys/key-operations.js';
import { ledgerOperations } from './ledger/ledger-operations.js';
import { modelOperations } from './models/model-operations.js';
import type { Operation } from './operation.js';
import { operatorOperations } from './operators/operator-operations.js';
import { sessionOperations } from './session/session-operations.js';
import { tenantOperations } from './tenants/tenant-operations.js';
import { usageOperations } from './usage/usage-operations.js';

/** Every operation of the API, in the order of the reference: a new resource is a folder and a line here. */
export const OPERATIONS: readonly Operation[] = [
  tenantOperations,
  keyOperations,
  agentOperations,
  budgetOperations,
  increaseOperations,
  usageOperations,
  invoiceOperations,
  ledgerOperations,
  alertOperations,
  modelOperations,
  auditOperations,
  operatorOperations,
  sessionOperations,
].flatMap((operations) => Object.values<Operation>(operations));
