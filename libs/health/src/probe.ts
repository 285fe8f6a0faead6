/** What a probe found. */
export interface ProbeResult {
  readonly status: 'up' | 'down';
  readonly latencyMs: number;
}

/**
 * Looks at one dependency. The look is bounded in time and shared: whoever asks while one is under way waits for
 * its result, so that no crowd of health checks can load a dependency that is already in trouble.
 */
export class Probe {
  #running: Promise<ProbeResult> | undefined;

  constructor(
    readonly name: string,
    private readonly check: () => Promise<unknown>,
    private readonly timeoutMs: number,
  ) {}

  run(): Promise<ProbeResult> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #look(): Promise<ProbeResult> {
    const startMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'down'>(
      (resolve) => (timer = setTimeout(() => resolve('down'), this.timeoutMs)),
    );
    const look = this.#isUp();
    const status = await Promise.race([look, timeout]);
    clearTimeout(timer);
    return { status, latencyMs: Math.round((performance.now() - startMs) * 100) / 100 };
  }

  async #isUp(): Promise<ProbeResult['status']> {
    try {
      await this.check();
      return 'up';
    } catch {
      return 'down'; // Why is the dependency's own log line; here only that it is.
    }
  }
}
