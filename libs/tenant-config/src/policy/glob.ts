/**
 * Whether a name matches a pattern in which `*` stands for any characters, none included. It goes back to the last
 * star only, so that its time is bounded by the product of the lengths, whatever a tenant writes.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  for (let i = 0; i < name.length;) {
    if (pattern[at] === '*') {
      star = at;
      retry = i;
      at += 1;
    } else if (pattern[at] === name[i]) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      retry += 1;
      i = retry;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
