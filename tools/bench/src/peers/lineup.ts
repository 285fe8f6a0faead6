import type { BenchContext } from '../run/bench-context.js';
import type { Peer, RunningPeer } from './peer.js';

/** A peer that runs, by its name. */
export interface NamedPeer extends RunningPeer {
  readonly name: string;
}

/** The peers of one figure side by side. One that fails drops out, with its reason, and the others go on. */
export class Lineup {
  readonly failures = new Map<string, string>();
  readonly #running = new Map<string, NamedPeer>();

  private constructor(
    private readonly context: BenchContext,
    readonly names: readonly string[],
  ) {}

  /** Starts the peers one after the other. */
  static async start(context: BenchContext, peers: readonly Peer[]): Promise<Lineup> {
    const lineup = new Lineup(
      context,
      peers.map(({ name }) => name),
    );
    for (const configured of peers) {
      const { name } = configured;
      context.say(`starting ${name}`);
      try {
        const peer = await configured.start(context);
        lineup.#running.set(name, { ...peer, name });
      } catch (error) {
        lineup.#fail(name, error);
      }
    }
    return lineup;
  }

  /** Does the same with each peer in turn; a peer for which it fails is stopped and left out from then on. */
  async each(step: string, work: (peer: NamedPeer) => Promise<void>): Promise<void> {
    for (const peer of [...this.#running.values()]) {
      this.context.say(`${peer.name}: ${step}`);
      try {
        await work(peer);
      } catch (error) {
        this.#fail(peer.name, error);
        this.#running.delete(peer.name);
        await peer.stop();
      }
    }
  }

  /** Ends what still runs. */
  async stop(): Promise<void> {
    for (const peer of this.#running.values()) await peer.stop();
    this.#running.clear();
  }

  #fail(name: string, error: unknown): void {
    if (this.context.cleanup.isOver) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    this.failures.set(name, reason);
    this.context.say(`${name} failed: ${reason}`);
  }
}
