/** The floors from the ground up; `tools` stands beside the house. A package names its own as `floor:<name>` in `nx.tags`. */
export const floors = ['domain', 'base', 'ports', 'modules', 'apps', 'whole', 'tools'] as const;

/** One of the floors of the house. */
export type Floor = (typeof floors)[number];

/** The floors whose packages a package on the given floor may import. Its own floor is not among them. */
export function floorsBelow(floor: Floor): readonly Floor[] {
  switch (floor) {
    case 'domain':
    case 'base':
    case 'ports':
    case 'modules':
    case 'apps':
    case 'whole':
      return floors.slice(0, floors.indexOf(floor));
    case 'tools':
      return ['domain', 'base', 'ports', 'modules', 'tools'];
    default:
      throw new Error(`There is no floor "${String(floor satisfies never)}".`);
  }
}

/** Whether a file, given by its path inside its package, exists for tests only and may therefore use the tools. */
export function isTestCode(file: string): boolean {
  return /\.spec\.ts$|conformance[^/]*\.ts$|\/testing\//.test(file);
}

/** The same law for `@nx/enforce-module-boundaries`. */
export function nxConstraints(options: { readonly forTests: boolean }): readonly object[] {
  return floors.map((floor) => {
    const allowed = options.forTests ? [...floorsBelow(floor), 'tools'] : floorsBelow(floor);
    const onlyDependOnLibsWithTags = allowed.map((name) => `floor:${name}`);
    const bannedExternalImports =
      floor === 'domain' ? ['@nestjs/*', 'pg', 'typeorm', 'ioredis', 'undici', '@aws-sdk/*'] : [];
    // Nx takes an empty list for "no rule"; a tag that no package has means "nothing".
    if (onlyDependOnLibsWithTags.length === 0) onlyDependOnLibsWithTags.push('floor:none');
    return { sourceTag: `floor:${floor}`, onlyDependOnLibsWithTags, bannedExternalImports };
  });
}
