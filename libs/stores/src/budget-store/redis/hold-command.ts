import type { Limits } from '@tollgate/domain';
import type { ScopeTotal } from '../../ledger/scope-total.js';
import type { BudgetScope, Hold } from '../budget-store.js';
import { epochKey, expiryKey, holdsKey, scopeKeys } from './budget-keys.js';
import { windowName } from './hold-record.js';
import { windowTtlMs } from './window-ttl.js';

/** The parts of a hold that are the same for every call in the same scopes. */
interface ScopeTexts {
  readonly tenantId: string;
  readonly keys: readonly string[];
  /** One for each scope, up to its seed. */
  readonly limits: readonly string[];
  readonly windows: string;
}

const known = new WeakMap<readonly BudgetScope[], ScopeTexts>();

function limitsText({ budgetNanoUsd, requestsPerMinute, tokensPerMinute, maxConcurrency }: Limits): string {
  return [budgetNanoUsd, requestsPerMinute, tokensPerMinute, maxConcurrency]
    .map((limit) => limit ?? '')
    .join();
}

// A key's calls come with one and the same list of scopes: its texts are made once.
function textsOf({ tenantId, scopes }: Hold): ScopeTexts {
  let texts = known.get(scopes);
  if (texts?.tenantId !== tenantId) {
    texts = {
      tenantId,
      keys: [epochKey(tenantId), holdsKey(tenantId), expiryKey(tenantId), ...scopeKeys(tenantId, scopes)],
      limits: scopes.map((scope) => `${limitsText(scope.limits)},${windowTtlMs(scope)}`),
      windows: JSON.stringify(scopes.map(windowName)),
    };
    known.set(scopes, texts);
  }
  return texts;
}

/** The keys of hold.lua. */
export function holdKeys(hold: Hold): readonly string[] {
  return textsOf(hold).keys;
}

/** What Redis keeps of a hold: `amount|tokens|{"windows":[…],"facts":{…}}`; the scripts read the two numbers. */
export function formatHoldRecord(hold: Hold): string {
  return `${hold.amountNanoUsd}|${hold.tokens}|{"windows":${textsOf(hold).windows},"facts":${hold.facts}}`;
}

/** The arguments of hold.lua. `seeds` has an entry for each scope, or none. */
export function holdArgs(hold: Hold, openingMs: number, seeds: readonly ScopeTotal[]): (string | number)[] {
  const { requestId, amountNanoUsd, tokens, ttlMs } = hold;
  // The request id is as good a name for a new epoch as any.
  const args = [requestId, amountNanoUsd, tokens, ttlMs, formatHoldRecord(hold), openingMs];
  textsOf(hold).limits.forEach((limits, index) => {
    const seed = seeds[index];
    args.push(`${limits},${seed?.totalNanoUsd ?? ''},${seed?.version ?? ''}`);
  });
  return args;
}
