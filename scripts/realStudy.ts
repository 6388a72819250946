/**
 * `npm run study:real [-- NAME …]`: the studies of `docs/real-study` on the reference quotes (`$PML_SHARED`, default `../shared`): US shares and
 * EUR/USD and Bitcoin, with IBM's Tiny Time Mixer and the small one that comes with the page. Few days: they show that the machine works on real
 * data. Results go to `docs/real-study`; a test compares a slice with them.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compactJson } from './study/compact.ts';
import { officialTtm, realManifests } from './study/realManifests.ts';

const root = resolve(import.meta.dirname, '..');
const shared = resolve(root, process.env.PML_SHARED ?? '../shared');
if (!existsSync(shared)) {
  console.error(`The reference folder ${shared} is absent (PML_SHARED names another).`);
  process.exit(1);
}
const work = join(root, 'node_modules/.cache/real-study');
rmSync(join(work, 'input'), { recursive: true, force: true });
mkdirSync(join(work, 'input/ttm-r1'), { recursive: true });
symlinkSync(join(shared, 'quotes'), join(work, 'input/quotes'));
for (const file of ['config.json', 'model.safetensors']) {
  symlinkSync(join(shared, officialTtm, file), join(work, 'input/ttm-r1', file));
}
const wanted = process.argv.slice(2);
for (const [name, manifest] of Object.entries(realManifests(shared))) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const path = join(work, 'input', `${name}.json`);
  writeFileSync(path, JSON.stringify(manifest));
  const out = join(work, name);
  const { status } = spawnSync('npx', ['tsx', 'scripts/study.ts', path, '--out', out], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  // A latency says nothing of the study, and is another on each machine.
  const results = { ...JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')), device: null };
  writeFileSync(join(root, 'docs/real-study', `${name}.json`), compactJson(results));
}
