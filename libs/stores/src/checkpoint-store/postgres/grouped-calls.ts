import pg from 'pg';

/** How calls are grouped. */
export interface GroupedCallsOptions<Call, Answer> {
  /** In one transaction, so that none takes effect when Postgres refuses one; answers in the order of the calls. */
  readonly callTogether: (calls: readonly Call[]) => Promise<readonly Answer[]>;
  readonly maxGroup: number;
  readonly maxUnderWay: number;
  readonly maxWaiting: number;
  /** What a call fails with when too many wait already, or Postgres does not answer. */
  readonly toError: (cause?: unknown) => unknown;
}

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Calls to the database that share round trips when there are many: a call goes at once while few are under way; those
 * that come meanwhile leave together. What a client sends costs more than what Postgres does for one call.
 */
export class GroupedCalls<Call, Answer> {
  #waiting: Waiting<Call, Answer>[] = [];
  #underWay = 0;

  constructor(private readonly options: GroupedCallsOptions<Call, Answer>) {}

  call(call: Call): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (this.#waiting.length >= this.options.maxWaiting) reject(this.options.toError());
    else this.#waiting.push({ call, resolve, reject });
    this.#start();
    return promise;
  }

  #start(): void {
    const { maxGroup, maxUnderWay } = this.options;
    if (this.#underWay >= maxUnderWay || this.#waiting.length === 0) return;
    const group = this.#waiting.slice(0, maxGroup);
    this.#waiting = this.#waiting.slice(maxGroup);
    this.#underWay += 1;
    void this.#make(group).finally(() => {
      this.#underWay -= 1;
      this.#start();
    });
  }

  async #make(group: readonly Waiting<Call, Answer>[]): Promise<void> {
    try {
      const answers = await this.options.callTogether(group.map(({ call }) => call));
      group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      // Postgres has taken all of it back; whose fault it was is seen when each goes alone. When it says that the
      // connection ends (FATAL), or says nothing, nobody knows what was done.
      const isRefused = error instanceof pg.DatabaseError && error.severity === 'ERROR';
      if (isRefused && group.length > 1) await Promise.all(group.map((waiting) => this.#make([waiting])));
      else for (const { reject } of group) reject(this.options.toError(error));
    }
  }
}
