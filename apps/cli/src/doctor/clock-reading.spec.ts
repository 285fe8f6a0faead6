import { describe, expect, it } from '@jest/globals';
import { judgeClock, type ClockReading } from './clock-reading.js';

const NOW = Date.UTC(2026, 10, 23);

function reading(offMs: number, roundTripMs = 0): ClockReading {
  return { sentAtMs: NOW, receivedAtMs: NOW + roundTripMs, remoteMs: NOW + offMs };
}

describe('judgeClock', () => {
  it.each([
    { name: 'agrees', given: reading(1999), level: 'ok', what: "The clock of X agrees with this machine's." },
    {
      name: 'is ahead',
      given: reading(2500),
      level: 'warning',
      what: "The clock of X is 2.5 s or more ahead of this machine's.",
    },
    {
      name: 'is behind',
      given: reading(-61_000),
      level: 'error',
      what: "The clock of X is 61.0 s or more behind this machine's.",
    },
    {
      name: 'may have been read at any moment of a long round trip',
      given: reading(9000, 8000),
      level: 'ok',
      what: "The clock of X agrees with this machine's.",
    },
    {
      name: 'is off by more than a long round trip',
      given: reading(12_000, 8000),
      level: 'warning',
      what: "The clock of X is 4.0 s or more ahead of this machine's.",
    },
  ])('$level: it $name', ({ given, level, what }) => {
    expect(judgeClock('X', 'why', given)).toMatchObject({ level, what });
  });

  it('gives a clock of whole seconds the second that it has dropped', () => {
    expect(judgeClock('X', 'why', reading(-2900), 1000).level).toBe('ok');
    expect(judgeClock('X', 'why', reading(-3000), 1000).level).toBe('warning');
  });

  it('warns of a machine that does not tell its time', () => {
    expect(judgeClock('X', 'why', reading(Number.NaN))).toEqual({
      level: 'warning',
      what: 'X does not tell its time.',
      why: 'why',
      remedy: 'See that it takes its time from NTP.',
    });
  });
});
