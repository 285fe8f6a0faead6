import type { Rule, SourceCode } from 'eslint';

/** Every export has a doc comment, before its decorators. Re-exports are documented where they are declared. */
export const documentedExportRule: Rule.RuleModule = {
  meta: { type: 'suggestion', docs: { description: 'every export has a doc comment' } },
  create(context) {
    const documented = new Set<string>();
    const check = (node: Rule.Node): void => {
      const declaration = findDeclaration(node);
      if (declaration === undefined) return;
      const name = nameOf(declaration);
      if (hasDocComment(context.sourceCode, node)) documented.add(name);
      // One comment serves all overloads of a function.
      else if (!documented.has(name))
        context.report({ node, message: `The export ${name} has no doc comment.` });
    };
    return { ExportNamedDeclaration: check, ExportDefaultDeclaration: check };
  },
};

function findDeclaration(node: object): object | undefined {
  const declaration: unknown = 'declaration' in node ? node.declaration : undefined;
  return typeof declaration === 'object' && declaration !== null ? declaration : undefined;
}

function nameOf(declaration: object): string {
  const named: unknown =
    'declarations' in declaration && Array.isArray(declaration.declarations)
      ? declaration.declarations[0]
      : declaration;
  if (typeof named !== 'object' || named === null || !('id' in named)) return 'default';
  const { id } = named;
  return typeof id === 'object' && id !== null && 'name' in id ? String(id.name) : 'default';
}

function hasDocComment(sourceCode: SourceCode, node: Rule.Node): boolean {
  const declaration = findDeclaration(node);
  const decorators =
    declaration !== undefined && 'decorators' in declaration ? declaration.decorators : undefined;
  const first: unknown = Array.isArray(decorators) ? decorators[0] : undefined;
  const nodes = isNode(first) ? [first, node] : [node];
  return nodes.some((start) => {
    const comment = sourceCode.getCommentsBefore(start).at(-1);
    return comment?.type === 'Block' && comment.value.startsWith('*');
  });
}

function isNode(value: unknown): value is Rule.Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
