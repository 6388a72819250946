import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNodeRuntime } from '../../../src/models/runtime/node.ts';
import { prepareFineTuning } from '../../../src/training/fineTuning/prepare.ts';
import { columnsOf } from '../../../src/training/fineTuning/quoteWindows.ts';
import { GraphTrainer } from '../../../src/training/graphTrainer.ts';
import { lossesOf } from '../../../src/training/objectives/familyLosses.ts';
import { TensorflowTrainer } from '../../../src/training/tensorflow/trainer.ts';
import { shortSettings, smallMarket } from '../../support/fineTuning.ts';
import { openGradientFolder } from '../../support/gradients/folder.ts';
import { hasTask } from '../../support/gradients/task.ts';
import { sharedFolders, sharedPresent, sharedRoot, sharedText } from '../../support/shared.ts';
import { openTensorflowInNode } from '../../support/tensorflowNode.ts';

const runtime = openNodeRuntime();
const device = await openTensorflowInNode();

describe.skipIf(!sharedPresent)('every family can be tuned on quotes by each of its losses', () => {
  const grids = smallMarket(6, 900);
  /** Kinds of losses of a point forecast differ in what comes after it alone: by both engines on the first family that has them. */
  const seen = new Set<string>();
  for (const folder of sharedFolders('golden/gradients')) {
    // Families that are not built are listed as uncovered by the reference cases.
    if (!hasTask(JSON.parse(sharedText(`golden/gradients/${folder}/meta.json`)))) continue;
    it(folder, async (context) => {
      const path = join(sharedRoot, 'golden/gradients', folder);
      const { model } = await openGradientFolder(async (file) => new Uint8Array(await readFile(join(path, file))));
      const { reads, channels } = model.architecture.shape;
      // Qlib's checkpoints do not say what they read, and some mix channels: they are refused with a sentence.
      if (reads ? !reads.features : channels > 1) {
        await expect(prepareFineTuning(model, grids, shortSettings({ batchSize: 2 }))).rejects.toMatchObject({
          problem: { code: expect.stringMatching(/^model\//) },
        });
        context.skip();
      }
      for (const loss of lossesOf(model.card.family)) {
        const settings = shortSettings({ batchSize: 2, loss, dropoutRate: 0, halfLifeSteps: 8, trainable: 'lora' });
        const prepared = await prepareFineTuning(model, grids, settings);
        const { training, objective, task, start, read } = prepared;
        const windows = training.places
          .slice(0, 2)
          .map(({ asset, tick }) => read(columnsOf(grids[asset]!), tick, objective.ahead, model.architecture.shape));
        const feeds = objective.feeds(windows);
        const graph = await GraphTrainer.create(runtime, task, start);
        const losses: number[] = [];
        for (let step = 0; step < 3; step++) losses.push((await graph.step(feeds, 1e-3)).loss);
        await graph.release();
        expect(losses.every(Number.isFinite), loss).toBe(true);
        expect(losses[2], loss).not.toBe(losses[0]);
        if (['mae', 'huber', 'quantile'].includes(loss) && seen.has(loss)) continue;
        seen.add(loss);
        const tensorflow = new TensorflowTrainer(device, task, start);
        const second = await tensorflow.loss(feeds);
        await tensorflow.release();
        expect(Math.abs(second - losses[0]!) / Math.max(1e-3, Math.abs(second)), loss).toBeLessThan(1e-3);
      }
    });
  }
});
