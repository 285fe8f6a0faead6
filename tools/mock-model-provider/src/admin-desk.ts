import type { ServerResponse } from 'node:http';

import { parseBehaviour } from './behaviour-parser.js';
import { parseJson } from './json-value.js';
import type { MockBill } from './mock-bill.js';
import type { MockBehaviour } from './mock-behaviour.js';
import { JSON_TYPE, sendBody } from './plain-sender.js';

/** What can be done to a mock from outside its process. */
export interface AdminTarget {
  readonly openCalls: number;
  bill(): MockBill;
  behave(behaviour: MockBehaviour): void;
  reset(): void;
}

function send(response: ServerResponse, status: number, value: object): void {
  sendBody(response, status, JSON_TYPE, JSON.stringify(value));
}

function behave(target: AdminTarget, response: ServerResponse, bodyText: string): void {
  try {
    target.behave(parseBehaviour(parseJson(bodyText)));
    send(response, 200, { ok: true });
  } catch (error) {
    send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** Serves `GET /__bill`, `POST /__behave` and `POST /__reset`; they need no key and are not logged as requests. */
export function answerAdminRoute(
  target: AdminTarget,
  route: string,
  response: ServerResponse,
  bodyText: string,
): void {
  switch (route) {
    case 'GET /__bill': {
      const bill = target.bill();
      const byRequest = Object.fromEntries(bill.byRequest);
      return send(response, 200, { ...bill, openCalls: target.openCalls, byRequest });
    }
    case 'POST /__behave':
      return behave(target, response, bodyText);
    case 'POST /__reset':
      target.reset();
      return send(response, 200, { ok: true });
    default:
      return send(response, 404, { error: `no such admin route: ${route}` });
  }
}
