/** Losses of the Chronos families: cross-entropy of tokens, and quantiles of scaled targets. */

import { parseBoltConfig } from '../../../src/models/families/chronosBolt/config.ts';
import { prepareBolt } from '../../../src/models/families/chronosBolt/forecast.ts';
import { crossEntropy, quantileError } from '../../../src/training/losses.ts';
import { integerValues, rowsOfCase, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GradientFolder } from './folder.ts';
import type { GradientTask } from './task.ts';

/** Labels below 0 do not count. */
export function chronosTask({ cases }: GradientFolder): GradientTask {
  const ids = (name: string): Int32Array => Int32Array.from(integerValues(cases, `inputs.${name}`));
  const [contexts, steps] = shapeOf(cases, 'inputs.labels') as [number, number];
  const labels = ids('labels');
  const counted = labels.filter((label) => label >= 0).length;
  return {
    shape: { contexts, channels: 1, length: shapeOf(cases, 'inputs.context')[1]!, part: 'teach', steps },
    feeds: {
      tokens: ids('token_ids'),
      open: Float32Array.from(ids('attention_mask')),
      given: ids('decoder_input_ids'),
      labels: labels.map((label) => Math.max(label, 0)),
      weight: Float32Array.from(labels, (label) => (label >= 0 ? 1 / counted : 0)),
    },
    loss: (g) => crossEntropy(g, g.labels.get('logits')!),
  };
}

/**
 * Twice the quantile error, averaged over series and levels and summed over steps, as the official code computes it; missing
 * targets count as 0.
 */
export function boltTask({ cases, configJson }: GradientFolder): GradientTask {
  const config = parseBoltConfig(JSON.parse(configJson), 'config.json');
  const series = rowsOfCase(cases, 'inputs');
  const [contexts, length] = shapeOf(cases, 'inputs.context') as [number, number];
  const values = Float64Array.from(series.flatMap((one) => [...one]));
  const { feeds, scaling } = prepareBolt(config, { values, contexts, length, channels: 1 });
  const official = tensorValues(cases, 'target');
  const { horizon, quantiles } = config;
  const row = (i: number): number => Math.floor(i / horizon);
  return {
    shape: { contexts, channels: 1 },
    feeds: {
      ...feeds,
      target: Float32Array.from(official, (value, i) =>
        Number.isNaN(value) ? 0 : (value - scaling.loc[row(i)]!) / scaling.scale[row(i)]!,
      ),
      observed: Float32Array.from(official, (value) => (Number.isNaN(value) ? 0 : 1)),
    },
    loss: (g) => {
      const head = g.labels.get('head')!;
      const table = g.reshape(head, [head.shape[0]!, contexts, quantiles.length, horizon]);
      const [target, observed] = ['target', 'observed'].map((name) => g.input(name, [1, contexts, 1, horizon]));
      const error = g.mul(quantileError(g, table, target!, quantiles), observed!);
      return g.mul(g.reduceMean(error), g.scalar(2 * horizon));
    },
  };
}
