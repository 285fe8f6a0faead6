import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { floors, type Floor } from './floor.js';

/** What the floor rule needs to know of a package. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute path of its folder, without a trailing slash. */
  readonly folder: string;
  readonly floor: Floor;
  /** Import specifiers that its `exports` offer, such as `@tollgate/stores`; empty without `exports`. */
  readonly specifiers: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

/** All packages of the workspace. @throws when one of them has no floor */
export function readWorkspacePackages(root: string): readonly WorkspacePackage[] {
  return ['apps', 'libs', 'tools'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(root, group, entry.name))
      .flatMap((folder) => {
        const manifest = findManifest(folder);
        return manifest === undefined ? [] : [toPackage(folder, manifest)];
      }),
  );
}

function findManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // not a package
    throw error;
  }
}

function toPackage(folder: string, manifest: Manifest): WorkspacePackage {
  const floor = floors.find((name) => manifest.nx?.tags?.includes(`floor:${name}`));
  if (floor === undefined)
    throw new Error(`${folder}/package.json has no tag floor:${floors.join('|')} in nx.tags.`);
  const specifiers = Object.keys(manifest.exports ?? {}).map((key) => key.replace(/^\./, manifest.name));
  return { name: manifest.name, folder, floor, specifiers };
}
