import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TransientMap } from '@tollgate/domain';
import { CallDeadlines } from './call-deadlines.js';
import { OpenCall, type CallFacts } from './open-call.js';

const TIMEOUT_MS = 1000;
/** A deadline asks a call for nothing but its age. */
const FACTS = {} as CallFacts;

describe('CallDeadlines', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('ends each call at its time, and waits for nothing once all are ended, though they are still open', () => {
    const open = new TransientMap<string, OpenCall>();
    const deadlines = new CallDeadlines(open, TIMEOUT_MS);
    const start = (id: string): OpenCall => {
      const call = new OpenCall(FACTS);
      open.set(id, call);
      deadlines.watch();
      return call;
    };
    const first = start('first');
    jest.advanceTimersByTime(600);
    const second = start('second');

    jest.advanceTimersByTime(399);
    expect(first.cancellation.reason).toBeUndefined();
    jest.advanceTimersByTime(2);
    expect(first.cancellation.reason).toMatchObject({ reason: 'timeout' });
    expect(second.cancellation.reason).toBeUndefined();
    jest.advanceTimersByTime(600);
    expect(second.cancellation.reason).toMatchObject({ reason: 'timeout' });
    expect(jest.getTimerCount()).toBe(0);

    const third = start('third');
    jest.advanceTimersByTime(TIMEOUT_MS + 1);
    expect(third.cancellation.reason).toMatchObject({ reason: 'timeout' });
  });
});
