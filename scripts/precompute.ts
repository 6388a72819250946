/** `npm run precompute`: runs the embedded study and writes `public/studies`, which the page opens on. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compactJson } from './study/compact.ts';
import { defaultManifest } from './study/defaultManifest.ts';
import { folderJobStore } from './study/folderStore.ts';
import { withPage } from './study/headless.ts';
import { pmlTable } from './study/pmlTable.ts';
import { runStudy } from './study/run.ts';

const root = resolve(import.meta.dirname, '..');
/** The page fetches it at once. */
const mostBytes = 3e6;

const results = await withPage((address, browser) =>
  runStudy(browser, address, {
    manifest: defaultManifest(),
    folder: root,
    store: folderJobStore(join(root, 'node_modules/.cache/study-jobs')),
    shard: { index: 1, count: 1 },
    repair: false,
  }),
);
if (!results) throw new Error('the study did not finish');
const text = compactJson(results);
if (text.length > mostBytes) throw new Error(`the results take ${text.length} bytes, more than ${mostBytes}`);
const folder = join(root, 'public/studies');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'embedded.json'), text);
writeFileSync(join(folder, 'embedded.manifest.json'), `${JSON.stringify(results.manifest, null, 1)}\n`);
console.log(`${text.length} bytes written to ${folder}`);
console.log(pmlTable(results));
