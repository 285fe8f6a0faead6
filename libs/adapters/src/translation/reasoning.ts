import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { notTranslatable, nullsAbsent, onlyDefault } from './wire.js';

const MIN_BUDGET_TOKENS = 1024;
/** The share of the output cap that may be thought, for models that take a budget instead of an effort. */
const BUDGET_SHARES = new Map([
  ['low', 0.2],
  ['medium', 0.5],
  ['high', 0.8],
]);
const [FIRST_ADAPTIVE_MAJOR, FIRST_ADAPTIVE_MINOR] = [4, 6];

/** The efforts that both wires know, and `none`, which Anthropic says by disabling thinking. */
export const chatEffort = z.enum(['none', 'low', 'medium', 'high', 'xhigh', 'max']);

/** `output_config.effort` of a messages request. */
export const messagesEffort = z.enum(['low', 'medium', 'high', 'xhigh', 'max']);

type Effort = z.output<typeof messagesEffort>;

// Chat completions never show thoughts, so wanting to see them is refused.
const display = onlyDefault('omitted');

/** `thinking` of a messages request. */
export const messagesThinking = nullsAbsent(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int(), display }),
    z.strictObject({ type: z.literal('adaptive'), display }),
    z.strictObject({ type: z.literal('disabled') }),
  ]),
);

/** Claude takes an effort since 4.6 and a budget before; names without a version are new. */
function isAdaptive(model: string): boolean {
  const [, major, minor = '0'] = /claude-(?:[a-z]+-)?(\d+)(?:-(\d{1,2})(?!\d))?/.exec(model) ?? [];
  if (major === undefined || Number(major) > FIRST_ADAPTIVE_MAJOR) return true;
  return Number(major) === FIRST_ADAPTIVE_MAJOR && Number(minor) >= FIRST_ADAPTIVE_MINOR;
}

/** What OpenAI's effort is for a Claude model. Thoughts are not asked for: the OpenAI wire has no place for them. */
export function effortToThinking(
  effort: z.output<typeof chatEffort>,
  model: string,
  outputCap: number,
): { thinking: Anthropic.ThinkingConfigParam; effort?: Effort } {
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  if (isAdaptive(model)) return { thinking: { type: 'adaptive', display: 'omitted' }, effort };
  const share = BUDGET_SHARES.get(effort);
  if (share === undefined)
    throw notTranslatable('reasoning_effort', 'Anthropic', 'this model knows low, medium and high');
  if (outputCap <= MIN_BUDGET_TOKENS)
    throw notTranslatable(
      'reasoning_effort',
      'Anthropic',
      `this model thinks only with more than ${MIN_BUDGET_TOKENS} output tokens`,
    );
  const budget_tokens = Math.max(MIN_BUDGET_TOKENS, Math.floor(outputCap * share));
  return { thinking: { type: 'enabled', budget_tokens, display: 'omitted' } };
}

/** What thinking is as an effort; undefined leaves it to the model. An effort that was named counts more than a budget. */
export function thinkingToEffort(
  thinking: z.output<typeof messagesThinking> | undefined,
  effort: Effort | undefined,
  maxTokens: number,
): z.output<typeof chatEffort> | undefined {
  if (thinking?.type === 'disabled') {
    if (effort)
      throw notTranslatable('output_config.effort', 'OpenAI', 'with thinking disabled it has no counterpart');
    return 'none';
  }
  if (effort || thinking?.type !== 'enabled') return effort;
  const share = thinking.budget_tokens / maxTokens;
  const distance = ([, of]: [string, number]): number => Math.abs(of - share);
  const [nearest] = [...BUDGET_SHARES].toSorted((one, other) => distance(one) - distance(other));
  return messagesEffort.parse(nearest?.[0]);
}
