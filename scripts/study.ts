/**
 * Runs a study headless: `npm run study -- [MANIFEST.json] [--out DIR] [--shard i/n] [--repair]`. Without a manifest it runs the embedded study.
 * Finished jobs are kept in `DIR/jobs`: a run that was stopped goes on, and shards are merged by putting their `jobs` into one folder and running
 * once more without `--shard`.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { toProblem } from '../src/core/errors.ts';
import { defaultManifest } from './study/defaultManifest.ts';
import { folderJobStore } from './study/folderStore.ts';
import { withPage } from './study/headless.ts';
import { csvFilesOf, pmlTable } from './study/pmlTable.ts';
import { writeReport } from './study/report.ts';
import { readManifest, runStudy } from './study/run.ts';

const root = resolve(import.meta.dirname, '..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    shard: { type: 'string', default: '1/1' },
    repair: { type: 'boolean', default: false },
  },
});

/** `2/5` → the second of five. */
function shardFrom(text: string): { index: number; count: number } | undefined {
  const [index, count] = text.split('/').map(Number);
  const whole = /^\d+\/\d+$/.test(text) && index !== undefined && count !== undefined && index >= 1 && index <= count;
  return whole ? { index, count } : undefined;
}

const shard = shardFrom(options.shard);
if (!shard || positionals.length > 1) {
  console.error('Usage: npm run study -- [MANIFEST.json] [--out DIR] [--shard i/n] [--repair]; i from 1 to n.');
  process.exit(2);
}
const path = positionals[0] === undefined ? undefined : resolve(positionals[0]);
const out = resolve(options.out ?? join(root, 'node_modules/.cache/study'));
try {
  const manifest = path === undefined ? defaultManifest() : readManifest(path, options.repair);
  mkdirSync(out, { recursive: true });
  await build({ root, logLevel: 'error' });
  const found = await withPage(async (address, browser) => {
    const store = folderJobStore(join(out, 'jobs'));
    const folder = path === undefined ? root : dirname(path);
    const results = await runStudy(browser, address, { manifest, folder, store, shard, repair: options.repair });
    if (!results) return undefined;
    writeFileSync(join(out, 'results.json'), `${JSON.stringify(results)}\n`);
    writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(results.manifest, null, 1)}\n`);
    for (const [name, text] of Object.entries(csvFilesOf(results))) writeFileSync(join(out, name), text);
    await writeReport(browser, address, results, out);
    return results;
  });
  if (found) console.log(`${pmlTable(found)}\n\nResults, tables, pictures and report.html are in ${out}.`);
  else
    console.log(
      `Shard ${options.shard} is done. Bring the jobs of all shards into one folder DIR/jobs and run once more with --out DIR.`,
    );
} catch (caught) {
  const { message, hint, where } = toProblem(caught);
  console.error(`${where ? `${where}: ` : ''}${message}${hint ? ` ${hint}` : ''}`);
  process.exitCode = 1;
}
