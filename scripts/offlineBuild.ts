/** Gives the service worker the list of all files of the build: `dist/sw.js` knows what to keep, and a version that changes with any of them. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';
import { type BuildList, type BuiltFile, PREFIX } from '../workers/offline/protocol.ts';
import { answerHeaders, HEADERS_FILE } from './contentSecurity.ts';
import { NOTICES_FILE, SBOM_FILE } from './thirdParty.ts';

export const SERVICE_WORKER = 'sw.js';

/** Not of the page, or not served. */
const aside = [SERVICE_WORKER, HEADERS_FILE, SBOM_FILE, NOTICES_FILE];

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
        const text = readFileSync(worker, 'utf8');
        if (!text.includes('__BUILD__')) throw new Error(`${worker} does not ask for the list of files`);
        const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((path) => !aside.includes(path) && statSync(join(folder, path)).isFile())
          .sort();
        const isSmall = (path: string): boolean => statSync(join(folder, path)).size <= SMALL_BYTES;
        const described = (path: string): BuiltFile => ({
          path: relative('.', path).split(sep).join('/'),
          sha256: createHash('sha256')
            .update(readFileSync(join(folder, path)))
            .digest('hex'),
        });
        const list = {
          small: files.filter(isSmall).map(described),
          large: files.filter((path) => !isSmall(path)).map(described),
          headers: answerHeaders(),
        };
        const version = createHash('sha256').update(JSON.stringify(list)).update(text).digest('hex').slice(0, 16);
        const build: BuildList = { version, prefix: PREFIX, ...list };
        writeFileSync(worker, text.replaceAll('__BUILD__', JSON.stringify(build)));
      },
    },
  };
}
