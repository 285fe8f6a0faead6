import type { Settings } from '@tollgate/config';
import { matchesGlob } from './glob.js';
import type { ModelRules, PolicyModel } from './model-rules.js';

// A catalogue may forgive blanks around a name, but the model provider, the ledger and the metrics get it as it is.
const isName = (name: string): boolean => /^[\x21-\x7e]+$/.test(name);

/** The rules of a process with these settings. `find` answers the model of a name, if the process can call it. */
export function modelRules<M extends PolicyModel & { readonly modelProvider: string }>(
  { env, strict }: Settings,
  find: (name: string) => M | undefined,
): ModelRules<M> {
  // A line for each model provider that can be narrowed down; the others let all their models through.
  const allowed = new Map<string, readonly string[]>([
    ['openai', env.OPENAI_ALLOWED_MODELS],
    ['anthropic', env.ANTHROPIC_ALLOWED_MODELS],
  ]);
  return {
    find: (name) => (isName(name) ? find(name) : undefined),
    isLetThrough: ({ id, modelProvider }) => {
      const patterns = allowed.get(modelProvider) ?? [];
      return patterns.length === 0 || patterns.some((pattern) => matchesGlob(pattern, id));
    },
    allowUnpriced: !strict,
    expensiveAboveCents: env.EXPENSIVE_MODEL_CENTS_PER_MILLION_TOKENS,
  };
}
