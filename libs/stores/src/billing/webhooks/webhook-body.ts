import { formatUsd } from '@tollgate/domain';

/** What a message is about, as it was queued. */
export interface QueuedMessage {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAtMs: number;
}

/** The body of a message, the same for each attempt; each amount in nano-USD has its decimal dollars beside it. */
export function webhookBody({ type, data, createdAtMs }: QueuedMessage): string {
  const entries = Object.entries(data).flatMap(([name, value]) =>
    name.endsWith('_nano_usd')
      ? [
          [name, value],
          [name.replace('_nano', ''), typeof value === 'number' ? formatUsd(value) : null],
        ]
      : [[name, value]],
  );
  return JSON.stringify({
    type,
    timestamp: new Date(createdAtMs).toISOString(),
    data: Object.fromEntries(entries) as object,
  });
}
