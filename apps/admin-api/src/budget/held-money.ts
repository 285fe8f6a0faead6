import { RedisBudgetStore, connectRedis, type Ledger } from '@tollgate/stores';

type Redis = ReturnType<typeof connectRedis>;

const REPLY_TIMEOUT_MS = 1000;

/** Asks Redis for the money that gateways hold for calls under way. It only reads, and takes no part in the upkeep. */
export class HeldMoney {
  readonly #redis: Redis | undefined;
  readonly #store: RedisBudgetStore | undefined;

  /** `redisUrl` is undefined where budgets are in the memory of a gateway, out of reach. */
  constructor(redisUrl: string | undefined, ledger: Ledger) {
    if (redisUrl === undefined) return;
    // Errors reach those who ask.
    this.#redis = connectRedis(redisUrl, { replyTimeoutMs: REPLY_TIMEOUT_MS }, () => undefined);
    this.#store = new RedisBudgetStore({
      redis: this.#redis,
      totals: ledger,
      onBackgroundError: () => undefined,
    });
  }

  async start(): Promise<void> {
    await this.#redis?.connect().catch(() => undefined); // It reconnects for ever.
  }

  stop(): void {
    this.#redis?.disconnect();
  }

  /** In nano-USD; undefined when nobody can say. */
  async find(tenantId: string, month: string): Promise<number | undefined> {
    try {
      const windows = await this.#store?.readWindows(tenantId, [{ scope: 't', window: month }]);
      return windows?.[0]?.heldNanoUsd;
    } catch {
      return undefined; // Redis is away: the ledger's part of the answer is true all the same
    }
  }
}
