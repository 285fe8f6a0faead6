import type { ServerResponse } from 'node:http';

import { textOf, type AnswerPlan } from './answer-plan.js';
import { AnswerPlanner } from './answer-planner.js';
import { parseModelCall } from './call-parser.js';
import type { ChaosDice } from './chaos-dice.js';
import { credentialError } from './credential.js';
import { garbageBody } from './garbage-body.js';
import { isJsonObject } from './json-value.js';
import type { ServedCall } from './mock-bill.js';
import type { MockBehaviour } from './mock-behaviour.js';
import type { MockRequest } from './mock-request.js';
import type { ModelCall } from './model-call.js';
import { OpenCall } from './open-call.js';
import { EVENT_STREAM_TYPE, JSON_TYPE, sendBody, sendError, sendWithWrongLength } from './plain-sender.js';
import { cutSocket, pause } from './response-wait.js';
import { scriptStream } from './stream-script.js';
import { writeStream } from './stream-writer.js';
import { MODEL_ROUTES } from './wire.js';
import type { ResponseIdentity, WireError, WireRenderer } from './wire-renderer.js';

/** Where a call comes from and goes to. */
export interface Exchange {
  readonly request: MockRequest;
  readonly response: ServerResponse;
  readonly renderer: WireRenderer;
  readonly behaviour: MockBehaviour;
  /** Number of the request since the start of the mock. */
  readonly sequence: number;
}

/** Told of the calls a desk takes on; `settled` comes once for each, with `wasOpen` when `opened` came before. */
export interface CallLedger {
  opened(): void;
  settled(call: Omit<ServedCall, 'attempts'>, wasOpen: boolean): void;
}

interface Job extends Exchange {
  readonly call: ModelCall;
  readonly plan: AnswerPlan;
  readonly identity: ResponseIdentity;
  readonly open: OpenCall;
}

/** Answers model calls on either wire. */
export class ModelDesk {
  readonly #planner = new AnswerPlanner();

  constructor(private readonly keepsText: boolean) {}

  /** Answers one model call; the answer may go on long after this returns. */
  answer(exchange: Exchange, dice: ChaosDice, ledger: CallLedger): void {
    const { request, response, sequence } = exchange;
    const refusal = credentialError(request.headers);
    if (refusal !== undefined) return this.#refuse(exchange, refusal, ledger);
    const call = parseModelCall(MODEL_ROUTES.get(request.path) ?? 'openai', request.body);
    if ('message' in call) return this.#refuse(exchange, { status: 400, ...call }, ledger);
    const plan = this.#planner.plan(call, exchange.behaviour);
    const behaviour = dice.roll(exchange.behaviour, call.isStream, plan.pieces.length * plan.choiceCount);
    const facts = {
      requestId: request.requestId,
      model: call.model,
      isStream: call.isStream,
      usage: plan.usage,
      wholeText: this.keepsText && !call.isStream ? textOf(plan.pieces) : '',
      generatesNothing: behaviour.status !== undefined || behaviour.silent === true,
    };
    const open = new OpenCall(facts, (served) => ledger.settled(served, true));
    ledger.opened();
    response.once('close', open.lose);
    if (behaviour.silent === true) return;
    const identity = { sequence, createdSeconds: Math.floor(Date.now() / 1000), model: call.model };
    const job: Job = { ...exchange, behaviour, call, plan, identity, open };
    const latencyMs = behaviour.latencyMs ?? 0;
    if (latencyMs === 0) return this.#act(job);
    void pause(response, latencyMs).then((isOpen) => {
      if (isOpen) this.#act(job);
    });
  }

  #refuse(exchange: Exchange, error: WireError, ledger: CallLedger): void {
    const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    const { requestId, body } = exchange.request;
    const model = isJsonObject(body) && typeof body['model'] === 'string' ? body['model'] : '';
    ledger.settled({ requestId, model, ...usage, status: 'failed', streamedContent: '' }, false);
    sendError(exchange.response, exchange.renderer, error, exchange.sequence);
  }

  #act(job: Job): void {
    const { behaviour, response, renderer, open } = job;
    if (behaviour.status !== undefined) {
      open.fail();
      const { status, errorCode } = behaviour;
      const error = { status, ...(errorCode === undefined ? {} : { code: errorCode }) };
      return sendError(response, renderer, error, job.sequence, behaviour);
    }
    if (job.call.isStream) this.#stream(job);
    else this.#plain(job);
  }

  #plain({ behaviour, response, renderer, plan, identity, open }: Job): void {
    const body = renderer.plainBody(plan, identity);
    if (behaviour.cutBeforeBody === true) {
      open.abort();
      response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) });
      response.flushHeaders();
      return cutSocket(response);
    }
    if (behaviour.garbage !== undefined) {
      open.abort();
      const garbage = garbageBody(behaviour.garbage, body, JSON_TYPE);
      return sendBody(response, 200, garbage.contentType, garbage.body);
    }
    if (behaviour.wrongContentLength !== undefined) {
      open.abort();
      return sendWithWrongLength(response, body, behaviour.wrongContentLength);
    }
    open.complete();
    sendBody(response, 200, JSON_TYPE, body);
  }

  #stream({ behaviour, response, renderer, plan, identity, open, call }: Job): void {
    const { garbage } = behaviour;
    if (garbage !== undefined && garbage !== 'half-event' && garbage !== 'truncated-json') {
      open.abort();
      const { contentType, body } = garbageBody(garbage, '', EVENT_STREAM_TYPE);
      return sendBody(response, 200, contentType, body);
    }
    response.writeHead(200, ['content-type', EVENT_STREAM_TYPE, 'cache-control', 'no-cache']);
    if (behaviour.cutBeforeBody === true) {
      open.abort();
      response.flushHeaders();
      return cutSocket(response);
    }
    const script = scriptStream(renderer.streamFrames(plan, identity, call.includeUsage), behaviour);
    if ((behaviour.firstChunkDelayMs ?? 0) > 0 || script.frames.length === 0) response.flushHeaders();
    const finish = (isWritten: boolean): void => {
      if (!isWritten || script.ending === 'stall') return;
      if (script.ending === 'whole') open.complete();
      else open.abort();
      if (script.ending === 'cut') cutSocket(response);
      else response.end();
    };
    const isWritten = writeStream(response, script.frames, behaviour, open.wrote);
    if (typeof isWritten === 'boolean') finish(isWritten);
    else void isWritten.then(finish);
  }
}
