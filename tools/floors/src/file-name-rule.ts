import { basename } from 'node:path';
import type { Rule } from 'eslint';

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const emptyWords = /(?:^|[-./])(?:utils?|helpers?|common|manager|misc)(?=[-./]|$)/;

/** Files are named kebab-case noun + role; names that say nothing (utils, helpers, common, manager, misc) are refused. */
export const fileNameRule: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    docs: { description: 'file names are kebab-case nouns that say what is inside' },
  },
  create(context) {
    const path = context.filename.slice(context.cwd.length + 1);
    const word = emptyWords.exec(path)?.[0].replace(/^\W/, '');
    const message =
      word !== undefined
        ? `"${word}" says nothing about the content of ${path}: name the noun.`
        : `${basename(path)} is not kebab-case.`;
    const isGood = word === undefined && kebabCase.test(basename(path));
    return isGood ? {} : { Program: (node) => context.report({ node, message }) };
  },
};
