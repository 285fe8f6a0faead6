import { dirname, resolve } from 'node:path';
import type { Rule } from 'eslint';
import { floorsBelow, isTestCode } from './floor.js';
import { readWorkspacePackages, type WorkspacePackage } from './workspace-package.js';

const root = resolve(import.meta.dirname, '../../..');

/**
 * Imports point down only, and enter a package through its `exports`. Nx has a rule for the first half, but it does
 * not see apps that have no `exports`, and does nothing at all while Nx has not computed its project graph.
 */
export const importsRule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: { description: 'imports between packages point down and use their exports' },
  },
  create(context) {
    const packages = readPackagesOnce();
    const own = packages.find(({ folder }) => context.filename.startsWith(`${folder}/`));
    if (own === undefined) return {}; // a file of the workspace itself

    const check = (node: Rule.Node): void => {
      const specifier = findSpecifier(node);
      if (specifier === undefined) return;
      const message = findFault({ specifier, file: context.filename, own, packages });
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

interface Import {
  readonly specifier: string;
  readonly file: string;
  readonly own: WorkspacePackage;
  readonly packages: readonly WorkspacePackage[];
}

/** What is wrong with an import, or undefined. */
export function findFault({ specifier, file, own, packages }: Import): string | undefined {
  if (specifier.startsWith('.')) {
    const isInside = resolve(dirname(file), specifier).startsWith(`${own.folder}/`);
    return isInside ? undefined : `"${specifier}" leaves ${own.name}: import the other package by its name.`;
  }
  const target = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (target === undefined) return undefined;
  if (target === own) return `${own.name} imports itself by name: use a relative path.`;
  const allowed = isTestCode(file.slice(own.folder.length))
    ? [...floorsBelow(own.floor), 'tools']
    : floorsBelow(own.floor);
  if (!allowed.includes(target.floor)) {
    return `${own.name} (floor ${own.floor}) may not import ${target.name} (floor ${target.floor}): imports point down.`;
  }
  if (target.specifiers.includes(specifier)) return undefined;
  return `"${specifier}" is not among the exports of ${target.name}.`;
}

function findSpecifier(node: object): string | undefined {
  if (!('source' in node)) return undefined;
  const source: unknown = node.source;
  if (typeof source !== 'object' || source === null || !('value' in source)) return undefined;
  return typeof source.value === 'string' ? source.value : undefined;
}

let packages: readonly WorkspacePackage[] | undefined;

function readPackagesOnce(): readonly WorkspacePackage[] {
  packages ??= readWorkspacePackages(root);
  return packages;
}
