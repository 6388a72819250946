/** What lies in the page's memory as one zip, each file as other programs read it. */

import { zipSync } from 'fflate';
import { openFiles } from '../../storage/place.ts';
import { unseal } from '../../storage/sealed.ts';

export async function archive(paths: readonly string[]): Promise<Blob> {
  const files = openFiles();
  const members: Record<string, Uint8Array> = {};
  for (const path of paths) {
    const file = await files.open(path);
    if (!file) continue;
    const bytes = await unseal(new Uint8Array(await file.arrayBuffer()));
    if (bytes) members[sealedAsJson(path)] = bytes;
  }
  // Weights hardly get smaller, and results are wanted now.
  return new Blob([zipSync(members, { level: 1 }) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
}

/** Records and results are JSON without an ending. */
function sealedAsJson(path: string): string {
  return /^(runs|run-results)\//.test(path) ? `${path}.json` : path;
}
