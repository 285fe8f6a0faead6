import { describe, expect, it } from '@jest/globals';
import { runChecks, type Check } from './check.js';
import { ok } from './finding.js';

const SILENT = new Promise<never>(() => undefined);

function checkOf(name: string, run: Check['run']): Check {
  return { name, run };
}

describe('runChecks', () => {
  it('keeps what a check found before it hung, says so, and lets the others finish', async () => {
    const signals: AbortSignal[] = [];
    const hanging = checkOf('hanging', async function* (signal) {
      signals.push(signal);
      yield ok('first');
      await SILENT;
    });
    const quick = checkOf('quick', async function* () {
      yield ok('done');
    });
    expect(await runChecks([hanging, quick], 50)).toEqual([
      {
        check: 'hanging',
        findings: [
          { level: 'ok', what: 'first' },
          {
            level: 'error',
            what: 'No answer within 0.05 s.',
            why: 'The rest of this check is not known, and a gateway may wait just as long.',
            remedy: 'Look for a firewall or an overload on the way; --timeout waits longer.',
          },
        ],
      },
      { check: 'quick', findings: [{ level: 'ok', what: 'done' }] },
    ]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('runs checks at the same time', async () => {
    const { promise: met, resolve: meet } = Promise.withResolvers<undefined>();
    const waiting = checkOf('waiting', async function* () {
      await met;
      yield ok('met');
    });
    const meeting = checkOf('meeting', async function* () {
      meet(undefined);
      yield ok('came');
    });
    const reports = await runChecks([waiting, meeting], 5000);
    expect(reports.map(({ findings }) => findings)).toEqual([
      [{ level: 'ok', what: 'met' }],
      [{ level: 'ok', what: 'came' }],
    ]);
  });

  it('makes a finding of what is thrown, without its message', async () => {
    const broken = checkOf('broken', async function* () {
      yield ok('first');
      throw Object.assign(new Error('password=s3cret'), { code: 'E_ODD' });
    });
    const [report] = await runChecks([broken], 5000);
    expect(report?.findings).toEqual([
      { level: 'ok', what: 'first' },
      {
        level: 'error',
        what: 'The check broke off (E_ODD).',
        why: 'The rest of this check is not known.',
        remedy: 'Mend what the other findings name, and run it again.',
      },
    ]);
  });
});
