/**
 * `npm run baselines [-- --only NAME] [--steps N] [--out DIR]`: trains the baselines that the embedded study holds pretrained models against,
 * from scratch and on the simulated market under another seed, and writes `public/checkpoints/baselines`. Each file says how it came about.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openNodeRuntime } from '../src/models/runtime/node.ts';
import { baselineIds } from '../src/training/baselineConfigs.ts';
import { baselinesFolder } from './study/defaultManifest.ts';
import { trainedBaseline } from './study/trainedBaseline.ts';

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, steps: { type: 'string' }, out: { type: 'string', default: baselinesFolder } },
});

const chosen = baselineIds.filter((id) => options.only === undefined || id === options.only);
if (chosen.length === 0) {
  console.error(`There is no baseline ${options.only}; known: ${baselineIds.join(', ')}.`);
  process.exit(2);
}
const runtime = openNodeRuntime();
for (const id of chosen) {
  const { files, summary } = await trainedBaseline(
    id,
    runtime,
    options.steps === undefined ? undefined : Number(options.steps),
  );
  const folder = join(options.out, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), files.configJson);
  writeFileSync(join(folder, 'model.safetensors'), files.weights);
  console.log(`${id}: ${summary}; ${files.weights.length} bytes written to ${folder}`);
}
// The WASM threads would keep the process alive.
process.exit(0);
