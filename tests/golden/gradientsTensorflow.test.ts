/**
 * Gradients that TensorFlow.js finds by itself against PyTorch's on the official code, and against the training graph's. The losses of
 * a folder that differ in what they average only are left to the training graph.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memory } from '../../src/training/tensorflow/library.ts';
import { GoldenComparison } from '../support/golden.ts';
import { compareAdamW, compareGradients } from '../support/gradientCases.ts';
import { lossSets, openGradientFolder } from '../support/gradients/folder.ts';
import { hasTask } from '../support/gradients/task.ts';
import { tensorflowEngine } from '../support/gradients/tensorflow.ts';
import { sharedFolders, sharedPresent, sharedRoot, sharedText } from '../support/shared.ts';
import { openTensorflowInNode } from '../support/tensorflowNode.ts';

const engine = tensorflowEngine(await openTensorflowInNode());

describe.skipIf(!sharedPresent)('TensorFlow.js equals PyTorch (WASM)', () => {
  for (const folder of sharedFolders('golden/gradients')) {
    const path = `golden/gradients/${folder}`;
    const meta = JSON.parse(sharedText(`${path}/meta.json`));
    // The reporter lists other folders as uncovered.
    if (!hasTask(meta)) continue;
    const open = () => openGradientFolder(async (file) => new Uint8Array(await readFile(join(sharedRoot, path, file))));

    it(`${folder}: losses and gradients, nothing left in memory`, async (context) => {
      const before = memory().numTensors;
      const comparison = new GoldenComparison(context, path, 'tensorflow');
      const opened = await open();
      for (const set of lossSets(meta).filter((name) => name === '' || name === 'variant')) {
        await compareGradients(opened, set, engine, comparison);
      }
      comparison.finish();
      expect(memory().numTensors).toBe(before);
    });

    it(`${folder}: AdamW`, async (context) => {
      const comparison = new GoldenComparison(context, path, 'tensorflow');
      await compareAdamW(await open(), engine, comparison);
      comparison.finish();
    });
  }
});
