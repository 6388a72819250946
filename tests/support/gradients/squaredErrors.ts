/** Squared errors of one pass: TTM, TimesFM of the repositories, Timer. */

import { weightedSquaredError } from '../../../src/training/losses.ts';
import { integerValues, shapeOf, tensorValues } from '../caseFiles.ts';
import type { GradientFolder } from './folder.ts';
import type { GradientTask } from './task.ts';

/** The error of an output or label, before un-scaling (`scaled`) or in the series' units. */
export function forecastTask({ model, cases, meta }: GradientFolder, output: string, scaled: boolean): GradientTask {
  const [contexts, length, channels = 1] = shapeOf(cases, 'inputs.context') as [number, number, number?];
  const values = Float64Array.from(tensorValues(cases, 'inputs.context'));
  const observed = paddingOf(cases);
  const prepared = model.architecture.prepare({ values, contexts, length, channels, ...(observed && { observed }) });
  const { scaling } = prepared;
  const named = ['inputs.freq', 'inputs.freq_token'].find((name) => cases.tensors.has(name));
  const frequency = named ? { frequency: Int32Array.from(integerValues(cases, named)) } : {};
  const [, steps, kept = 1] = shapeOf(cases, 'target') as [number, number, number?];
  // Un-scaling the forecasts 0 and 1 gives each channel's loc and loc + scale.
  const size = contexts * kept * steps;
  const zeros = model.architecture.finish(new Float32Array(size), scaling);
  const ones = model.architecture.finish(new Float32Array(size).fill(1), scaling);
  const official = tensorValues(cases, 'target');
  const target = new Float32Array(size);
  const weight = new Float32Array(contexts * kept);
  for (let n = 0; n < contexts; n++) {
    for (let c = 0; c < kept; c++) {
      for (let h = 0; h < steps; h++) {
        const at = (n * steps + h) * kept + c;
        const scale = ones[at]! - zeros[at]!;
        target[(n * kept + c) * steps + h] = (official[at]! - zeros[at]!) / scale;
        weight[n * kept + c] = scaled ? 1 : scale * scale;
      }
    }
  }
  return {
    // TimesFM 2.5 prepares contexts of any length as ones of the checkpoint's; the others read what they are given.
    shape: { contexts, channels, ...(meta.family !== 'timesfm-2.5' && { length }) },
    feeds: { ...prepared.feeds, ...frequency, target, weight },
    loss: (g) => weightedSquaredError(g, g.labels.get(output) ?? g.outputs.get(output)!),
  };
}

/** Repository: the forecast. Hub: every token's forecast of the next one, or (`last`) the last token's. */
export function timerTask(folder: GradientFolder, block: string): GradientTask {
  const { cases, meta } = folder;
  if (!cases.tensors.has('inputs.labels')) return forecastTask(folder, 'forecast', block === 'normalised');
  const last = forecastTask(folder, 'forecast', true);
  if (block === 'last') return last;
  if (block !== '') throw new Error(`${meta.case} has an unknown loss ${block}`);
  const [contexts, length] = shapeOf(cases, 'inputs.labels') as [number, number];
  return {
    shape: last.shape,
    feeds: { ...last.feeds, target: tensorValues(cases, 'inputs.labels'), weight: new Float32Array(contexts).fill(1) },
    loss: (g) => {
      const tokens = g.labels.get('head.all_tokens')!;
      return weightedSquaredError(g, g.reshape(tokens, [tokens.shape[0]!, contexts, 1, length]));
    },
  };
}

/** 1 where observed, from the padding some families' inputs come with. */
function paddingOf(cases: GradientFolder['cases']): Uint8Array | undefined {
  if (cases.tensors.has('inputs.padding'))
    return Uint8Array.from(tensorValues(cases, 'inputs.padding'), (flag) => 1 - flag);
  if (cases.tensors.has('inputs.mask')) return Uint8Array.from(integerValues(cases, 'inputs.mask'), (flag) => 1 - flag);
  return undefined;
}
