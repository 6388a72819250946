/** Training-step graphs against PyTorch's gradients and AdamW on the official code, on WASM. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openArchitecture } from '../../src/models/registry.ts';
import { openNodeRuntime } from '../../src/models/runtime/node.ts';
import { GoldenComparison } from '../support/golden.ts';
import { compareAdamW, compareGradients, openGradientFolder } from '../support/gradientCases.ts';
import { sharedFolders, sharedPresent, sharedRoot, sharedText } from '../support/shared.ts';

const runtime = openNodeRuntime();

/** Folders of families that are built; the reporter lists the others as uncovered. */
function isBuilt(path: string): boolean {
  const { config } = JSON.parse(sharedText(`${path}/meta.json`)) as { config: string };
  try {
    openArchitecture(sharedText(join(path, config)), path);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!sharedPresent)('training steps equal PyTorch (WASM)', () => {
  for (const folder of sharedFolders('golden/gradients')) {
    const path = `golden/gradients/${folder}`;
    if (!isBuilt(path)) continue;
    const open = () => openGradientFolder(async (file) => new Uint8Array(await readFile(join(sharedRoot, path, file))));

    for (const set of ['', 'variant', 'normalised'] as const) {
      it(`${folder}: loss and gradients${set && ` (${set})`}`, async (context) => {
        const comparison = new GoldenComparison(context, path, 'wasm');
        await compareGradients(await open(), set, runtime, comparison);
        comparison.finish();
      });
    }

    it(`${folder}: AdamW`, async (context) => {
      const comparison = new GoldenComparison(context, path, 'wasm');
      await compareAdamW(await open(), runtime, comparison);
      comparison.finish();
    });
  }
});
