/** Training-step graphs against PyTorch's gradients and AdamW on the official code, on WASM. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { GoldenComparison } from '../support/golden.ts';
import { compareAdamW, compareGradients } from '../support/gradientCases.ts';
import { graphEngine } from '../support/gradients/engines.ts';
import { lossSets, openGradientFolder } from '../support/gradients/folder.ts';
import { hasTask } from '../support/gradients/task.ts';
import { sharedFolders, sharedPresent, sharedRoot, sharedText } from '../support/shared.ts';

const engine = graphEngine(openNodeRuntime());

describe.skipIf(!sharedPresent)('training steps equal PyTorch (WASM)', () => {
  for (const folder of sharedFolders('golden/gradients')) {
    const path = `golden/gradients/${folder}`;
    const meta = JSON.parse(sharedText(`${path}/meta.json`));
    // The reporter lists other folders as uncovered.
    if (!hasTask(meta)) continue;
    const losses = lossSets(meta);
    const open = () => openGradientFolder(async (file) => new Uint8Array(await readFile(join(sharedRoot, path, file))));

    for (const set of losses) {
      it(`${folder}: loss and gradients${set && ` (${set})`}`, async (context) => {
        const comparison = new GoldenComparison(context, path, 'wasm');
        await compareGradients(await open(), set, engine, comparison);
        comparison.finish();
      });
    }

    it(`${folder}: AdamW`, async (context) => {
      const comparison = new GoldenComparison(context, path, 'wasm');
      await compareAdamW(await open(), engine, comparison);
      comparison.finish();
    });
  }
});
