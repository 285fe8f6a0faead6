import type { MockBehaviour, MockBill } from '@tollgate/mock-model-provider';
import type { Cleanup } from './cleanup.js';
import { runOwnScript, type OwnScript } from './own-script.js';

const ADMIN_TIMEOUT_MS = 10_000;

/** Sums of the mock's bill; it keeps no calls one by one here. */
export type BillTotals = Omit<MockBill, 'byRequest'> & { readonly openCalls: number };

/** The mock model provider as a process of its own. */
export class Mock {
  private constructor(private readonly script: OwnScript<{ readonly url: string }>) {}

  static async start(cleanup: Cleanup): Promise<Mock> {
    return new Mock(await runOwnScript(cleanup, 'run/mock-process'));
  }

  /** `http://127.0.0.1:PORT`. */
  get url(): string {
    return this.script.ready.url;
  }

  /** From now on it answers so, with an empty bill. */
  async behave(behaviour: MockBehaviour): Promise<void> {
    await this.#admin('POST', '/__reset');
    await this.#admin('POST', '/__behave', JSON.stringify(behaviour));
  }

  /** What it served since the last `behave`. */
  async bill(): Promise<BillTotals> {
    const response = await this.#admin('GET', '/__bill');
    return (await response.json()) as BillTotals;
  }

  async #admin(method: string, path: string, body?: string): Promise<Response> {
    const signal = AbortSignal.timeout(ADMIN_TIMEOUT_MS);
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) throw new Error(`mock ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
