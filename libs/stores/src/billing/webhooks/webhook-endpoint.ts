import { z } from 'zod';
import { name } from '../input-shapes.js';

/** The thresholds that alerts are raised at, in percent of a budget. */
export const ALERT_THRESHOLDS = [50, 80, 100] as const;

const url = z
  .string()
  .max(2000)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, username, password, hash } = new URL(text);
    return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
  }, 'Must be an http or https URL without user, password and fragment');

const thresholds = z
  .array(z.union(ALERT_THRESHOLDS.map((percent) => z.literal(percent))))
  .min(1)
  .max(ALERT_THRESHOLDS.length)
  .refine((list) => new Set(list).size === list.length, 'Must name each once');

/** An endpoint to be made. */
export const endpointDraft = z.strictObject({
  tenantId: name.optional(),
  url,
  thresholds: thresholds.default([...ALERT_THRESHOLDS]),
});

/** What of an endpoint is to be changed. */
export const endpointPatch = z.strictObject({
  url: url.optional(),
  thresholds: thresholds.optional(),
  isEnabled: z.boolean().optional(),
});

/** An endpoint to be made; without a tenant it is told of all tenants' alerts. Thresholds: all by default. */
export type EndpointDraft = z.input<typeof endpointDraft>;

/** What of an endpoint is to be changed; what is absent stays. */
export type EndpointPatch = z.input<typeof endpointPatch>;

/** Whom alerts are sent to, without the secret. */
export interface WebhookEndpoint {
  readonly id: string;
  /** Undefined: the alerts of all tenants. */
  readonly tenantId: string | undefined;
  readonly url: string;
  readonly thresholds: readonly number[];
  readonly isEnabled: boolean;
  /** ms since the epoch. */
  readonly createdAtMs: number;
  /** Its edition: another with each change. */
  readonly version: number;
}
