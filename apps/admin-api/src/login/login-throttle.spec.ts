import { describe, expect, it } from '@jest/globals';
import { LoginThrottle } from './login-throttle.js';

describe('the throttle of logins', () => {
  const open = (now = { ms: 0 }): LoginThrottle =>
    new LoginThrottle({ clock: { now: () => now.ms }, maxPerSource: 2, maxInTotal: 3 });
  const isOpen = (throttle: LoginThrottle, source: string): boolean => {
    try {
      throttle.check(source);
      return true;
    } catch {
      return false;
    }
  };

  it('closes for one source, opens again a minute later, and says when', () => {
    const now = { ms: 100_000 };
    const throttle = open(now);
    throttle.check('10.0.0.1');
    throttle.refused('10.0.0.1');
    throttle.refused('10.0.0.1');
    expect([isOpen(throttle, '10.0.0.1'), isOpen(throttle, '10.0.0.2')]).toEqual([false, true]);
    now.ms += 59_999;
    expect(() => throttle.check('10.0.0.1')).toThrow(expect.objectContaining({ retryAfterMs: 1 }));
    now.ms += 1;
    expect(isOpen(throttle, '10.0.0.1')).toBe(true);
  });

  it('takes a network of IPv6 for one source, and every address of IPv4 for another', () => {
    const throttle = open();
    throttle.refused('2001:db8:0:1::1');
    throttle.refused('2001:db8:0:1:ffff::2');
    expect([isOpen(throttle, '2001:db8:0:1::3'), isOpen(throttle, '2001:db8:0:2::3')]).toEqual([false, true]);
    const mapped = open();
    mapped.refused('::ffff:10.0.0.1');
    mapped.refused('::ffff:10.0.0.1');
    expect(isOpen(mapped, '::ffff:10.0.0.2')).toBe(true);
  });

  it('closes for all when they are too many together', () => {
    const throttle = open();
    for (const source of ['a', 'b', 'c']) throttle.refused(source);
    expect(isOpen(throttle, 'd')).toBe(false);
  });
});
