import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { GroupedCalls } from './grouped-calls.js';

/** Groups whose round trips end when the test says so. */
function open(): {
  calls: GroupedCalls<string, string>;
  trips: { names: readonly string[]; end: (error?: Error) => void }[];
} {
  const trips: { names: readonly string[]; end: (error?: Error) => void }[] = [];
  const travel = (names: readonly string[]): Promise<string[]> => {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    const answer = (): void => resolve(names.map((name) => `${name}!`));
    trips.push({ names, end: (error) => (error ? reject(error) : answer()) });
    return promise;
  };
  const calls = new GroupedCalls<string, string>({
    callTogether: travel,
    maxGroup: 3,
    maxUnderWay: 1,
    maxWaiting: 4,
    toError: (cause) => new Error('unavailable', { cause }),
  });
  return { calls, trips };
}

const refusal = (severity: string): Error =>
  Object.assign(new pg.DatabaseError('refused', 1, 'error'), { severity });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const names = (trips: ReturnType<typeof open>['trips']): unknown => trips.map((trip) => trip.names);

describe('GroupedCalls', () => {
  it('sends a call at once, and together those that come meanwhile, up to the largest group', async () => {
    const { calls, trips } = open();
    const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => calls.call(name)));
    expect(names(trips)).toEqual([['a']]);
    for (let trip = 0; trip < 3; trip += 1) {
      trips[trip]?.end();
      await turn();
    }
    expect(names(trips)).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
    expect(await answers).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('makes each call alone when Postgres refuses the group, so that only the one at fault fails', async () => {
    const { calls, trips } = open();
    const [first, ...rest] = ['a', 'b', 'c'].map((name) => calls.call(name));
    const settled = Promise.allSettled(rest);
    trips[0]?.end();
    await first;
    await turn();
    trips[1]?.end(refusal('ERROR'));
    await turn();
    expect(names(trips)).toEqual([['a'], ['b', 'c'], ['b'], ['c']]);
    trips[2]?.end(new Error('b is at fault'));
    trips[3]?.end();
    expect(await settled).toEqual([
      { status: 'rejected', reason: new Error('unavailable') },
      { status: 'fulfilled', value: 'c!' },
    ]);
  });

  it.each([
    ['the connection is lost', new Error('connection lost')],
    ['Postgres ends the connection', refusal('FATAL')],
  ])(
    'fails the whole group when %s: nobody knows what was done, and nothing is made twice',
    async (_, error) => {
      const { calls, trips } = open();
      const settled = Promise.allSettled(['a', 'b', 'c'].map((name) => calls.call(name)));
      trips[0]?.end();
      await turn();
      trips[1]?.end(error);
      expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
      expect(names(trips)).toEqual([['a'], ['b', 'c']]);
      const next = calls.call('d');
      trips[2]?.end();
      expect(await next).toBe('d!');
    },
  );

  it('refuses what would make the queue longer than it may be', async () => {
    const { calls, trips } = open();
    const made = ['a', 'b', 'c', 'd', 'e'].map((name) => calls.call(name));
    await expect(calls.call('f')).rejects.toThrow('unavailable');
    for (let trip = 0; trip < 3; trip += 1) {
      trips[trip]?.end();
      await turn();
    }
    expect(await Promise.all(made)).toHaveLength(5);
  });
});
