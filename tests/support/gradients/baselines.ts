/** The baselines' loss: squared errors of scores; and batch norms in training. */

import { weightedSquaredError } from '../../../src/training/losses.ts';
import { shapeOf, tensorValues } from '../caseFiles.ts';
import type { GradientFolder } from './folder.ts';
import type { GradientTask } from './task.ts';

/** Share of the new statistics in the running ones. */
const MOMENTUM = 0.1;

/** `batchnorm_train`: norms by the batch's own statistics, which move the running ones. */
export function baselineTask({ model, cases }: GradientFolder, block: string): GradientTask {
  const { channels } = model.card;
  const [contexts, width] = shapeOf(cases, 'inputs.context') as [number, number];
  const stored = cases.tensors.has('inputs.sequence') ? 'inputs.sequence' : 'inputs.context';
  const length = width / channels;
  const windows = { values: Float64Array.from(tensorValues(cases, stored)), contexts, length, channels };
  const target = tensorValues(cases, 'target');
  const task: GradientTask = {
    shape: { contexts, channels, length },
    feeds: { ...model.architecture.prepare(windows).feeds, target, weight: new Float32Array(contexts).fill(1) },
    loss: (g) => weightedSquaredError(g, g.outputs.get('forecast')!),
  };
  if (block === '') return task;
  const norms = [...cases.tensors.keys()].flatMap((name) => /\.running_mean\.(.*)$/.exec(name)?.[1] ?? []);
  return {
    ...task,
    shape: { ...task.shape, batchStatistics: true },
    more: {
      labels: norms.flatMap((norm) => [`${norm}.batch_mean`, `${norm}.batch_var`]),
      compare: (values, comparison) => {
        for (const norm of norms) {
          for (const [part, factor] of [
            ['mean', 1],
            ['var', contexts / (contexts - 1)],
          ] as const) {
            const before = model.weights.values(`${norm}.running_${part}`);
            const batch = values[`${norm}.batch_${part}`]!;
            const got = before.map((old, i) => old + MOMENTUM * (factor * batch[i]! - old));
            const want = tensorValues(cases, `${block}.running_${part}.${norm}`);
            const most = want.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
            comparison.array(`${block}.running_${part}.${norm}`, got, want, 1e-6 * Math.max(1, most));
          }
        }
      },
    },
  };
}
