import { SingleBar } from 'cli-progress';
import type { CostMeter } from './r2-cost.js';

/** Where a command writes to. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

const SECOND_MS = 1000;
const MIB = 1024 * 1024;

/** How far a command is: a bar on a terminal, or a line of JSON a second where it was asked for, or nothing. */
export class Progress {
  readonly #startMs = Date.now();
  #bar: SingleBar | undefined;
  #timer: NodeJS.Timeout | undefined;
  #value = 0;

  constructor(
    private readonly options: {
      readonly command: string;
      readonly stream: OutputStream;
      readonly asJson: boolean;
      readonly cost: CostMeter;
    },
  ) {}

  /** @param total undefined: nobody knows */
  start(total: number | undefined, unit: string): void {
    const { stream, asJson } = this.options;
    if (asJson) this.#timer = setInterval(() => this.#writeLine(total), SECOND_MS);
    else if (stream.isTTY === true) this.#bar = this.#startBar(total, unit);
  }

  update(value: number): void {
    this.#value = value;
    this.#bar?.update(value, this.#payload());
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#bar?.update(this.#value, this.#payload());
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #startBar(total: number | undefined, unit: string): SingleBar {
    const count = total === undefined ? `{value} ${unit}` : `{bar} {value}/{total} ${unit}`;
    const left = total === undefined ? '' : ' | {eta_formatted} left';
    const format = `${this.options.command} ${count} | {rate}/s | {mib} MiB${left} | \${cost}`;
    const bar = new SingleBar({
      stream: this.options.stream,
      format,
      barsize: 30,
      gracefulExit: false,
      hideCursor: true,
    });
    bar.start(total ?? 0, 0, this.#payload());
    return bar;
  }

  #payload(): { rate: string; mib: string; cost: string } {
    const { cost } = this.options;
    return {
      rate: this.#rate().toFixed(0),
      mib: (cost.bytes / MIB).toFixed(1),
      cost: cost.costUsd.toFixed(6),
    };
  }

  #rate(): number {
    return this.#value / Math.max(0.001, (Date.now() - this.#startMs) / SECOND_MS);
  }

  #writeLine(total: number | undefined): void {
    const { command, stream, cost } = this.options;
    const line = {
      command,
      done: this.#value,
      total: total ?? null,
      per_second: Math.round(this.#rate()),
      archive_bytes: cost.bytes,
      cost_usd: cost.costUsd,
    };
    stream.write(`${JSON.stringify(line)}\n`);
  }
}
