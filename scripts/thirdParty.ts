/**
 * What the built page is made of besides this project: a software bill of materials (CycloneDX, by npm) and the notices that licences ask for, both
 * written into the build; and the check that every package is under a licence that this project may be given away with.
 *
 * Run by itself it does the check.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';

const root = resolve(import.meta.dirname, '..');

export const SBOM_FILE = 'sbom.cdx.json';
export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.txt';

/** Licences of what the page contains. */
const allowedInPage = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'MIT OR Apache-2.0'];
/** Licences of tools, which are used and not given away. */
const allowedInTools = [...allowedInPage, 'MPL-2.0', 'CC-BY-4.0'];

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Path below the repository's root. */
  readonly folder: string;
  /** Whether the page may contain it; else it is a tool. */
  readonly inPage: boolean;
}

interface LockFile {
  readonly packages: Readonly<
    Record<string, { version?: string; license?: string; dev?: boolean; peer?: boolean; optional?: boolean }>
  >;
}

/** Every package of the lock file. Those that are there for another's peer's sake alone (TypeScript) are tools. */
function packages(): Package[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  return Object.entries(lock.packages)
    .filter(([folder]) => folder !== '')
    .map(([folder, { version = '', license = 'none', dev = false, peer = false }]) => ({
      name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
      folder,
      inPage: !dev && !peer && !folder.includes('@typescript/'),
    }));
}

/** A sentence for each package whose licence is not in the list. */
export function licenceOffences(all: readonly Package[] = packages()): string[] {
  return all
    .filter(({ licence, inPage }) => !(inPage ? allowedInPage : allowedInTools).includes(licence))
    .map(({ name, version, licence, inPage }) => {
      const what = inPage ? 'what the page contains' : 'tools';
      return `${name} ${version} is under ${licence}, which is not in the list for ${what} (scripts/thirdParty.ts).`;
    });
}

/** Licence texts and notices of everything that the page may contain. */
function notices(): string {
  const parts = packages()
    .filter(({ inPage, folder }) => inPage && existsSync(join(root, folder)))
    .map(({ name, version, licence, folder }) => {
      const texts = readdirSync(join(root, folder))
        .filter((file) => /^(licen[sc]e|copying|notice|third.?party)/i.test(file))
        .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
      const notices =
        texts.length > 0 ? texts : [`${licence}; ${authorOf(folder)}. The package has no file of its licence.`];
      return [`${name} ${version} (${licence})`, ...notices].join('\n\n');
    });
  const apache = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const head =
    'PML Lab contains, or its build may contain, these packages. Texts of MIT, ISC and Apache-2.0 stand at the end.';
  return `${[head, ...parts, `MIT\n\n${MIT}`, `ISC\n\n${ISC}`, apache].join(rule)}\n`;
}

const asIs =
  'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.';

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

${asIs}`;

const ISC = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;

function authorOf(folder: string): string {
  const { author, repository } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    author?: string | { name?: string };
    repository?: string | { url?: string };
  };
  const by = typeof author === 'string' ? author : author?.name;
  const where = typeof repository === 'string' ? repository : repository?.url;
  return [by && `by ${by}`, where && `from ${where}`].filter(Boolean).join(', ');
}

/** Without what differs from one build of the same to the next. */
function billOfMaterials(): string {
  const { status, stdout, stderr } = spawnSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`"npm sbom" failed, so the build has no bill of materials: ${stderr}`);
  const { serialNumber: _, ...bill } = JSON.parse(stdout) as {
    serialNumber: string;
    metadata: { timestamp?: string; component: { name: string } };
  };
  delete bill.metadata.timestamp;
  // npm names it after the folder it lies in.
  bill.metadata.component.name = 'pml-lab';
  return JSON.stringify(bill, null, 1);
}

/** Writes both files into the build. */
export function thirdParty(): Plugin {
  let folder = '';
  return {
    name: 'pml-third-party',
    apply: 'build',
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    writeBundle() {
      writeFileSync(join(folder, SBOM_FILE), billOfMaterials());
      writeFileSync(join(folder, NOTICES_FILE), notices());
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const offences = licenceOffences();
  for (const offence of offences) console.error(offence);
  if (offences.length > 0) process.exitCode = 1;
  else console.log(`Licences of ${packages().length} packages are in the list.`);
}
