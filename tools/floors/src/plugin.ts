import type { ESLint } from 'eslint';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { documentedExportRule } from './documented-export-rule.js';
import { fileNameRule } from './file-name-rule.js';
import { importsRule } from './imports-rule.js';

/** The house rules that no published plugin has. */
export const floorRules: ESLint.Plugin = {
  rules: {
    imports: importsRule,
    'file-name': fileNameRule,
    'documented-export': documentedExportRule,
    // The core rule once more, since one rule cannot both warn (at 300 lines) and fail (at 400).
    'max-lines': getCoreRule('max-lines'),
  },
};

function getCoreRule(name: string): NonNullable<ESLint.Plugin['rules']>[string] {
  const rule = builtinRules.get(name);
  if (rule === undefined) throw new Error(`ESLint has no rule "${name}".`);
  return rule;
}
