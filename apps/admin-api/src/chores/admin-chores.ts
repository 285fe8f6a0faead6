import type { Environment } from '@tollgate/config';
import { systemClock } from '@tollgate/domain';
import { AddressPolicy, UsageRoller, WebhookDeliverer, WebhookLog } from '@tollgate/stores';
import type { Pool } from 'pg';
import type { Chore } from './chores.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 1440 * MINUTE_MS;
/** How long the log of deliveries is kept after their end. */
const LOG_MS = 30 * DAY_MS;

/** What admin APIs do beside answering: usage is added up, webhooks are sent, and their log is kept short. */
export function createChores(pool: Pool, { WEBHOOK_ALLOWED_ADDRESSES }: Environment): Chore[] {
  const clock = systemClock;
  const roller = new UsageRoller({ pool });
  const deliverer = new WebhookDeliverer({
    pool,
    clock,
    policy: new AddressPolicy(WEBHOOK_ALLOWED_ADDRESSES),
  });
  const log = new WebhookLog({ pool, clock });
  return [
    { name: 'usage_rollup', everyMs: MINUTE_MS, run: async () => (await roller.run()).hours },
    {
      name: 'webhook_delivery',
      everyMs: SECOND_MS,
      run: async (signal) => {
        let sent = 0;
        for (let batch = -1; batch !== 0 && !signal.aborted; sent += batch) batch = await deliverer.run();
        return sent;
      },
    },
    { name: 'webhook_log_prune', everyMs: DAY_MS, run: () => log.prune(clock.now() - LOG_MS) },
  ];
}
