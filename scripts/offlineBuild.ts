/** Gives the service worker the list of all files of the build: `dist/sw.js` knows what to keep, and a version that changes with any of them. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

export const SERVICE_WORKER = 'sw.js';

/** Larger files are kept only when a device uses them. */
const SMALL_BYTES = 4 * 2 ** 20;

export function offlineBuild(): Plugin {
  let folder = '';
  return {
    name: 'pml-offline',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir);
    },
    closeBundle: {
      order: 'post',
      handler() {
        const worker = join(folder, SERVICE_WORKER);
        const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((path) => path !== SERVICE_WORKER && statSync(join(folder, path)).isFile())
          .sort();
        const hash = createHash('sha256');
        for (const path of [...files, SERVICE_WORKER]) hash.update(path).update(readFileSync(join(folder, path)));
        const isSmall = (path: string): boolean => statSync(join(folder, path)).size <= SMALL_BYTES;
        const urls = (paths: string[]): string[] => paths.map((path) => relative('.', path).split(sep).join('/'));
        const build = {
          version: hash.digest('hex').slice(0, 16),
          small: urls(files.filter(isSmall)),
          large: urls(files.filter((path) => !isSmall(path))),
        };
        const text = readFileSync(worker, 'utf8');
        if (!text.includes('__BUILD__')) throw new Error(`${worker} does not ask for the list of files`);
        writeFileSync(worker, text.replaceAll('__BUILD__', JSON.stringify(build)));
      },
    },
  };
}
