/**
 * Reads `[{ file, text }]` from stdin, lints each text as if it were that file of the workspace, and prints the names
 * of the rules that fire, `[["house/imports"], …]`. A program of its own because ESLint does not run inside Jest.
 */
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const cwd = resolve(import.meta.dirname, '../../../..');
const planted = JSON.parse(await text(process.stdin)) as { file: string; text: string }[];

// Rules that need types would want the files to exist.
const withoutTypes = tseslint.configs.disableTypeChecked as NonNullable<ESLint.Options['overrideConfig']>;
const eslint = new ESLint({
  cwd,
  overrideConfigFile: resolve(cwd, 'eslint.config.js'),
  overrideConfig: withoutTypes,
});

const rules = [];
for (const plant of planted) {
  const results = await eslint.lintText(plant.text, { filePath: resolve(cwd, plant.file) });
  const messages = results.flatMap((result) => result.messages);
  rules.push([...new Set(messages.map(({ ruleId, message }) => ruleId ?? message))].sort());
}
process.stdout.write(JSON.stringify(rules));
