import type { Probe, ProbeResult } from './probe.js';

/** What a service knows of its own fitness. */
export interface ServiceHealthOptions {
  /** Its name in the answers of readiness; default `gateway`. */
  readonly service?: string;
  readonly version: string;
  readonly probes: readonly Probe[];
  /** Why requests would be refused now, apart from the probes; undefined when they would not. */
  readonly refusalReason: () => string | undefined;
  /** Probes without which every request is refused. */
  readonly required: (probeName: string) => boolean;
}

/** The body of GET /health. */
export interface HealthReport {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly timestamp: string;
  readonly version: string;
  readonly components: Readonly<
    Record<string, { readonly status: 'up' | 'down'; readonly latency_ms: number }>
  >;
}

/** Answers whether a service and its dependencies are well. */
export class ServiceHealth {
  constructor(private readonly options: ServiceHealthOptions) {}

  get service(): string {
    return this.options.service ?? 'gateway';
  }

  async report(): Promise<HealthReport> {
    const results = await this.#probe();
    const refusing = this.#refusal(results) !== undefined;
    const anyDown = results.some(([, { status }]) => status === 'down');
    return {
      status: refusing ? 'unhealthy' : anyDown ? 'degraded' : 'healthy',
      timestamp: new Date().toISOString(),
      version: this.options.version,
      components: Object.fromEntries(
        results.map(([name, { status, latencyMs }]) => [name, { status, latency_ms: latencyMs }]),
      ),
    };
  }

  /** Why a request would be refused now; undefined when it would not. */
  async findRefusal(): Promise<string | undefined> {
    return this.options.refusalReason() ?? this.#refusal(await this.#probe());
  }

  #probe(): Promise<[string, ProbeResult][]> {
    return Promise.all(
      this.options.probes.map(async (probe): Promise<[string, ProbeResult]> => [
        probe.name,
        await probe.run(),
      ]),
    );
  }

  #refusal(results: readonly [string, ProbeResult][]): string | undefined {
    const down = results.find(([name, { status }]) => status === 'down' && this.options.required(name));
    return this.options.refusalReason() ?? (down && `${down[0]} is down`);
  }
}
