import { agentAnswer } from '../agents/agent-operations.js';
import { webhookDeliveryAnswer, webhookEndpointAnswer } from '../alerts/alert-operations.js';
import { auditAnswer, auditVerdictAnswer } from '../audit/audit-operations.js';
import { budgetAnswer } from '../budget/budget-operations.js';
import { increaseAnswer } from '../budget/increase-operations.js';
import { invoiceAnswer, invoiceSummaryAnswer } from '../invoices/invoice-operations.js';
import { ledgerEntryAnswer } from '../ledger/ledger-operations.js';
import { issuedKeyAnswer, keyAnswer, keyBody } from '../keys/key-operations.js';
import { modelAnswer, resolutionAnswer } from '../models/model-operations.js';
import { BASE_PATH, isRepeatable, type Operation } from '../operation.js';
import { OPERATIONS } from '../operations.js';
import { operatorTokenAnswer } from '../operators/operator-operations.js';
import { SESSION_COOKIE, sessionAnswer } from '../session/session-operations.js';
import { policyAnswer, policyBody, tenantAnswer, tenantBody } from '../tenants/tenant-schemas.js';
import { usageAnswer } from '../usage/usage-operations.js';
import type { z } from 'zod';
import { inputSchema, parametersOf, type JsonSchema } from './json-schema.js';
import { problem, problemAnswers } from './problem-answers.js';

const DESCRIPTION =
  "The API for Tollgate's operators. Lists are pages; a change of something that is there names its edition in If-Match; a POST has an Idempotency-Key; refusals are problems of RFC 9457; amounts stand as dollars and as nano-dollars side by side.";

/** The schemas that have a name of their own; all others stand where they are used. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Tenant: tenantAnswer,
  TenantSettings: tenantBody,
  Policy: policyAnswer,
  PolicyInput: policyBody,
  Key: keyAnswer,
  IssuedKey: issuedKeyAnswer,
  KeyInput: keyBody,
  Agent: agentAnswer,
  Budget: budgetAnswer,
  BudgetIncrease: increaseAnswer,
  Usage: usageAnswer,
  InvoiceSummary: invoiceSummaryAnswer,
  Invoice: invoiceAnswer,
  LedgerEntry: ledgerEntryAnswer,
  WebhookEndpoint: webhookEndpointAnswer,
  WebhookDelivery: webhookDeliveryAnswer,
  Model: modelAnswer,
  Resolution: resolutionAnswer,
  AuditEntry: auditAnswer,
  AuditVerdict: auditVerdictAnswer,
  OperatorToken: operatorTokenAnswer,
  Session: sessionAnswer,
  Problem: problem,
};
const NAMES = new Map(Object.entries(NAMED).map(([name, schema]) => [schema, name]));

function schemaOf(schema: z.ZodType): JsonSchema {
  const name = NAMES.get(schema);
  return name === undefined ? inputSchema(schema) : { $ref: `#/components/schemas/${name}` };
}

const header = (name: string, description: string): object => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

function parameters(operation: Operation): object[] {
  return [
    ...parametersOf(operation.params, 'path'),
    ...parametersOf(operation.query, 'query'),
    ...(operation.changesEdition ? [header('If-Match', 'The ETag of the edition that is changed.')] : []),
    ...(isRepeatable(operation)
      ? [
          header(
            'Idempotency-Key',
            'New for each action; sent again with the same request, it gets the same answer.',
          ),
        ]
      : []),
  ];
}

function describe(operation: Operation): object {
  const { id, tag, summary, description, role, body, answer, status, hasEtag } = operation;
  const media = operation.media ?? ['application/json'];
  const etag = { ETag: { description: 'The edition.', schema: { type: 'string' } } };
  return {
    operationId: id,
    ...(operation.isOpen ? { security: [] } : {}),
    tags: [tag],
    summary,
    description: [description, `Needs the role \`${role}\`.`].filter(Boolean).join(' '),
    parameters: parameters(operation),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }
      : {}),
    responses: {
      [status]: {
        description: 'Done.',
        ...(hasEtag ? { headers: etag } : {}),
        ...(answer
          ? { content: Object.fromEntries(media.map((type) => [type, { schema: schemaOf(answer) }])) }
          : {}),
      },
      ...problemAnswers(operation),
    },
  };
}

/** The API as an OpenAPI document of version 3.1. */
export function createOpenapiDocument(): JsonSchema {
  const byPath = Map.groupBy(OPERATIONS, ({ path }) => `${BASE_PATH}${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  return {
    openapi: '3.1.0',
    info: { title: 'Tollgate admin API', version: '1', description: DESCRIPTION },
    security: [{ bearer: [] }, { session: [] }],
    paths: Object.fromEntries(
      [...byPath].map(([path, operations]) => [
        path,
        Object.fromEntries(operations.map((each) => [each.method.toLowerCase(), describe(each)])),
      ]),
    ),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
      },
      schemas: Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, inputSchema(schema)])),
    },
  };
}
