/** The reference inputs outside the repository: `$PML_SHARED`, by default `../shared`. Node only. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const sharedRoot = resolve(process.env.PML_SHARED ?? join(import.meta.dirname, '../../../shared'));

/** False only in a clone without the reference folder: there golden tests skip, anywhere else they must run. */
export const sharedPresent = existsSync(sharedRoot);

/** Reads a file below the shared root. */
export function sharedBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(sharedRoot, path)));
}

export function sharedText(path: string): string {
  return readFileSync(join(sharedRoot, path), 'utf8');
}

/** Names of the JSON case files in a folder of the shared root, sorted; empty where the folder is absent. */
export function sharedFiles(folder: string, extension = '.json'): string[] {
  const path = join(sharedRoot, folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(extension))
        .sort()
    : [];
}

/** Names of the case folders in a folder of the shared root, sorted; empty where the folder is absent. */
export function sharedFolders(folder: string): string[] {
  const path = join(sharedRoot, folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => statSync(join(path, name)).isDirectory())
        .sort()
    : [];
}
