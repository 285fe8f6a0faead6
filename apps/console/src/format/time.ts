const format = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'UTC',
});

/** A time of the API as operators read it, always in UTC; none is a dash. */
export function formatTime(time: string | null | undefined): string {
  return time == null ? '–' : `${format.format(new Date(time))} UTC`;
}

/** What a date picker says, `2026-11-30 12:00:00`, as a time of UTC for the API. */
export function toWireTime(picked: string): string {
  return `${picked.replace(' ', 'T')}Z`;
}
